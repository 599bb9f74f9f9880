/** The text as the chapters read it: letters in lower case, one blank for every run of anything else; its beginning. */
export function normalizeText(text: string, length: number): string {
  return text
    .replaceAll(/[^A-Za-z]+/g, ' ')
    .toLowerCase()
    .slice(0, length);
}
