import type { TrainingBudget } from '../../core/configuration';

/** What a run has used up of its budget. */
export interface Spent {
  readonly minutes: number;
  readonly steps: number;
  /** With the part of the running epoch. */
  readonly epochs: number;
}

/** The share of the budget that is used up: of the limit nearest to its end; 1 or more: it is reached. */
export function budgetShare(budget: TrainingBudget, spent: Spent): number {
  const kinds = ['minutes', 'steps', 'epochs'] as const;
  return kinds.reduce((share, kind) => {
    const limit = budget[kind];
    return limit === undefined ? share : Math.max(share, limit > 0 ? spent[kind] / limit : 1);
  }, 0);
}

/** A measurement on the validation sample. */
export interface SampleMeasurement {
  readonly step: number;
  readonly nats: number;
}

/** Measurements in a row that must be worse. */
const patience = 6;
/** In nats, far above what the sample's noise explains. */
const margin = 0.1;
/** What the full rate may cost weights that were trained before, until it falls: the base model loses 0.17 nats at 0.03. */
const costOfRate = 0.2;

/** How much worse than the best measurement is too much, in nats. @param rateShare of the full learning rate, 0 to 1 */
export function overfittingMargin(hadGoodWeights: boolean, rateShare: number): number {
  return hadGoodWeights ? margin + costOfRate * rateShare : margin;
}

/**
 * Whether a model clearly over-fits: the last measurements all are worse than the best one before them by more than
 * `margin` nats, and the best one lies before the second half of the steps. The schedule's end can still win back small
 * losses, hence the caution.
 */
export function isOverfitting(measurements: readonly SampleMeasurement[], margin: number): boolean {
  const recent = measurements.slice(-patience);
  const earlier = measurements.slice(0, -patience);
  if (recent.length < patience || earlier.length === 0) return false;
  const best = earlier.reduce((least, candidate) => (candidate.nats < least.nats ? candidate : least));
  return recent.every(({ nats }) => nats > best.nats + margin) && best.step < recent.at(-1)!.step / 2;
}
