import * as l10n from '@vscode/l10n';
import { UserError } from '../core/errors';
import type { Logger } from '../core/logger';
import { diskProblem } from '../store/diskProblem';
import { withLock } from '../store/modelLock';
import { removeTemporary } from '../store/modelDirectory';
import type { TrainerEvents, TrainerFunctions, TrainingResult, TrainRequest } from '../protocol/trainer';
import { probeTraining } from '../training/probing/trainingProbe';
import type { Remote } from '../ipc/channel';
import type { RunContext } from './runContext';
import { runTraining } from './trainingRun';

/** The functions of the trainer process. */
export function createTrainer(events: Remote<TrainerEvents>, logger: Logger): TrainerFunctions {
  let running: AbortController | undefined;
  let threads: number | null = null;
  const takeThreads = (): number | null => {
    const taken = threads;
    threads = null;
    return taken;
  };

  async function train(request: TrainRequest): Promise<TrainingResult> {
    if (running !== undefined) throw new UserError(l10n.t('A training runs already.'), l10n.t('Stop it first.'));
    const controller = new AbortController();
    running = controller;
    try {
      takeThreads();
      return await trainLocked(request, { signal: controller.signal, takeThreads, events, logger });
    } finally {
      running = undefined;
    }
  }

  return {
    train,
    stop: () => running?.abort(),
    setThreads: (count) => void (threads = count),
    probe: () => probeTraining(),
  };
}

async function trainLocked(request: TrainRequest, context: Omit<RunContext, 'startedAtMs'>): Promise<TrainingResult> {
  const startedAtMs = performance.now();
  try {
    const { signal, logger } = context;
    return await withLock(
      request.out,
      'training',
      async ({ lost }) => {
        await removeTemporary(request.out);
        return Promise.race([runTraining(request, { startedAtMs, ...context }), untilLost(lost, request.out)]);
      },
      { signal, onWait: (sentence) => logger.warn(sentence) },
    );
  } catch (error) {
    throw diskProblem(error, request.out) ?? error;
  }
}

/** Rejects when another process has taken the lock: this one was stopped for so long that it seemed to be gone. */
function untilLost(lost: AbortSignal, directory: string): Promise<never> {
  return new Promise((_, reject) => {
    lost.addEventListener('abort', () => {
      reject(
        new UserError(
          l10n.t`This training stood still for so long that another process has taken over ${directory}.`,
          l10n.t('The last model that it wrote is there.'),
        ),
      );
    });
  });
}
