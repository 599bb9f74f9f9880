import type { TrainingBudget } from '../../core/configuration';
import { allFinite } from '../../core/finite';
import { layoutOf, type Weights } from '../../core/parameters';
import { createVocabulary, type Vocabulary } from '../../text/vocabulary';
import { growValues, growWeights } from './growWeights';
import type { State } from '../gradient/gradient';

/** A stretch of training under one schedule: what was asked for, and where it began. */
export interface Leg {
  readonly budget: TrainingBudget;
  readonly startStep: number;
  /** With the part of the epoch that had been read. */
  readonly startEpochs: number;
  /** Whether it goes on with a model that an earlier leg had trained. */
  readonly continued: boolean;
}

/** The best weights so far by the fixed validation sample. */
export interface Best {
  readonly weights: Weights;
  readonly nats: number;
  readonly step: number;
}

/** What the machines that train one model had in common when the last round ended. */
export interface Common {
  /** Rounds that have ended. */
  readonly round: number;
  /** Of each machine, when it did. */
  readonly step: number;
  readonly weights: Float32Array;
  /** Of the outer step, laid out as the weights. */
  readonly momentum: Float32Array;
}

/** All that is needed to go on as if training had never stopped. */
export interface TrainingSnapshot {
  readonly step: number;
  /** Seconds and characters trained so far. */
  readonly seconds: number;
  readonly characters: number;
  readonly epoch: number;
  /** Window within the epoch that comes next, and the first stream of it that was not read. */
  readonly window: number;
  readonly stream: number;
  /** State of every random generator by name. */
  readonly random: Readonly<Record<string, readonly number[]>>;
  readonly leg: Leg;
  readonly codePoints: readonly number[];
  readonly weights: Weights;
  /** Of the optimizer, laid out as the weights. */
  readonly moments: readonly Float32Array[];
  /** Of the weights, laid out as they are; where several machines train, of what they have in common. */
  readonly average: Float32Array;
  /** Null: this machine trains alone. */
  readonly common: Common | null;
  /** Of the network, carried from window to window. */
  readonly state: State;
  readonly best: Best;
}

/** Whether it holds nothing that training cannot go on from: after a loss that is no number, weights may be none. */
export function isFiniteSnapshot({ weights, average, moments, state, best, common }: TrainingSnapshot): boolean {
  const shared = common === null ? [] : [common.weights, common.momentum];
  return [weights.values, average, best.weights.values, ...moments, ...state, ...shared].every(allFinite);
}

/** A snapshot for a vocabulary that has grown since; the snapshot itself where it has not. */
export function growSnapshot(snapshot: TrainingSnapshot, to: Vocabulary): TrainingSnapshot {
  const from = createVocabulary(snapshot.codePoints);
  if (from.size === to.size && from.codePoints.every((codePoint, index) => codePoint === to.codePoints[index])) {
    return snapshot;
  }
  const { model } = snapshot.weights;
  const grow = (values: Float32Array, fresh: 'other' | 'zeros') => growValues(model, values, from, to, fresh);
  const { common } = snapshot;
  return {
    ...snapshot,
    codePoints: to.codePoints,
    weights: growWeights(snapshot.weights, from, to),
    average: grow(snapshot.average, 'other'),
    moments: snapshot.moments.map((values) => grow(values, 'zeros')),
    common: common && {
      ...common,
      weights: grow(common.weights, 'other'),
      momentum: grow(common.momentum, 'zeros'),
    },
    best: { ...snapshot.best, weights: growWeights(snapshot.best.weights, from, to) },
  };
}

/** Weights of a model for so many code points from their flat array; throws where its length is another one. */
export function weightsFrom(model: Weights['model'], vocabularySize: number, values: Float32Array): Weights {
  const layout = layoutOf(model, vocabularySize);
  if (values.length !== layout.length) throw new Error(`A model of ${layout.length} values, not ${values.length}.`);
  return { model, vocabularySize, layout, values };
}
