import type { Measured } from './jobRequest';

/** From this step on a configuration is judged. */
const leastStep = 100;
/** How much worse than the best at the same step, in nats per character: more than the rest of a training wins back. */
const margin = 0.3;

/**
 * Which configurations of a sweep are given up: those that are far worse than another one was at the same step or before, twice in
 * a row. The best is never among them.
 * @param measured in the order of their arrival
 */
export function hopelessOf(measured: readonly Measured[]): string[] {
  const names = [...new Set(measured.map(({ name }) => name))];
  return names.filter((name) => {
    const own = measured.filter((entry) => entry.name === name && entry.step >= leastStep).slice(-2);
    return own.length === 2 && own.every((entry) => isFarBehind(entry, measured));
  });
}

function isFarBehind({ name, step, nats }: Measured, measured: readonly Measured[]): boolean {
  return measured.some((other) => other.name !== name && other.step <= step && other.nats < nats - margin);
}
