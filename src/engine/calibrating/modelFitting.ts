import { exportIntervalMs } from '../../core/configuration';
import { describeError, isAborted } from '../../core/errors';
import type { Logger } from '../../core/logger';
import { unhurried } from '../../inference/readPrefix';
import type { MeasuredModel } from '../../protocol/engine';
import { readRunOfModel } from '../../store/modelDirectory';
import { confidenceOfModel, keptConfidence } from './confidenceFitting';
import type { EngineConfidence } from './engineConfidence';
import type { MemoryWeights } from '../../memory/memoryWeights';
import { keptWeights, memoryWeightsOf } from '../measuring/memoryEvaluation';
import type { LoadedModel, ModelSlot } from '../model/engineModel';
import { delay, type IdleTime } from '../documents/idleTime';

/** Fits the memory's weights and what confidence means to the model in use. */
export interface ModelFitting {
  /** Fits what belongs to a model in use, where that was not done before; what was fitted for another one is given up. */
  follow(model: LoadedModel, following: Following): void;
  forget(): void;
  /** Resolves when what was fitted before is read, and all is fitted that is not patient. */
  ready(): Promise<void>;
}

/** What is told of all that is fitted. */
export interface Fitted {
  readonly memory: { trust(model: LoadedModel, weights: MemoryWeights): void };
  readonly confidence: EngineConfidence;
}

export interface Following {
  readonly completing: MeasuredModel;
  /** False: it is fitted at once, not in idle time once the model has stayed for a while. */
  readonly patient: boolean;
}

/** A training that goes on replaces its last export within the interval, where it finds a better one. */
const staysMs = 2 * exportIntervalMs;

export function createModelFitting(
  slot: ModelSlot,
  idleTime: IdleTime,
  { memory, confidence }: Fitted,
  logger: Logger,
): ModelFitting {
  let fitting: (Following & { readonly model: LoadedModel }) | undefined;
  let controller = new AbortController();
  let done: Promise<unknown> = Promise.resolve();

  async function fit(model: LoadedModel, { completing, patient }: Following, signal: AbortSignal): Promise<void> {
    if (await useKept(model, completing, signal)) return;
    const fitted = fitAll(model, { completing, patient }, signal);
    if (patient) fitted.catch(tell);
    else await fitted;
  }

  /** @returns whether nothing is left to fit */
  async function useKept(model: LoadedModel, completing: MeasuredModel, signal: AbortSignal): Promise<boolean> {
    const weights = completing === 'both' ? await keptWeights(model.stored) : undefined;
    const kept = await keptConfidence(model, completing);
    signal.throwIfAborted();
    if (weights !== undefined) memory.trust(model, weights);
    if (kept !== undefined) confidence.use(model, completing, kept);
    return kept !== undefined && (completing !== 'both' || weights !== undefined);
  }

  async function fitAll(model: LoadedModel, { completing, patient }: Following, signal: AbortSignal): Promise<void> {
    if (patient) await delay(staysMs, signal);
    const pace = patient ? () => idleTime.next(signal) : unhurried(signal);
    // `slot.use` keeps the session while it is read with.
    await slot.use(async () => {
      await pace();
      if (completing === 'both') {
        const weights = await memoryWeightsOf(model, await readRunOfModel(model.stored), logger, pace);
        signal.throwIfAborted();
        memory.trust(model, weights);
      }
      const calibration = await confidenceOfModel(model, completing, logger, pace);
      signal.throwIfAborted();
      confidence.use(model, completing, calibration);
    });
  }

  function tell(error: unknown): void {
    if (!isAborted(error)) logger.warn(`The model is not calibrated: ${describeError(error)}`);
  }

  function forget(): void {
    controller.abort();
    [fitting, done] = [undefined, Promise.resolve()];
  }

  return {
    forget,
    follow(model, following) {
      const { completing, patient } = following;
      if (fitting?.model === model && fitting.completing === completing && fitting.patient === patient) return;
      controller.abort();
      controller = new AbortController();
      fitting = { model, ...following };
      confidence.follow(model, completing);
      done = fit(model, following, controller.signal).catch(tell);
    },
    async ready() {
      for (let awaited: unknown; awaited !== done;) {
        awaited = done;
        await done;
      }
    },
  };
}
