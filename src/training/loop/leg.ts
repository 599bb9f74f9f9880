import type { TrainingBudget } from '../../core/configuration';
import type { Weights } from '../../core/parameters';
import type { Leg, TrainingSnapshot } from '../state/snapshot';
import type { SessionPosition } from './trainingSession';

/** An interrupted leg in steps or epochs is finished under its own schedule; everything else begins a new one. */
export function legFor(budget: TrainingBudget, snapshot: TrainingSnapshot | null, at: SessionPosition): Leg {
  if (snapshot !== null && budget.minutes === undefined && isUnfinished(snapshot.leg, budget, at)) return snapshot.leg;
  return { budget, startStep: at.step, startEpochs: at.epochs, continued: snapshot !== null };
}

/** The best weights of the legs before; null where the leg itself had begun before the snapshot. */
export function trainedBefore(leg: Leg, snapshot: TrainingSnapshot): Weights | null {
  return leg === snapshot.leg ? null : snapshot.best.weights;
}

function isUnfinished(leg: Leg, budget: TrainingBudget, at: SessionPosition): boolean {
  const { minutes, steps, epochs } = leg.budget;
  if (minutes !== undefined || steps !== budget.steps || epochs !== budget.epochs) return false;
  return at.step - leg.startStep < (steps ?? Infinity) && at.epochs - leg.startEpochs < (epochs ?? Infinity);
}
