import * as v from 'valibot';
import { completionSummarySchema } from './completionStatistics';
import { providerReportSchema } from './providers';
import { replayModels, replayStatusSchema } from './replay';
import { runCurvesSchema } from './runCurves';
import {
  confidenceCurvesSchema,
  corpusReportSchema,
  count,
  finite,
  runNoteSchema,
  progressMeasurementSchema,
  sampleSchema,
  startMeasurementSchema,
  validationMeasurementSchema,
} from '../store/files';

/** Characters of a text that a network may go on with. */
export const longestPrefix = 20_000;

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
  /** The run that is shown; left out where there is none. */
  run: v.exactOptional(v.string()),
  /** What became of the completions in this workspace; left out until one is offered. */
  completions: v.optional(completionSummarySchema),
  /** What confidence is worth, on held-out files; left out until it was fitted to a model. */
  confidence: v.optional(confidenceCurvesSchema),
});
export type PanelState = v.InferOutput<typeof panelStateSchema>;

/** A training of this workspace, for the list of runs. */
export const runSummarySchema = v.object({
  id: v.string(),
  /** What its user calls it; empty where it has no name. */
  name: v.string(),
  note: v.string(),
  /** ISO 8601. */
  createdAt: v.string(),
  steps: count,
  seconds: finite,
  perplexity: v.nullable(finite),
  /** Whether there is a state of it that a training can go on from. */
  canContinue: v.boolean(),
  /** Whether a model of it is left, which can be put into use. */
  hasModel: v.boolean(),
  inUse: v.boolean(),
  /** How it trained: texts by name. */
  configuration: v.record(v.string(), v.string()),
});
export type RunSummary = v.InferOutput<typeof runSummarySchema>;

/** Extension host -> panel. */
export const toPanelSchema = v.variant('type', [
  v.object({ type: v.literal('state'), state: panelStateSchema }),
  v.object({ type: v.literal('progress'), measurement: progressMeasurementSchema, secondsLeft }),
  v.object({ type: v.literal('validation'), measurement: validationMeasurementSchema }),
  v.object({ type: v.literal('sample'), sample: sampleSchema }),
  v.object({ type: v.literal('runs'), runs: v.array(runSummarySchema) }),
  v.object({ type: v.literal('curves'), curves: runCurvesSchema }),
  v.object({ type: v.literal('samples'), run: v.string(), samples: v.array(sampleSchema) }),
  /** What a run has read; null where that was not written down. */
  v.object({ type: v.literal('corpus'), run: v.string(), report: v.nullable(corpusReportSchema) }),
  /** What the model has written after a prefix, or why it has not. */
  v.object({ type: v.literal('generated'), text: v.nullable(v.string()), problem: v.nullable(v.string()) }),
  /** The confidence that a completion needs now. */
  v.object({ type: v.literal('threshold'), value: finite }),
  v.object({ type: v.literal('completions'), completions: completionSummarySchema }),
  v.object({ type: v.literal('confidence'), curves: v.nullable(confidenceCurvesSchema) }),
  /** What runs the model in use; null until that is found out. */
  v.object({ type: v.literal('providers'), report: v.nullable(providerReportSchema) }),
  v.object({ type: v.literal('replay'), status: replayStatusSchema }),
]);
export type ToPanel = v.InferOutput<typeof toPanelSchema>;

const runId = v.pipe(v.string(), v.regex(/^[a-z0-9-]{1,64}$/));
const saved = v.union([v.string(), v.custom<Uint8Array>((value) => value instanceof Uint8Array)]);

/** Panel -> extension host. */
export const fromPanelSchema = v.variant('type', [
  v.object({ type: v.literal('ready') }),
  v.object({ type: v.literal('stop') }),
  v.object({ type: v.literal('train') }),
  v.object({ type: v.literal('continue') }),
  v.object({ type: v.literal('runs') }),
  v.object({ type: v.literal('providers') }),
  v.object({ type: v.literal('curves'), run: runId }),
  v.object({ type: v.literal('samples'), run: runId }),
  v.object({ type: v.literal('corpus'), run: runId }),
  /** Shows a file of the workspace, by its path in the corpus. */
  v.object({ type: v.literal('openFile'), path: v.pipe(v.string(), v.minLength(1), v.maxLength(1_000)) }),
  v.object({ type: v.literal('noteRun'), run: runId, ...runNoteSchema.entries }),
  v.object({ type: v.literal('useRun'), run: runId }),
  v.object({ type: v.literal('deleteRun'), run: runId }),
  v.object({
    type: v.literal('generate'),
    prefix: v.pipe(v.string(), v.maxLength(longestPrefix)),
    length: v.pipe(count, v.maxValue(5_000)),
    temperature: v.pipe(finite, v.minValue(0), v.maxValue(5)),
  }),
  v.object({ type: v.literal('threshold'), value: v.pipe(finite, v.minValue(0), v.maxValue(1)) }),
  /** To be written where the user says. */
  v.object({ type: v.literal('save'), name: v.pipe(v.string(), v.regex(/^[\w. -]{1,80}$/)), content: saved }),
  v.object({ type: v.literal('exportModel') }),
  v.object({ type: v.literal('replayStatus') }),
  v.object({
    type: v.literal('replay'),
    model: v.picklist(replayModels),
    /** Trained for; where the model is trained. */
    minutes: v.pipe(finite, v.minValue(0.1), v.maxValue(1_440)),
    commits: v.pipe(count, v.minValue(1), v.maxValue(100_000)),
    lines: v.pipe(count, v.minValue(1), v.maxValue(1_000_000)),
  }),
  v.object({ type: v.literal('stopReplay') }),
]);
export type FromPanel = v.InferOutput<typeof fromPanelSchema>;
