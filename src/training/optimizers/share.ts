/** The part of some work that one of `count` equal workers does. */
export interface Share {
  readonly index: number;
  readonly count: number;
}

export const whole: Share = { index: 0, count: 1 };

/** Values of a cache line: no two workers write to the same one. */
const lineLength = 16;

/** The share's part of the range [offset, offset + size), which starts on a cache line: its start and end. */
export function rangeOf({ index, count }: Share, offset: number, size: number): [start: number, end: number] {
  const lines = Math.ceil(size / lineLength);
  const at = (part: number): number => offset + Math.min(size, Math.floor((lines * part) / count) * lineLength);
  return [at(index), at(index + 1)];
}
