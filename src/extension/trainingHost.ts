import { formatDuration, formatPerplexity } from '../core/formatting';
import { UserError } from '../core/errors';
import type { Logger } from '../core/logger';
import { startTrainer, type TrainerClient } from '../processes/client';
import type { CorpusSummary, TrainerEvents, TrainingResult, TrainRequest } from '../protocol/trainer';
import type { RunState } from './runState';
import { isRunning } from './statusText';

export interface TrainingHostOptions {
  /** Absolute path of the trainer's bundle. */
  readonly entry: string;
  readonly logger: Logger;
  readonly run: RunState;
  /** A better model lies in the model directory. */
  readonly exported: () => void;
}

/** Trainings of this window, one at a time, each in a process of its own. */
export interface TrainingHost {
  /**
   * Trains until the end of its time, or until it is stopped.
   * @throws UserError where a training runs already, or the request cannot be met
   */
  train(request: TrainRequest): Promise<TrainingResult>;
  /** Ends the training soon, its best model kept; false where none runs. */
  stop(): boolean;
  /** A running training goes on with so many threads from a checkpoint on. */
  setThreads(threads: number): void;
  dispose(): void;
}

export function createTrainingHost(options: TrainingHostOptions): TrainingHost {
  const { run } = options;
  let trainer: TrainerClient | undefined;

  async function train(request: TrainRequest): Promise<TrainingResult> {
    if (trainer !== undefined) throw new UserError('A training runs already.', 'Stop it first, or wait for its end.');
    run.begin(request.resume);
    trainer = startTrainer(options, eventsOf(options));
    try {
      const result = await untilEnd(trainer, request);
      run.end('done', sentenceOf(result));
      return result;
    } catch (error) {
      run.end('failed', error instanceof Error ? error.message : String(error));
      throw error;
    } finally {
      trainer.dispose();
      trainer = undefined;
    }
  }

  return {
    train,
    stop() {
      if (trainer === undefined || !isRunning(run.state)) return false;
      run.update({ message: 'Stopping; the best model is kept…' });
      void trainer.remote.stop().catch(() => undefined);
      return true;
    },
    setThreads: (threads) => void trainer?.remote.setThreads(threads).catch(() => undefined),
    dispose: () => trainer?.dispose(),
  };
}

/** @throws UserError where the process has ended without an answer: it was killed, or the machine has no memory left */
async function untilEnd({ remote, exited }: TrainerClient, request: TrainRequest): Promise<TrainingResult> {
  try {
    return await remote.train(request);
  } catch (error) {
    const how = await Promise.race([exited, Promise.resolve(undefined)]);
    if (how === undefined) throw error;
    throw new UserError(
      `The training has ended unexpectedly (${how}).`,
      'The last model stays in use; train again, or look into the log.',
    );
  }
}

function eventsOf({ logger, run, exported }: TrainingHostOptions): TrainerEvents {
  return {
    log: (level, message) => logger[level](message),
    corpus(summary) {
      logger.info(describeCorpus(summary));
      run.update({ message: `Training on ${summary.files.toLocaleString('en')} files…` });
    },
    start(start, id) {
      logger.info(`Run ${id} has started.`);
      run.update({ phase: 'training', start });
    },
    progress: (measurement, secondsLeft) => run.tell({ type: 'progress', measurement, secondsLeft }),
    validation(measurement) {
      logger.debug(`Step ${measurement.step}: validation perplexity ${formatPerplexity(measurement.perplexity)}`);
      run.tell({ type: 'validation', measurement });
    },
    paused: (reason) => run.update({ message: reason ?? 'The training goes on.' }),
    exported,
  };
}

function describeCorpus({ files, characters, leftOut }: CorpusSummary): string {
  const reasons = Object.entries(leftOut).map(([reason, count]) => `${reason} ${count}`);
  const rest = reasons.length > 0 ? ` Left out: ${reasons.join(', ')}.` : '';
  return `The corpus has ${files} files and ${characters} characters.${rest}`;
}

const endings: Readonly<Record<TrainingResult['reason'], string>> = {
  budget: 'Trained',
  stopped: 'Stopped after',
  'not finite': 'Stopped, because the loss was no longer finite, after',
  'no improvement': 'Stopped, because it no longer got better, after',
  'thread lost': 'Stopped, because a training thread failed, after',
};

/** How a training ended, in a sentence or two. */
export function sentenceOf({ reason, steps, seconds, validation }: TrainingResult): string {
  const perplexity = formatPerplexity(validation.perplexity);
  const bits = validation.bitsPerCharacter.toFixed(2);
  return (
    `${endings[reason]} ${steps.toLocaleString('en')} steps in ${formatDuration(seconds)}. ` +
    `Validation perplexity ${perplexity} (${bits} bits per character).`
  );
}
