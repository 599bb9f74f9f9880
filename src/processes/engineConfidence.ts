import { setTimeout as wait } from 'node:timers/promises';
import { defaultCalibration, type CompletionCalibration } from '../core/completionConfidence';
import type { ConfidenceCurves } from '../core/completionFigures';
import { describeError } from '../core/errors';
import type { Logger } from '../core/logger';
import type { ModelSession } from '../inference/session';
import { giveWay } from '../inference/readPrefix';
import { unhurried, type Yielding } from './completionDrawing';
import type { MeasuredModel } from '../protocol/engine';
import { confidenceOfModel, keptConfidence, type ModelConfidence } from './confidenceFitting';
import type { LoadedModel, ModelSlot } from './engineModel';

/** What confidence means for the model in use, fitted in idle time. */
export interface EngineConfidence {
  /** Fits what belongs to a model that was just loaded, where that was not done before. */
  follow(model: LoadedModel, following: Following): void;
  forget(): void;
  /** What there is of it now: until something is fitted what the last model had, or the default. */
  of(session: ModelSession): CompletionCalibration;
  /** Resolves when what was fitted before is read, or all is fitted that is not patient. */
  ready(): Promise<void>;
}

export interface Following {
  readonly completing: MeasuredModel;
  /** Resolves when the memory is built. */
  readonly memoryReady: Promise<void>;
  /** False: it is fitted at once, not in idle time some seconds after the last load. */
  readonly patient: boolean;
}

/** While a training runs an export comes every few seconds: only what stays is fitted to. */
const fitAfterMs = 10_000;
const lookAgainMs = 200;

/**
 * @param isIdle whether nobody waits for this process
 * @param onCurves told what confidence is worth for the model in use as soon as it is known; null: there is none in use
 */
export function createEngineConfidence(
  slot: ModelSlot,
  isIdle: () => boolean,
  onCurves: (curves: ConfidenceCurves | null) => void,
  logger: Logger,
): EngineConfidence {
  let current: { session: ModelSession; calibration: CompletionCalibration } | undefined;
  /** What the last model of each kind had. */
  const last = new Map<MeasuredModel, CompletionCalibration>();
  let fitting: Promise<void> = Promise.resolve();
  /** Raised by every load: what is fitted for an older one is left. */
  let turn = 0;

  /** Rejected as soon as another model is loaded. */
  async function idle(own: number): Promise<void> {
    await giveWay();
    while (own === turn && !isIdle()) await wait(lookAgainMs, undefined, { ref: false });
    if (own !== turn) throw new Error('Another model was loaded.');
  }

  async function fit(model: LoadedModel, completing: MeasuredModel, yielding: Yielding, own: number): Promise<void> {
    // `slot.use` keeps the session while it is drawn with.
    const calibration = await slot.use(() => confidenceOfModel(model, completing, logger, yielding));
    if (own === turn && calibration !== undefined) use(model, completing, calibration);
  }

  function use({ session }: LoadedModel, completing: MeasuredModel, calibration: ModelConfidence): void {
    current = { session, calibration };
    last.set(completing, calibration);
    onCurves(calibration.curves ?? null);
  }

  async function prepare(
    model: LoadedModel,
    { completing, memoryReady, patient }: Following,
    own: number,
  ): Promise<void> {
    const kept = await keptConfidence(model, completing);
    if (own !== turn) return;
    if (kept !== undefined) {
      use(model, completing, kept);
      return;
    }
    current = { session: model.session, calibration: last.get(completing) ?? defaultCalibration };
    await memoryReady;
    if (!patient) return own === turn ? fit(model, completing, unhurried, own) : undefined;
    const later = wait(fitAfterMs, undefined, { ref: false }).then(async () => {
      await idle(own);
      await fit(model, completing, { idle: () => idle(own), isStale: () => own !== turn || !isIdle() }, own);
    });
    later.catch((error: unknown) => tell(error, own));
  }

  function tell(error: unknown, own: number): void {
    if (own === turn) logger.warn(`Confidence is not calibrated: ${describeError(error)}`);
  }

  return {
    follow(model, following) {
      const own = ++turn;
      fitting = prepare(model, following, own).catch((error: unknown) => tell(error, own));
    },
    forget() {
      turn++;
      [current, fitting] = [undefined, Promise.resolve()];
      onCurves(null);
    },
    of: (session) => (current?.session === session ? current.calibration : defaultCalibration),
    async ready() {
      for (let awaited: unknown; awaited !== fitting;) {
        awaited = fitting;
        await fitting;
      }
    },
  };
}
