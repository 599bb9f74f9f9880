/** How one model is trained on several machines: each trains alone for some steps, then all go on from what they learnt. */
export interface RoundSettings {
  /** This machine, from 0. */
  readonly machine: number;
  readonly machines: number;
  /** Of each machine, alone, between two meetings. */
  readonly steps: number;
  readonly outer: OuterSettings;
}

/** Of the step that all machines take together at the end of a round. */
export interface OuterSettings {
  readonly rate: number;
  readonly momentum: number;
}

/** The plain mean, by docs/scale.md. */
export const defaultOuter: OuterSettings = { rate: 1, momentum: 0 };

/** The most machines that train one model. */
export const mostMachines = 16;

/**
 * The mean of the machines' differences, weights before a round less weights after it. Always summed in their order, so that
 * whoever has all of them has the same bits.
 * @param differences of each machine, by its index; all of one length
 */
export function meanDifference(differences: readonly Float32Array[]): Float32Array {
  const [first] = differences;
  return Float32Array.from(first ?? [], (_, place) => {
    let sum = 0;
    for (const difference of differences) sum += difference[place]!;
    return sum / differences.length;
  });
}

/**
 * m ← μ m + d, w ← w - rate (d + μ m), in place: the mean difference of a round taken as a gradient by SGD with Nesterov's
 * momentum, as torch.optim.SGD has it (Douillard et al. 2023, arXiv 2311.08105).
 */
export function outerStep(
  weights: Float32Array,
  momentum: Float32Array,
  difference: Float32Array,
  settings: OuterSettings,
): void {
  for (let place = 0; place < weights.length; place++) {
    const change = difference[place]!;
    const mean = Math.fround(settings.momentum * momentum[place]! + change);
    momentum[place] = mean;
    weights[place] = weights[place]! - settings.rate * (change + settings.momentum * mean);
  }
}
