import * as v from 'valibot';
import {
  batchOrders,
  cells,
  defaultCorpus,
  initialStateKinds,
  initialWeightKinds,
  optimizers,
  precisions,
} from '../core/configuration';

/** Raised whenever a file of ours changes its meaning; older ones are read, newer ones left alone. */
export const formatVersion = 1;

/** Format versions that a build can read whose own is `newest`. */
export const versionsUpTo = (newest: number) => v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(newest));
const readableVersion = versionsUpTo(formatVersion);

/** A file that a later version of Recur has written. */
export const newerSchema = v.object({
  formatVersion: v.pipe(v.number(), v.integer(), v.minValue(formatVersion + 1)),
});

const identifier = v.pipe(v.string(), v.regex(/^[a-z0-9-]{1,64}$/));
const sha256 = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));
export const count = v.pipe(v.number(), v.integer(), v.minValue(0));
export const finite = v.pipe(v.number(), v.finite());
const share = v.pipe(v.number(), v.minValue(0), v.maxValue(0.9));
const sizeUpTo = (largest: number) => v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(largest));

export const modelConfigurationSchema = v.object({
  cell: v.picklist(cells),
  hidden: sizeUpTo(8192),
  layers: sizeUpTo(16),
  embedding: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(4096)),
});

const budgetSchema = v.object({
  minutes: v.exactOptional(v.pipe(v.number(), v.minValue(0))),
  steps: v.exactOptional(count),
  epochs: v.exactOptional(count),
});

export const trainingConfigurationSchema = v.object({
  model: modelConfigurationSchema,
  budget: budgetSchema,
  batch: sizeUpTo(4096),
  /** Runs of version 0.1.0 have none: it is the batch, which is smaller. */
  firstBatch: v.optional(sizeUpTo(4096), 4096),
  sequence: sizeUpTo(4096),
  /** Runs of version 0.1.0 have none. */
  batches: v.optional(v.picklist(batchOrders), 'sequential'),
  /** Runs of version 0.1.0 have none. */
  precision: v.optional(v.picklist(precisions), 'float32'),
  optimizer: v.picklist(optimizers),
  learningRate: v.pipe(finite, v.minValue(0)),
  /** Runs of version 0.1.0 have none. */
  decayShare: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(1)), 1),
  weightDecay: v.pipe(finite, v.minValue(0)),
  clip: v.pipe(finite, v.minValue(0)),
  dropout: v.pipe(v.number(), v.minValue(0), v.maxValue(0.95)),
  seed: v.pipe(v.number(), v.integer()),
  initialWeights: v.picklist(initialWeightKinds),
  initialState: v.picklist(initialStateKinds),
  /** Runs of version 0.1.0 have none. */
  threads: v.optional(v.pipe(count, v.maxValue(1024)), 0),
  minimumCharacters: count,
  validationShare: share,
  testShare: share,
  maxVocabulary: sizeUpTo(100_000),
});

const numberFrom = (least: number, most: number) => v.pipe(finite, v.minValue(least), v.maxValue(most));
const wholeFrom = (least: number, most: number) => v.pipe(numberFrom(least, most), v.integer());

/** What may be asked for, as the editor's settings have it; runs of earlier versions may have other numbers. */
export const askedBudgetSchema = v.object({
  minutes: v.exactOptional(numberFrom(0.01, 10_080)),
  steps: v.exactOptional(wholeFrom(1, 1_000_000_000)),
  epochs: v.exactOptional(wholeFrom(1, 1_000_000)),
});

