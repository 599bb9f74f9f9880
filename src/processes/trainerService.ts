import { UserError } from '../core/errors';
import type { Logger } from '../core/logger';
import { acquireLock } from '../protocol/lock';
import { paths, removeTemporary } from '../protocol/modelDirectory';
import type { TrainerEvents, TrainerFunctions, TrainingResult, TrainRequest } from '../protocol/trainer';
import { probeTraining } from '../training/probe';
import type { Remote } from './channel';
import { runTraining } from './trainingRun';

/** The functions of the trainer process. */
export function createTrainer(events: Remote<TrainerEvents>, logger: Logger): TrainerFunctions {
  let running: AbortController | undefined;

  async function train(request: TrainRequest): Promise<TrainingResult> {
    if (running !== undefined) throw new UserError('A training runs already.', 'Stop it first.');
    const controller = new AbortController();
    running = controller;
    try {
      return await trainLocked(request, controller.signal, events, logger);
    } finally {
      running = undefined;
    }
  }

  return { train, stop: () => running?.abort(), probe: () => probeTraining() };
}

async function trainLocked(
  request: TrainRequest,
  signal: AbortSignal,
  events: Remote<TrainerEvents>,
  logger: Logger,
): Promise<TrainingResult> {
  const startedAtMs = performance.now();
  const release = await acquireLock(paths.lock(request.out));
  try {
    await removeTemporary(request.out);
    return await runTraining(request, { startedAtMs, signal, events, logger });
  } finally {
    await release();
  }
}
