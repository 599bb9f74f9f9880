/**
 * How the editor backs off from somebody who does not want what it offers.
 *
 * Every rejection adds 1 to a pressure, which halves every {@link halfLifeMs}; an acceptance takes it to a quarter, a
 * partial one to a half. Above {@link tolerated} each further unit takes a tenth of the doubt that a suggestion may leave,
 * {@link mostSteps} times at most. So with a minimum of 0.5 nothing changes at first, later 0.78 is asked for; it is never
 * silent for good, and a few minutes or two acceptances bring it back.
 */
export interface BackOff {
  readonly pressure: number;
  /** When the pressure was that, by a clock that only goes forwards. */
  readonly atMs: number;
}

export const noBackOff: BackOff = { pressure: 0, atMs: 0 };

const halfLifeMs = 180_000;
const tolerated = 3;
const keptDoubt = 0.9;
const mostSteps = 8;
const keptPressure = { accepted: 0.25, partly: 0.5 } as const;

/** The pressure at a moment. */
function pressureAt({ pressure, atMs }: BackOff, nowMs: number): number {
  return pressure * 2 ** (-Math.max(0, nowMs - atMs) / halfLifeMs);
}

export function afterRejection(backOff: BackOff, nowMs: number): BackOff {
  return { pressure: Math.min(pressureAt(backOff, nowMs) + 1, tolerated + mostSteps), atMs: nowMs };
}

export function afterAcceptance(backOff: BackOff, nowMs: number, how: keyof typeof keptPressure): BackOff {
  return { pressure: pressureAt(backOff, nowMs) * keptPressure[how], atMs: nowMs };
}

/** The confidence to ask for, where `minimum` is the setting. Both between 0 and 1. */
export function raisedMinimum(minimum: number, backOff: BackOff, nowMs: number): number {
  const steps = Math.min(Math.max(0, pressureAt(backOff, nowMs) - tolerated), mostSteps);
  return 1 - (1 - minimum) * keptDoubt ** steps;
}