/** A training configuration with what is left open. */
export const askedTrainingSchema = v.object({
  ...trainingConfigurationSchema.entries,
  budget: askedBudgetSchema,
  clip: numberFrom(0, 1e6),
  seed: wholeFrom(0, 2_147_483_647),
  minimumCharacters: wholeFrom(0, 1_000_000_000),
  model: v.object({
    ...modelConfigurationSchema.entries,
    hidden: v.nullable(modelConfigurationSchema.entries.hidden),
    layers: v.nullable(modelConfigurationSchema.entries.layers),
  }),
  batch: v.nullable(trainingConfigurationSchema.entries.batch),
  firstBatch: v.nullable(sizeUpTo(4096)),
  sequence: v.nullable(trainingConfigurationSchema.entries.sequence),
  precision: v.nullable(v.picklist(precisions)),
  learningRate: v.nullable(numberFrom(0, 100)),
  weightDecay: v.nullable(numberFrom(0, 10)),
  dropout: v.nullable(trainingConfigurationSchema.entries.dropout),
});

export const corpusConfigurationSchema = v.object({
  include: v.pipe(v.array(v.string()), v.readonly()),
  exclude: v.pipe(v.array(v.string()), v.readonly()),
  maxFileBytes: sizeUpTo(1_000_000_000),
  /** Runs of version 0.1.0 have none. */
  maxCorpusBytes: v.optional(sizeUpTo(1_000_000_000), defaultCorpus.maxCorpusBytes),
});

export const qualitySchema = v.object({ nats: finite, bitsPerCharacter: finite, perplexity: finite });

/** A measured number: where it is not finite, JSON has null in its place, and it is NaN. */
const measured = v.union([
  v.number(),
  v.nan(),
  v.pipe(
    v.null(),
    v.transform(() => NaN),
  ),
]);

/** When something was measured, in milliseconds since 1970; runs of version 0.1.0 have none. */
const measuredAt = v.exactOptional(count);

/** `current.json`: the model in use. */
export const currentSchema = v.object({ model: identifier });
export type Current = v.InferOutput<typeof currentSchema>;

export const fileHashSchema = v.object({ name: v.string(), bytes: count, sha256 });
export type FileHash = v.InferOutput<typeof fileHashSchema>;

/** `models/<id>/manifest.json`, written last: a folder without one is no model. */
export const manifestSchema = v.object({
  formatVersion: readableVersion,
  id: identifier,
  /** The run that made it; names a folder of `runs/`. */
  run: identifier,
  createdAt: v.pipe(v.string(), v.isoTimestamp()),
  model: modelConfigurationSchema,
  /** Code points of the vocabulary, ascending (text/vocabulary.ts says how tokens number them). */
  codePoints: v.array(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(0x10ffff))),
  step: count,
  /** On the validation part; null before the first measurement. */
  validation: v.nullable(qualitySchema),
  test: v.nullable(qualitySchema),
  /** Every graph of the folder. */
  files: v.array(fileHashSchema),
});
export type Manifest = v.InferOutput<typeof manifestSchema>;

export const splitPartSchema = v.picklist(['training', 'validation', 'test']);
export type SplitPart = v.InferOutput<typeof splitPartSchema>;

/** Where one file of the corpus went. `tail`: its first part trains and its last part validates. */
export const splitEntrySchema = v.object({
  path: v.string(),
  sha256,
  part: v.union([splitPartSchema, v.literal('tail')]),
});
export type SplitEntry = v.InferOutput<typeof splitEntrySchema>;

export const workspaceFolderSchema = v.object({ directory: v.string(), name: v.string() });

/** `runs/<id>/configuration.json`. */
export const runConfigurationSchema = v.object({
  formatVersion: readableVersion,
  run: identifier,
  createdAt: v.pipe(v.string(), v.isoTimestamp()),
  folders: v.array(workspaceFolderSchema),
  corpus: corpusConfigurationSchema,
  training: trainingConfigurationSchema,
  codePoints: v.array(count),
  split: v.array(splitEntrySchema),
});
export type RunConfiguration = v.InferOutput<typeof runConfigurationSchema>;

