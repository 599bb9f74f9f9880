import { allFinite } from '../../core/finite';
import { outerStep, type RoundSettings } from '../../core/roundSettings';
import type { Weights } from '../../core/parameters';
import { averageStep } from '../optimizers/averaging';
import type { Common, TrainingSnapshot } from '../state/snapshot';

/** How a training meets those of the same model on other machines. */
export interface RoundOptions extends RoundSettings {
  /**
   * @param round its number; the first one is 1
   * @param difference weights before it less weights after it, of this machine
   * @returns the mean difference of all machines
   */
  meet(round: number, difference: Float32Array): Promise<Float32Array>;
}

/** The rounds of a training on several machines. */
export interface Rounds {
  /** What all machines have in common since the last round, and nothing that one of them has alone. */
  readonly weights: Weights;
  /** Of these weights after the last rounds. */
  readonly average: Weights;
  /** Step at which the last round ended. */
  lastStep(): number;
  /** Whether this machine has done its steps of the round, at this step. @param isEnd of the training: the last round may be shorter */
  isOver(step: number, isEnd: boolean): boolean;
  /**
   * Ends a round: all machines go on from the same weights.
   * @param weights of this machine alone; changed in place
   * @returns false where what it has learnt is no number; nothing is changed then
   */
  end(weights: Float32Array, step: number): Promise<boolean>;
  /** What a snapshot holds of it; the arrays are its own. */
  parts(): Pick<TrainingSnapshot, 'average'> & { readonly common: Common };
}

/** @param initial what the training begins with, or goes on from where there is no snapshot */
export function createRounds(options: RoundOptions, initial: Weights, snapshot: TrainingSnapshot | null): Rounds {
  const before = snapshot?.common;
  const weights = (before?.weights ?? initial.values).slice();
  const momentum = before?.momentum.slice() ?? new Float32Array(weights.length);
  const average = (snapshot?.average ?? initial.values).slice();
  let [round, lastStep] = [before?.round ?? 0, before?.step ?? snapshot?.step ?? 0];
  return {
    weights: { ...initial, values: weights },
    average: { ...initial, values: average },
    lastStep: () => lastStep,
    isOver: (step, isEnd) => step - lastStep >= (isEnd ? 1 : options.steps),
    async end(own, step) {
      const difference = weights.map((value, index) => value - own[index]!);
      if (!allFinite(difference)) return false;
      outerStep(weights, momentum, await options.meet(round + 1, difference), options.outer);
      own.set(weights);
      [round, lastStep] = [round + 1, step];
      averageStep(average, weights, round, 0, weights.length);
      return true;
    },
    parts: () => ({
      average: average.slice(),
      common: { round, step: lastStep, weights: weights.slice(), momentum: momentum.slice() },
    }),
  };
}
