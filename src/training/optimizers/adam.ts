export interface AdamSettings {
  readonly rate: number;
  /** Share of `rate · weight` taken off the weight itself, apart from the gradient. */
  readonly weightDecay: number;
  /** Number of this update; the first one is 1. */
  readonly update: number;
}

const beta1 = 0.9;
const beta2 = 0.999;
const epsilon = 1e-8;

/**
 * Adam (Kingma and Ba 2015, algorithm 1) with decoupled weight decay (Loshchilov and Hutter 2019) over the range
 * [start, end) of the flat arrays, in place.
 * @param first running mean of the gradient
 * @param second running mean of its square
 */
export function adamStep(
  parameters: Float32Array,
  gradient: Float32Array,
  first: Float32Array,
  second: Float32Array,
  { rate, weightDecay, update }: AdamSettings,
  start: number,
  end: number,
): void {
  const correctedRate = rate / (1 - beta1 ** update);
  const secondCorrection = 1 / (1 - beta2 ** update);
  const kept = 1 - rate * weightDecay;
  for (let index = start; index < end; index++) {
    const slope = gradient[index]!;
    const mean = beta1 * first[index]! + (1 - beta1) * slope;
    const square = beta2 * second[index]! + (1 - beta2) * slope * slope;
    first[index] = mean;
    second[index] = square;
    const change = (correctedRate * mean) / (Math.sqrt(square * secondCorrection) + epsilon);
    parameters[index] = parameters[index]! * kept - change;
  }
}
