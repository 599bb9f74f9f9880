import type { TrainingBudget } from '../../core/configuration';
import { budgetShare } from '../plan/stopping';
import type { SessionPosition } from './trainingSession';
import type { Leg } from '../state/snapshot';
import { createTrainingClock, type TrainingClock } from './trainingClock';

/** When to do what. With a budget in steps or epochs only, nothing that shapes the result depends on the clock. */
export interface Timing {
  /** Share of the budget that is used up, from 0 where this leg began. */
  share(): number;
  /** Null before anything is known. */
  secondsLeft(): number | null;
  progressDue(): boolean;
  validationDue(): boolean;
  checkpointDue(): boolean;
  /** What the measurement just made took, and what the last one, over all held-out documents, is expected to take beside two of these. */
  measured(milliseconds: number, lastMilliseconds: number): void;
  checkpointed(): void;
}

const progressIntervalMs = 500;
/** Between two checkpoints: the first limit that is reached. */
export interface CheckpointInterval {
  readonly seconds: number;
  readonly steps?: number;
}

/** Half a minute is promised: what a step and a measurement take comes on top. */
const defaultInterval: CheckpointInterval = { seconds: 25 };
const firstValidationMs = 2_000;
const validationIntervalMs = 3_000;
/** Of the budget, at least this much trains, however long the last measurement takes. */
const leastTrainingShare = 0.3;
const exportMs = 500;

/** @param startedAtMs when the command began, by the clock: minutes count from there */
export function createTiming(
  leg: Leg,
  startedAtMs: number,
  position: () => SessionPosition,
  clock: TrainingClock = createTrainingClock(),
  interval: CheckpointInterval = defaultInterval,
): Timing {
  const began = clock.now();
  const byClock = leg.budget.minutes !== undefined;
  let reserveMs = 0;
  let progressAtMs = began + progressIntervalMs;
  let checkpointAtMs = began + interval.seconds * 1000;
  const nextCheckpointStep = (): number => position().step + (interval.steps ?? Infinity);
  let checkpointAtStep = nextCheckpointStep();
  let validationAtMs = began + firstValidationMs;
  let validationAtStep = nextValidationStep(position().step - leg.startStep);
  const legSteps = (): number => position().step - leg.startStep;
  const share = (): number => shareOf(leg, startedAtMs, began, reserveMs, position(), clock.now());
  return {
    share,
    secondsLeft: () => {
      const now = clock.now();
      const { minutes, steps, epochs } = leg.budget;
      if (minutes !== undefined && steps === undefined && epochs === undefined) {
        return Math.max(0, (startedAtMs + minutes * 60_000 - now) / 1000);
      }
      const used = share();
      return used > 0 ? (((now - began) / used) * (1 - used) + reserveMs) / 1000 : null;
    },
    progressDue: () => {
      if (!byClock) return legSteps() % progressSteps(leg.budget) === 0;
      if (clock.now() < progressAtMs) return false;
      progressAtMs = clock.now() + progressIntervalMs;
      return true;
    },
    validationDue: () => (byClock ? clock.now() >= validationAtMs : legSteps() >= validationAtStep),
    checkpointDue: () => clock.now() >= checkpointAtMs || position().step >= checkpointAtStep,
    measured: (milliseconds, lastMilliseconds) => {
      const now = clock.now();
      reserveMs = 2 * milliseconds + lastMilliseconds + exportMs;
      if (now - began > firstValidationMs) {
        const elapsed = now - began;
        const rarer = Math.max(validationIntervalMs, milliseconds * measuringParts(elapsed), elapsed / 12);
        validationAtMs = now + rarer;
      }
      validationAtStep = nextValidationStep(legSteps());
    },
    checkpointed: () => {
      checkpointAtMs = clock.now() + interval.seconds * 1000;
      checkpointAtStep = nextCheckpointStep();
    },
  };
}

/** Measuring takes one part in so many of the time: more at first, when there is much to see, then ever less. */
function measuringParts(elapsedMs: number): number {
  return Math.min(40, 8 + elapsedMs / 4_000);
}

function shareOf(
  leg: Leg,
  startedAtMs: number,
  beganMs: number,
  reserveMs: number,
  at: SessionPosition,
  nowMs: number,
): number {
  const { minutes } = leg.budget;
  const spent = {
    minutes: (nowMs - beganMs) / 60_000,
    steps: at.step - leg.startStep,
    epochs: at.epochs - leg.startEpochs,
  };
  if (minutes === undefined) return budgetShare(leg.budget, spent);
  const left = minutes - (beganMs - startedAtMs + reserveMs) / 60_000;
  return budgetShare({ ...leg.budget, minutes: Math.max(left, minutes * leastTrainingShare) }, spent);
}

/** Steps 25, 50, 75, 100, 125, 157, …: every quarter more. A function of the step alone, so that it survives a stop. */
export function nextValidationStep(step: number): number {
  let next = 0;
  while (next <= step) next += Math.max(25, Math.ceil(next / 4));
  return next;
}

function progressSteps({ steps }: TrainingBudget): number {
  return steps === undefined ? 10 : Math.min(10, Math.max(1, Math.floor(steps / 20)));
}
