import * as l10n from '@vscode/l10n';
import { formatDuration, formatPerplexity } from '../core/formatting';
import { describeError, isAborted, UserError } from '../core/errors';
import type { Logger } from '../core/logger';
import { startTrainer, type TrainerClient } from '../ipc/client';
import type { CorpusSummary, TrainerEvents, TrainingResult, TrainRequest } from '../protocol/trainer';
import { describeStaying } from '../protocol/trainingEnd';
import { readHistory } from '../store/history';
import { paths } from '../store/modelDirectory';
import { isRunning, type RunState } from './runState';

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
   * @returns undefined where it was stopped before anything was trained: nothing is changed then
   * @throws UserError where a training runs already, or the request cannot be met
   */
  train(request: TrainRequest): Promise<TrainingResult | undefined>;
  /** Ends the training soon, its best model kept; false where none runs. */
  stop(): boolean;
  /** A running training goes on with so many threads from a checkpoint on. */
  setThreads(threads: number): void;
  dispose(): void;
}

export function createTrainingHost(options: TrainingHostOptions): TrainingHost {
  const { run } = options;
  let trainer: TrainerClient | undefined;
  /** Reasons that are the same for every training of a window are told once. */
  const told = new Set<string>();

  function fromRandomWeights(reason: string): void {
    if (told.has(reason)) return;
    told.add(reason);
    options.logger.info(reason);
  }

  async function showEarlierPart(out: string, id: string): Promise<void> {
    try {
      run.precede(id, await readHistory(paths.history(paths.run(out, id))));
    } catch (error) {
      options.logger.warn(`The history of run ${id} cannot be read: ${describeError(error)}`);
    }
  }

  async function train(request: TrainRequest): Promise<TrainingResult | undefined> {
    if (trainer !== undefined)
      throw new UserError(l10n.t('A training runs already.'), l10n.t('Stop it first, or wait for its end.'));
    const earlier = run.state;
    run.begin(request.resume);
    /** What the run had measured before, which this window may never have shown. */
    let earlierPart = Promise.resolve();
    const start: TrainerEvents['start'] = (measurement, id) => {
      options.logger.info(`Run ${id} has started.`);
      run.started(measurement, id);
      if (request.resume) earlierPart = showEarlierPart(request.out, id);
    };
    trainer = startTrainer(options, { ...eventsOf(options), start, fromRandomWeights });
    try {
      const result = await untilEnd(trainer, request);
      await earlierPart;
      run.end('done', sentenceOf(result));
      return result;
    } catch (error) {
      if (isAborted(error)) {
        run.takeBack(earlier, sentenceOf(undefined));
        return undefined;
      }
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
      run.update({ message: l10n.t('Stopping; the best model is kept…') });
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
      l10n.t`The training has ended unexpectedly (${how}).`,
      l10n.t('The last model stays in use; train again, or look into the log.'),
    );
  }
}

function eventsOf({ logger, run, exported }: TrainingHostOptions): Partial<TrainerEvents> {
  return {
    log: (level, message) => logger[level](message),
    corpus(summary) {
      logger.info(describeCorpus(summary));
      run.update({ message: l10n.t('Training on {0} files…', summary.files.toLocaleString('en')) });
    },
    progress: (measurement, secondsLeft) => run.tell({ type: 'progress', measurement, secondsLeft }),
    validation(measurement) {
      logger.debug(`Step ${measurement.step}: validation perplexity ${formatPerplexity(measurement.perplexity)}`);
      run.tell({ type: 'validation', measurement });
    },
    paused: (reason) => run.update({ message: reason ?? l10n.t('The training goes on.') }),
    exported,
    sample: (sample) => run.tell({ type: 'sample', sample }),
  };
}

function describeCorpus({ files, characters, leftOut }: CorpusSummary): string {
  const reasons = Object.entries(leftOut).map(([reason, count]) => `${reason} ${count}`);
  const rest = reasons.length > 0 ? ` Left out: ${reasons.join(', ')}.` : '';
  return `The corpus has ${files} files and ${characters} characters.${rest}`;
}

const endings: Readonly<Record<TrainingResult['reason'], (steps: string, time: string) => string>> = {
  budget: (steps, time) => l10n.t`Trained ${steps} steps in ${time}.`,
  stopped: (steps, time) => l10n.t`Stopped after ${steps} steps in ${time}.`,
  'not finite': (steps, time) =>
    l10n.t`Stopped, because the loss was no longer finite, after ${steps} steps in ${time}.`,
  'no improvement': (steps, time) => l10n.t`Stopped, because it no longer got better, after ${steps} steps in ${time}.`,
  'thread lost': (steps, time) => l10n.t`Stopped, because a training thread failed, after ${steps} steps in ${time}.`,
};

/** How a training ended, in a sentence or two. @param result undefined: it was stopped before anything was trained */
export function sentenceOf(result: TrainingResult | undefined): string {
  if (result === undefined)
    return l10n.t('Stopped while the workspace was read: nothing was trained, nothing has changed.');
  const { reason, steps, stepsBefore, seconds, validation } = result;
  const all = steps.toLocaleString('en');
  const perplexity = formatPerplexity(validation.perplexity);
  const bits = validation.bitsPerCharacter.toFixed(2);
  return [
    endings[reason]((steps - stepsBefore).toLocaleString('en'), formatDuration(seconds)),
    ...(stepsBefore === 0 ? [] : [l10n.t`With those before, it has trained ${all} steps.`]),
    l10n.t`Validation perplexity ${perplexity} (${bits} bits per character).`,
    describeStaying(result),
  ]
    .join(' ')
    .trimEnd();
}
