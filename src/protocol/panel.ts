import * as v from 'valibot';
import { completionSummarySchema } from './completionStatistics';
import {
  confidenceCurvesSchema,
  progressMeasurementSchema,
  startMeasurementSchema,
  validationMeasurementSchema,
} from './files';

export const panelPhases = ['idle', 'reading', 'training', 'done', 'failed'] as const;
/** What the panel shows at one moment. */
export type PanelPhase = (typeof panelPhases)[number];

const secondsLeft = v.nullable(v.pipe(v.number(), v.finite()));

/** Everything the panel shows; sent whole when it opens or comes back. */
export const panelStateSchema = v.object({
  phase: v.picklist(panelPhases),
  /** One line: what happens now, or how the last training ended. */
  message: v.string(),
  start: v.nullable(startMeasurementSchema),
  /** Thinned so that a long run stays small; ascending steps. */
  progress: v.array(progressMeasurementSchema),
  /** Ascending steps. */
  validation: v.array(validationMeasurementSchema),
  secondsLeft,
  /** What became of the completions in this workspace; left out until one is offered. */
  completions: v.optional(completionSummarySchema),
  /** What confidence is worth, on held-out files; left out until it was fitted to a model. */
  confidence: v.optional(confidenceCurvesSchema),
});
export type PanelState = v.InferOutput<typeof panelStateSchema>;

/** Extension host -> panel. */
export const toPanelSchema = v.variant('type', [
  v.object({ type: v.literal('state'), state: panelStateSchema }),
  v.object({ type: v.literal('progress'), measurement: progressMeasurementSchema, secondsLeft }),
  v.object({ type: v.literal('validation'), measurement: validationMeasurementSchema }),
  v.object({ type: v.literal('completions'), completions: completionSummarySchema }),
  v.object({ type: v.literal('confidence'), curves: v.nullable(confidenceCurvesSchema) }),
]);
export type ToPanel = v.InferOutput<typeof toPanelSchema>;

/** Panel -> extension host. */
export const fromPanelSchema = v.variant('type', [
  v.object({ type: v.literal('ready') }),
  v.object({ type: v.literal('stop') }),
  v.object({ type: v.literal('train') }),
]);
export type FromPanel = v.InferOutput<typeof fromPanelSchema>;
