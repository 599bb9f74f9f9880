/** What is compared: the memory alone, or a network that was trained from a start for some minutes, with the memory. */
export type Column =
  | { readonly name: string; readonly start: 'memory' }
  | { readonly name: string; readonly start: 'base' | 'none'; readonly minutes: number };

/**
 * @param text for instance `memory,base:0,none:3,base:3`; `base:0` is the base model before any training
 * @throws where it names something else
 */
export function parseColumns(text: string): Column[] {
  return text.split(',').map((name) => {
    if (name === 'memory') return { name, start: name };
    const [, start, minutes] = /^(base|none):(\d+(?:\.\d+)?)$/.exec(name) ?? [];
    if ((start === 'base' || start === 'none') && (start === 'base' || Number(minutes) > 0)) {
      return { name, start, minutes: Number(minutes) };
    }
    throw new Error(`A column is memory, base:MINUTES or none:MINUTES, not '${name}'.`);
  });
}

/** What others are compared with: the first one from random weights, or else the first one. */
export function referenceOf<Of extends Pick<Column, 'start'>>(columns: readonly Of[]): Of {
  return columns.find(({ start }) => start === 'none') ?? columns[0]!;
}
