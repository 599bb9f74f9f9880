import { SingleBar } from 'cli-progress';
import type { TrainingBudget } from '../core/configuration';
import type { ProgressMeasurement, StartMeasurement } from '../store/files';
import type { TrainerEvents } from '../protocol/trainer';
import { shareOver } from '../protocol/trainingShare';
import { formatSeconds, type Output } from './output';

/** Shows how a training goes: JSON lines, a bar on a terminal, or a line every few seconds. */
export interface ProgressDisplay extends Pick<TrainerEvents, 'start' | 'progress' | 'validation' | 'paused'> {
  readonly close: () => void;
}

/** Between two lines where there is no terminal. */
const lineEverySeconds = 5;

export function createProgressDisplay(output: Output, budget: TrainingBudget): ProgressDisplay {
  if (output.json) return jsonDisplay(output);
  return output.interactive ? barDisplay() : lineDisplay(output, budget);
}

function jsonDisplay(output: Output): ProgressDisplay {
  return {
    start: () => undefined,
    progress: (measurement) => output.result(measurement, ''),
    validation: (measurement) => output.result(measurement, ''),
    paused: (reason) => output.result({ type: 'paused', reason }, ''),
    close: () => undefined,
  };
}

function lineDisplay(output: Output, budget: TrainingBudget): ProgressDisplay {
  let nextSeconds = 0;
  let validation = '';
  return {
    start: () =>
      output.note(
        `training (${Object.entries(budget)
          .map(([unit, amount]) => `${amount} ${amount === 1 ? unit.slice(0, -1) : unit}`)
          .join(', ')})`,
      ),
    progress: (measurement, secondsLeft) => {
      if (measurement.seconds < nextSeconds) return;
      nextSeconds = measurement.seconds + lineEverySeconds;
      output.note(`${describeProgress(measurement)}${validation}${describeLeft(secondsLeft)}`);
    },
    validation: ({ perplexity }) => {
      validation = `, validation ${perplexity.toFixed(2)}`;
    },
    paused: (reason) => output.note(reason ?? 'The training goes on.'),
    close: () => undefined,
  };
}

function barDisplay(): ProgressDisplay {
  const bar = new SingleBar({ format: '{bar} {percentage}% {text}', stream: process.stderr, hideCursor: true });
  let validation = '';
  let begun: StartMeasurement | null = null;
  return {
    start: (measurement) => {
      begun = measurement;
      bar.start(1, 0, { text: '' });
    },
    progress: (measurement, secondsLeft) => {
      bar.update(shareOver(measurement.seconds, secondsLeft, begun), {
        text: `${describeProgress(measurement)}${validation}${describeLeft(secondsLeft)}`,
      });
    },
    validation: ({ perplexity }) => {
      validation = `, validation ${perplexity.toFixed(2)}`;
    },
    paused: (reason) => bar.update({ text: reason ?? 'The training goes on.' }),
    close: () => bar.stop(),
  };
}

function describeProgress({ step, charactersPerSecond, nats, perplexity }: ProgressMeasurement): string {
  const speed = `${(charactersPerSecond / 1000).toFixed(1)}k characters/s`;
  return `step ${step}, ${speed}, loss ${nats.toFixed(3)}, perplexity ${perplexity.toFixed(2)}`;
}

function describeLeft(secondsLeft: number | null): string {
  return secondsLeft === null ? '' : `, ${formatSeconds(secondsLeft)} left`;
}
