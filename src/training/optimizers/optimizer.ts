import {
  defaultLearningRates,
  type OptimizerName,
  type ModelConfiguration,
  type TrainingConfiguration,
} from '../../core/configuration';
import type { Parameter, ParameterLayout } from '../../core/parameters';
import { adamStep } from './adam';
import { gateMatrices, otherParameters } from './gateMatrices';
import { matrixUpdates } from './muon';
import type { Orthogonalize } from './newtonSchulz';
import { sgdStep } from './sgd';
import { rangeOf, whole, type Share } from './share';

export interface Optimizer {
  /** What it remembers, laid out as the parameters; belongs into a checkpoint. */
  readonly moments: readonly Float32Array[];
  /**
   * Updates the parameters in place.
   * @param rate learning rate of this update: the configured one times the schedule
   * @param update number of this update; the first one is 1
   */
  apply(parameters: Float32Array, gradient: Float32Array, rate: number, update: number): void;
}

export type OptimizerSettings = Pick<TrainingConfiguration, 'optimizer' | 'learningRate' | 'weightDecay'>;

interface Trained {
  readonly model: ModelConfiguration;
  readonly layout: ParameterLayout;
}

/** Muon's are the momentum of its matrices and Adam's first for the rest; Adam's second for the rest. */
const momentCounts: Readonly<Record<OptimizerName, number>> = { sgd: 0, adam: 2, muon: 2 };

/**
 * @param orthogonalize the matrix products of Muon
 * @param moments to go on with; none: zeros
 */
export function createOptimizer(
  settings: OptimizerSettings,
  trained: Trained,
  orthogonalize: Orthogonalize,
  moments: readonly Float32Array[] = [],
): Optimizer {
  const own = createMoments(settings.optimizer, trained.layout.length, moments);
  return { moments: own, apply: createUpdate(settings, trained, orthogonalize, own) };
}

/** Copies of the moments to go on with, or zeros. */
export function createMoments(
  name: OptimizerName,
  length: number,
  moments: readonly Float32Array[] = [],
): Float32Array[] {
  return Array.from({ length: momentCounts[name] }, (_, index) =>
    Float32Array.from(moments[index] ?? new Float32Array(length)),
  );
}

/**
 * The update of a share of the parameters, by moments that it changes in place. The shares together update each parameter
 * once; they read nothing of one another but the gradient.
 */
export function createUpdate(
  settings: OptimizerSettings,
  trained: Trained,
  orthogonalize: Orthogonalize,
  moments: readonly Float32Array[],
  share = whole,
): Optimizer['apply'] {
  return updates[settings.optimizer](settings, trained, moments, orthogonalize, share);
}

type CreateApply = (
  settings: OptimizerSettings,
  trained: Trained,
  moments: readonly Float32Array[],
  orthogonalize: Orthogonalize,
  share: Share,
) => Optimizer['apply'];

const updates: Readonly<Record<OptimizerName, CreateApply>> = {
  sgd:
    (_, { layout }, _moments, _orthogonalize, share) =>
    (parameters, gradient, rate) =>
      sgdStep(parameters, gradient, rate, ...rangeOf(share, 0, layout.length)),
  adam: ({ weightDecay }, { layout }, moments, _, share) => adamUpdate(layout.parameters, weightDecay, moments, share),
  muon: muonUpdate,
};

/** @param weightDecay of the matrices; biases have none */
function adamUpdate(
  parameterList: readonly Parameter[],
  weightDecay: number,
  moments: readonly Float32Array[],
  share: Share,
): Optimizer['apply'] {
  const [first, second] = moments as [Float32Array, Float32Array];
  return (parameters, gradient, rate, update) => {
    for (const { offset, size, shape } of parameterList) {
      const settings = { rate, update, weightDecay: shape.length > 1 ? weightDecay : 0 };
      adamStep(parameters, gradient, first, second, settings, ...rangeOf(share, offset, size));
    }
  };
}

/** Muon with its weight decay for the gates' matrices; Adam at its own default rate, without one, for the rest. */
function muonUpdate(
  { learningRate, weightDecay }: OptimizerSettings,
  { layout, model }: Trained,
  moments: readonly Float32Array[],
  orthogonalize: Orthogonalize,
  share: Share,
): Optimizer['apply'] {
  const own = gateMatrices(layout, model).filter((_, index) => index % share.count === share.index);
  const matrices = matrixUpdates(own, orthogonalize);
  const others = adamUpdate(otherParameters(layout, model), 0, moments, share);
  const adamShare = learningRate > 0 ? defaultLearningRates.adam / learningRate : 0;
  return (parameters, gradient, rate, update) => {
    for (const apply of matrices) apply(parameters, gradient, moments[0]!, { rate, weightDecay });
    others(parameters, gradient, rate * adamShare, update);
  };
}