/** What a training begins with; a continued run writes one again, at the step it goes on from. */
export const startMeasurementSchema = v.object({
  type: v.literal('start'),
  step: count,
  trainCharacters: count,
  validationCharacters: count,
  testCharacters: count,
  vocabulary: count,
  uniform: qualitySchema,
  unigram: v.nullable(qualitySchema),
  /** What a general compressor needs for the validation part once it has read the training part; runs of version 0.1.0 have none. */
  compressor: v.exactOptional(v.object({ name: v.string(), ...qualitySchema.entries })),
  at: measuredAt,
  /** Trained before, pauses left out; left out where the run begins, and in runs of version 0.1.0. */
  seconds: v.exactOptional(finite),
  /** How it trains, and why what the user left open is as it is; runs of version 0.1.0 have none. */
  training: v.exactOptional(trainingConfigurationSchema),
  reasons: v.exactOptional(v.array(v.string())),
});
export type StartMeasurement = v.InferOutput<typeof startMeasurementSchema>;

export const progressMeasurementSchema = v.object({
  type: v.literal('progress'),
  step: count,
  /** Characters trained on since the run began. */
  characters: count,
  /** Since training began, pauses left out. */
  seconds: finite,
  charactersPerSecond: measured,
  nats: measured,
  perplexity: measured,
  /** Before clipping. */
  gradientNorm: measured,
  learningRate: measured,
  at: measuredAt,
});
export type ProgressMeasurement = v.InferOutput<typeof progressMeasurementSchema>;

export const validationMeasurementSchema = v.object({
  type: v.literal('validation'),
  step: count,
  nats: measured,
  bitsPerCharacter: measured,
  perplexity: measured,
  at: measuredAt,
});
export type ValidationMeasurement = v.InferOutput<typeof validationMeasurementSchema>;

/** A line of `runs/<id>/history.jsonl`. */
export const measurementSchema = v.variant('type', [
  startMeasurementSchema,
  progressMeasurementSchema,
  validationMeasurementSchema,
  v.object({ type: v.literal('export'), step: count, model: identifier }),
]);
export type Measurement = v.InferOutput<typeof measurementSchema>;

/** `runs/<id>/note.json`: what its user calls a run, and says of it; both may be empty. */
export const runNoteSchema = v.object({
  name: v.pipe(v.string(), v.maxLength(200)),
  note: v.pipe(v.string(), v.maxLength(10_000)),
});
export type RunNote = v.InferOutput<typeof runNoteSchema>;

/** A line of `runs/<id>/samples.jsonl`: what the model of an export writes, from the same beginning and seed every time. */
export const sampleSchema = v.object({
  step: count,
  at: count,
  /** Where the text begins, as a file of the validation part does. */
  prefix: v.string(),
  text: v.string(),
  temperature: v.pipe(finite, v.minValue(0)),
  seed: count,
});
export type Sample = v.InferOutput<typeof sampleSchema>;

/** What `runs/<id>/corpus.json` holds at most: it is read whole, whatever the size of the workspace. */
export const mostReported = { files: 10_000, languages: 500, leftOut: 200, pathLength: 1_000 };

const reportedPath = v.pipe(v.string(), v.maxLength(mostReported.pathLength));

const reportedFileSchema = v.object({
  path: reportedPath,
  part: splitEntrySchema.entries.part,
  characters: count,
  /** Per character of what of it is held out, in nats; null where that was not measured. */
  nats: v.nullable(finite),
});
export type ReportedFile = v.InferOutput<typeof reportedFileSchema>;

/** `runs/<id>/corpus.json`: what a run has read, and what it has left out. */
export const corpusReportSchema = v.object({
  formatVersion: readableVersion,
  files: count,
  characters: count,
  languages: v.pipe(
    v.array(v.object({ language: reportedPath, files: count, characters: count, nats: v.nullable(finite) })),
    v.maxLength(mostReported.languages),
  ),
  /** The largest ones. */
  listed: v.pipe(v.array(reportedFileSchema), v.maxLength(mostReported.files)),
  leftOut: v.pipe(
    v.array(
      v.object({
        reason: reportedPath,
        files: count,
        paths: v.pipe(v.array(reportedPath), v.maxLength(mostReported.leftOut)),
      }),
    ),
    v.maxLength(100),
  ),
});
export type CorpusReport = v.InferOutput<typeof corpusReportSchema>;

