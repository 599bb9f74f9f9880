const ofName = /^[\p{L}\p{N}_$]$/u;
const begun = /[\p{L}\p{N}_$]*$/u;

/** Whether a character may stand in a name, in most languages. */
export function isOfName(character: string): boolean {
  return ofName.test(character);
}

/** What is written of the name at the end of a text; empty where none has begun. */
export function begunName(before: string): string {
  return begun.exec(before)![0];
}
