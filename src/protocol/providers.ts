import * as v from 'valibot';

/** What a model is used for: drawing characters one by one, reading the text before a cursor, scoring whole documents. */
export const workKinds = ['completing', 'reading', 'scoring'] as const;
export type WorkKind = (typeof workKinds)[number];

const milliseconds = v.pipe(v.number(), v.finite(), v.minValue(0));

const providerTimesSchema = v.object({
  /** One character. */
  stepMs: milliseconds,
  /** 64 characters drawn one after the other. */
  completionMs: milliseconds,
  /** 1,024 characters at once. */
  prefixMs: milliseconds,
  /** 256 texts of 256 characters side by side. */
  scoringMs: milliseconds,
});
/** Medians of what a model is used for. */
export type ProviderTimes = v.InferOutput<typeof providerTimesSchema>;

export const providerTrialSchema = v.object({
  provider: v.string(),
  works: v.boolean(),
  /** Why not, or how fast: one sentence. */
  detail: v.string(),
  /** null where it does not work. */
  times: v.nullable(providerTimesSchema),
});
/** One execution provider tried on a graph. */
export type ProviderTrial = v.InferOutput<typeof providerTrialSchema>;

const providerOfWorkSchema = v.object({
  completing: v.string(),
  reading: v.string(),
  scoring: v.string(),
} satisfies Record<WorkKind, unknown>);
/** Which provider does what. */
export type ProviderOfWork = Readonly<v.InferOutput<typeof providerOfWorkSchema>>;

export const providerReportSchema = v.object({
  providers: providerOfWorkSchema,
  /** One sentence, and one more for each provider that does not work. */
  reason: v.string(),
  trials: v.array(providerTrialSchema),
});
/** What runs the model in use, and what was found out to choose it. */
export type ProviderReport = Readonly<v.InferOutput<typeof providerReportSchema>>;

/** What the nodes of one operator took on one provider. */
export interface NodeShare {
  /** In ONNX's words, for instance `LSTM`. */
  readonly operator: string;
  /** In onnxruntime's words, for instance `CPUExecutionProvider`. */
  readonly provider: string;
  readonly runs: number;
  /** Of the time of all nodes, between 0 and 1. */
  readonly share: number;
}

/** Where the nodes of a model ran that was run on one provider, by onnxruntime's own profiler. */
export interface ProviderProfile {
  readonly provider: string;
  /** What took most first. */
  readonly nodes: readonly NodeShare[];
  /** Why that is not as it was asked for, one sentence. */
  readonly problem: string | null;
}
