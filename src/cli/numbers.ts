import { UsageError, type Arguments } from './command';

/** @throws UsageError where the option is a number out of its limits */
export function numberFrom(input: Arguments, name: string, fallback: number, least: number, most: number): number {
  const value = input.number(name) ?? fallback;
  if (value >= least && value <= most) return value;
  throw new UsageError(`--${name} takes a number from ${least} to ${most}.`);
}

/** @throws UsageError where the option is no whole number, or out of its limits */
export function wholeNumberFrom(
  input: Arguments,
  name: string,
  fallback: number | undefined,
  least: number,
  most: number,
): number {
  const value = input.number(name) ?? fallback;
  if (value !== undefined && Number.isInteger(value) && value >= least && value <= most) return value;
  throw new UsageError(`--${name} takes a whole number from ${least} to ${most}.`);
}

/** Largest seed that every part of Recur takes. */
export const largestSeed = 2_147_483_647;