/** `checkpoint-a/manifest.json`, written last; the valid one with the larger step counts. */
export const checkpointSchema = v.object({
  formatVersion: readableVersion,
  step: count,
  /** Code points of the vocabulary that the arrays belong to, ascending. */
  codePoints: v.array(count),
  /** Seconds and characters trained so far. */
  seconds: finite,
  characters: count,
  epoch: count,
  /** Window within the epoch that comes next. */
  window: count,
  /** The first stream of that window that was not read. Runs of version 0.1.0 have none. */
  stream: v.optional(count, 0),
  /** State of every random generator by name. */
  random: v.record(v.string(), v.array(v.number())),
  /** The stretch of training that the learning rate's schedule covers, and whether it continues an earlier one. */
  leg: v.object({ budget: budgetSchema, startStep: count, startEpochs: finite, continued: v.boolean() }),
  best: v.object({ step: count, nats: finite }),
  /** Of a training on several machines: rounds that have ended, and the step at which the last one did. */
  common: v.exactOptional(v.object({ round: count, step: count })),
  files: v.array(fileHashSchema),
});
export type Checkpoint = v.InferOutput<typeof checkpointSchema>;

/** `calibration/<model id>.json`: how far the language-model memory is trusted beside this network (src/memory). */
export const calibrationSchema = v.object({
  formatVersion: readableVersion,
  /** By reading of the memory. */
  trust: v.record(v.string(), v.pipe(v.array(v.pipe(v.number(), v.minValue(0), v.maxValue(1))), v.readonly())),
  /** Models that are mixed, and by what their exponents depend on: `[rows, models]`. */
  models: v.pipe(v.array(v.string()), v.readonly()),
  exponents: v.record(v.string(), v.pipe(v.array(finite), v.readonly())),
});
export type Calibration = v.InferOutput<typeof calibrationSchema>;

const probability = v.pipe(finite, v.minValue(0), v.maxValue(1));

/** What is shown at a threshold, and how much of it is right. */
export const operatingPointSchema = v.object({
  threshold: probability,
  shownShare: probability,
  precision: v.nullable(probability),
});

/** How often what is offered is right, by its confidence, and what is shown when more is asked for. */
export const confidenceCurvesSchema = v.object({
  reliability: v.pipe(
    v.array(v.object({ from: probability, to: probability, count, confidence: probability, right: probability })),
    v.maxLength(100),
    v.readonly(),
  ),
  operatingPoints: v.pipe(v.array(operatingPointSchema), v.maxLength(100), v.readonly()),
});

const fittedConfidenceSchema = v.object({
  /** Places that it was fitted to. */
  places: count,
  /** What was mixed, by name; of the network alone, and before it was written down, nothing. */
  models: v.optional(v.pipe(v.array(v.string()), v.readonly())),
  /** Of these places, each half of them judged by a fit to the other; what an export brings along has none. */
  curves: v.exactOptional(confidenceCurvesSchema),
  coefficients: v.pipe(v.array(finite), v.readonly()),
  offsets: v.pipe(v.record(v.string(), finite), v.readonly()),
});

/** `calibration/<model id>.confidence.json`: what confidence means for a model, for the memory, and for both together. */
export const confidenceSchema = v.object({
  formatVersion: readableVersion,
  network: v.optional(fittedConfidenceSchema),
  memory: v.optional(fittedConfidenceSchema),
  both: v.optional(fittedConfidenceSchema),
});
export type Confidence = v.InferOutput<typeof confidenceSchema>;
export type FittedConfidence = v.InferOutput<typeof fittedConfidenceSchema>;
