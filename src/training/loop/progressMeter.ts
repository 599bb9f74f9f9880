import type { ProgressMeasurement } from '../../store/files';
import type { SessionPosition, StepResult } from './trainingSession';

/** Gathers steps into the measurements that are shown. */
export interface ProgressMeter {
  add(result: StepResult, milliseconds: number): void;
  /** The mean of the steps since the last call; null where there were none. */
  take(position: SessionPosition, seconds: number, learningRate: number): ProgressMeasurement | null;
}

export function createProgressMeter(): ProgressMeter {
  let steps: StepResult[] = [];
  let busyMs = 0;
  return {
    add: (result, milliseconds) => {
      steps.push(result);
      busyMs += milliseconds;
    },
    take: (position, seconds, learningRate) => {
      if (steps.length === 0) return null;
      const nats = meanOf(steps.map((result) => result.nats));
      const characters = steps.reduce((sum, result) => sum + result.characters, 0);
      const measurement: ProgressMeasurement = {
        type: 'progress',
        step: position.step,
        characters: position.characters,
        seconds,
        charactersPerSecond: (characters / Math.max(busyMs, 1e-3)) * 1000,
        nats,
        perplexity: Math.exp(nats),
        gradientNorm: meanOf(steps.map((result) => result.gradientNorm)),
        learningRate,
      };
      steps = [];
      busyMs = 0;
      return measurement;
    },
  };
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
