import type { SlipKind } from './slip';

/** What ranks the lines of a file: the higher a line's number, the odder. */
export interface Rankings {
  readonly measure: number;
  readonly surprisal: number;
  readonly length: number;
  /** How many messages the language's own tool has of the line that it did not have before the slip; NaN: it cannot be had. */
  readonly diagnostics: number;
}
export const rankingNames = [
  'measure',
  'surprisal',
  'length',
  'diagnostics',
] as const satisfies readonly (keyof Rankings)[];

/** Where the line of a slip stands among the code lines of its file. */
export interface SlipRank {
  readonly kind: SlipKind;
  /** Code lines of the file. */
  readonly lines: number;
  /** From 1; those that rank alike share the middle one of their ranks. */
  readonly rank: Rankings;
}

export function rankOf(slip: Rankings, others: readonly Rankings[]): Rankings {
  const rank = (name: keyof Rankings): number => {
    const higher = others.filter((line) => line[name] > slip[name]).length;
    const alike = others.filter((line) => line[name] === slip[name]).length;
    return 1 + higher + alike / 2;
  };
  return {
    ...{ measure: rank('measure'), surprisal: rank('surprisal'), length: rank('length') },
    diagnostics: Number.isNaN(slip.diagnostics) ? NaN : rank('diagnostics'),
  };
}

/** How many of a file's lines are its first 5 %: one at least. */
export function firstLines(lines: number): number {
  return Math.max(1, Math.ceil(lines / 20));
}

/** Shares of slips whose line is among the first 5 % of its file, and the first one; NaN where nothing ranks them. */
export function sharesOf(slips: readonly SlipRank[], name: keyof Rankings): { first5: number; first: number } {
  const known = slips.filter(({ rank }) => !Number.isNaN(rank[name]));
  const share = (isHit: (slip: SlipRank) => boolean): number => known.filter(isHit).length / known.length;
  return {
    first5: share(({ rank, lines }) => rank[name] <= firstLines(lines)),
    first: share(({ rank }) => rank[name] === 1),
  };
}

/** What drawing lots would give. */
export function chanceShares(slips: readonly SlipRank[]): { first5: number; first: number } {
  const mean = (of: (slip: SlipRank) => number): number =>
    slips.reduce((sum, slip) => sum + of(slip), 0) / slips.length;
  return { first5: mean(({ lines }) => firstLines(lines) / lines), first: mean(({ lines }) => 1 / lines) };
}
