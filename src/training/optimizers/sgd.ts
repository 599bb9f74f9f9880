/** w ← w - rate · g over the range [start, end) of the flat arrays, in place. */
export function sgdStep(
  parameters: Float32Array,
  gradient: Float32Array,
  rate: number,
  start: number,
  end: number,
): void {
  for (let index = start; index < end; index++) parameters[index]! -= rate * gradient[index]!;
}
