import { defaultCalibration, type CompletionCalibration } from '../../offers/completionConfidence';
import type { ConfidenceCurves } from '../../offers/measuring/completionFigures';
import type { ModelSession } from '../../inference/session';
import type { MeasuredModel } from '../../protocol/engine';
import type { ModelConfidence } from './confidenceFitting';
import type { LoadedModel } from '../model/engineModel';

/** What confidence means for the model in use. */
export interface EngineConfidence {
  /** Another model is in use: until its own is known it has what the last one of its kind had, or the default. */
  follow(model: LoadedModel, completing: MeasuredModel): void;
  /** That of a model in use is known. */
  use(model: LoadedModel, completing: MeasuredModel, calibration: ModelConfidence): void;
  forget(): void;
  of(session: ModelSession): CompletionCalibration;
}

/** @param onCurves told what confidence is worth for the model in use as soon as it is known; null: there is none in use */
export function createEngineConfidence(onCurves: (curves: ConfidenceCurves | null) => void): EngineConfidence {
  let current: { session: ModelSession; calibration: CompletionCalibration } | undefined;
  /** What the last model of each kind had. */
  const last = new Map<MeasuredModel, CompletionCalibration>();
  return {
    follow({ session }, completing) {
      current = { session, calibration: last.get(completing) ?? defaultCalibration };
    },
    use({ session }, completing, calibration) {
      current = { session, calibration };
      last.set(completing, calibration);
      onCurves(calibration.curves ?? null);
    },
    forget() {
      current = undefined;
      onCurves(null);
    },
    of: (session) => (current?.session === session ? current.calibration : defaultCalibration),
  };
}
