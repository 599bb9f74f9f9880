/** Kinds of slips that are made in code: what people do when they copy, rename and hurry. */
export const slipKinds = [
  'variable',
  'property',
  'arguments',
  'comparison',
  'literal',
  'missing',
  'key',
  'copy',
] as const;
export type SlipKind = (typeof slipKinds)[number];

/** One change of a text that a slip makes; the text still parses. */
export interface Slip {
  readonly kind: SlipKind;
  /** UTF-16 units of the text that are replaced. */
  readonly start: number;
  readonly end: number;
  readonly replacement: string;
  /** Where in the changed text the slip stands: its line is the one to find. */
  readonly at: number;
}

/** What could go wrong in a text: every place with all that might stand there instead. */
export interface SlipPlace {
  readonly kind: SlipKind;
  readonly start: number;
  readonly end: number;
  readonly choices: readonly string[];
}

export function applySlip(text: string, { start, end, replacement }: Slip): string {
  return text.slice(0, start) + replacement + text.slice(end);
}
