import { UserError } from '../core/errors';
import type { Logger } from '../core/logger';
import { diskProblem } from '../protocol/diskProblem';
import { acquireLock } from '../protocol/lock';
import { paths, removeTemporary } from '../protocol/modelDirectory';
import type { TrainerEvents, TrainerFunctions, TrainingResult, TrainRequest } from '../protocol/trainer';
import { probeTraining } from '../training/probe';
import type { Remote } from './channel';
import { runTraining, type RunContext } from './trainingRun';

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
    if (running !== undefined) throw new UserError('A training runs already.', 'Stop it first.');
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
    const release = await acquireLock(paths.lock(request.out));
    try {
      await removeTemporary(request.out);
      return await runTraining(request, { startedAtMs, ...context });
    } finally {
      await release();
    }
  } catch (error) {
    throw diskProblem(error, request.out) ?? error;
  }
}
