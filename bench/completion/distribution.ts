import type { CompletionTiming } from '../../src/protocol/engine';

const quantiles = [0.5, 0.95, 0.99] as const;

/** p50, p95 and p99 of durations, in milliseconds. */
export function distribution(milliseconds: readonly number[]): string {
  const sorted = [...milliseconds].sort((a, b) => a - b);
  const at = (quantile: number): string =>
    (sorted[Math.min(sorted.length - 1, Math.floor(quantile * sorted.length))] ?? NaN).toFixed(1).padStart(7);
  return quantiles.map((quantile) => `p${100 * quantile} ${at(quantile)}`).join('  ');
}

/** Prints where the time of completions went. */
export function printTimings(name: string, timings: readonly CompletionTiming[]): void {
  const rest = ({ totalMs, prefixMs, networkMs, memoryMs }: CompletionTiming): number =>
    totalMs - prefixMs - networkMs - memoryMs;
  const mean = timings.reduce((sum, { characters }) => sum + characters, 0) / timings.length;
  console.log(`${name}: ${timings.length} completions, ${mean.toFixed(1)} characters drawn on average, ms:`);
  const parts: [string, (timing: CompletionTiming) => number][] = [
    ['in the engine', ({ totalMs }) => totalMs],
    ['  of the processor', ({ processorMs }) => processorMs],
    ['  prefix', ({ prefixMs }) => prefixMs],
    ['  network', ({ networkMs }) => networkMs],
    ['  memory', ({ memoryMs }) => memoryMs],
    ['  rest', rest],
  ];
  for (const [part, of] of parts) console.log(`  ${part.padEnd(28)}${distribution(timings.map(of))}`);
}
