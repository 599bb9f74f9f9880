import type { Streams } from '../plan/batches';
import type { TrainingConfiguration } from '../../core/configuration';
import type { Weights } from '../../core/parameters';
import type { Window } from '../plan/window';
import { averageStep } from '../optimizers/averaging';
import { createLocalMeasurer, type Measurer } from '../measuring/measuring';
import { replaceRows, rowsOf, zeroState, type Gradient, type State } from '../gradient/gradient';
import { clipGradient } from '../optimizers/clipping';
import type { Orthogonalize } from '../optimizers/newtonSchulz';
import { createOptimizer } from '../optimizers/optimizer';

/** One step of training. */
export interface Step {
  /** Of these streams of the batch; the state of the others stays as it is. */
  readonly window: Window;
  readonly streams: Streams;
  readonly learningRate: number;
  /** Number of this update; the first one is 1. */
  readonly update: number;
  /** A whole number that names the units to drop; null: none are. */
  readonly dropoutSeed: number | null;
}

export interface StepLoss {
  /** Mean over the window. */
  readonly nats: number;
  /** Before clipping. */
  readonly gradientNorm: number;
}

/** What steps leave beside the weights, laid out as these. */
export interface Carried {
  readonly moments: readonly Float32Array[];
  /** Of the weights after the last steps (averaging.ts). */
  readonly average: Float32Array;
}

/** What holds weights, moments and state, and changes them step by step. */
export interface Stepper extends Carried {
  /** For the log. */
  readonly name: string;
  /** The same threads, between steps. */
  readonly measurer: Measurer;
  /** Flat; changed in place while a step runs, and between steps by whoever ends a round. */
  readonly weights: Float32Array;
  /** Of the network, after the last step. */
  state(): State;
  setState(state: State): void;
  /**
   * Updates the weights; leaves them as they were where loss or gradient are not finite.
   * @throws UserError where a thread is lost; the weights may then be of no use
   */
  step(step: Step): Promise<StepLoss>;
  dispose(): Promise<void>;
}

/** Steps on this thread, which they block. @param carried to go on with */
export function createLocalStepper(
  gradient: Gradient,
  configuration: TrainingConfiguration,
  initial: Weights,
  batch: number,
  orthogonalize: Orthogonalize,
  carried: Carried | undefined,
): Stepper {
  const weights = initial.values.slice();
  const out = new Float32Array(initial.layout.length);
  const average = (carried?.average ?? weights).slice();
  const optimizer = createOptimizer(configuration, initial, orthogonalize, carried?.moments);
  const { hidden } = initial.model;
  let state = zeroState(initial.model, batch);
  const step = ({ window, streams, learningRate, update, dropoutSeed }: Step): StepLoss => {
    const result = gradient.compute(weights, window, rowsOf(state, hidden, streams), dropoutSeed, out);
    const gradientNorm = clipGradient(out, configuration.clip);
    if (Number.isFinite(result.nats) && Number.isFinite(gradientNorm)) {
      optimizer.apply(weights, out, learningRate, update);
      averageStep(average, weights, update, 0, weights.length);
      state = replaceRows(state, hidden, streams, result.state);
    }
    return { nats: result.nats, gradientNorm };
  };
  return {
    name: `one thread, ${gradient.name} gradient`,
    measurer: createLocalMeasurer(gradient, initial.model),
    weights,
    average,
    moments: optimizer.moments,
    state: () => state,
    setState: (next) => {
      state = next;
    },
    step: async (next) => Promise.resolve(step(next)),
    dispose: () => Promise.resolve(),
  };
}
