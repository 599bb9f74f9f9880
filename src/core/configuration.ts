export const cells = ['lstm', 'gru', 'rnn'] as const;
export type Cell = (typeof cells)[number];
export const optimizers = ['muon', 'adam', 'sgd'] as const;
export type OptimizerName = (typeof optimizers)[number];
/** Peak learning rates that suit the optimizers: of Muon for its matrices (what it leaves to Adam has Adam's), of SGD for clipped gradients. */
export const defaultLearningRates: Readonly<Record<OptimizerName, number>> = { muon: 0.05, adam: 4e-3, sgd: 1 };
/** Which windows follow one another: those of a text in order, or ones from anywhere. */
export const batchOrders = ['sequential', 'random'] as const;
export type BatchOrder = (typeof batchOrders)[number];
export const initialWeightKinds = ['default', 'classic'] as const;
export type InitialWeights = (typeof initialWeightKinds)[number];
export const initialStateKinds = ['zeros', 'normal'] as const;
export type InitialState = (typeof initialStateKinds)[number];
/** Of the factors of the gradient's large products; all else is float32. */
export const precisions = ['float32', 'bfloat16'] as const;
export type Precision = (typeof precisions)[number];

/** The network's shape, but for the size of its vocabulary. */
export interface ModelConfiguration {
  readonly cell: Cell;
  /** Hidden units of each layer. */
  readonly hidden: number;
  readonly layers: number;
  /** Width of the learned embedding; 0: the first layer reads one-hot characters (as a row lookup). */
  readonly embedding: number;
}

/** How long to train; the first limit that is reached ends the run. At least one is set. */
export interface TrainingBudget {
  readonly minutes?: number;
  readonly steps?: number;
  readonly epochs?: number;
}

export interface TrainingConfiguration {
  readonly model: ModelConfiguration;
  readonly budget: TrainingBudget;
  /** Parallel streams. */
  readonly batch: number;
  /** Of these, read by each step in the first half of the budget. */
  readonly firstBatch: number;
  /** Characters of a window: how far gradients flow back in time. */
  readonly sequence: number;
  readonly batches: BatchOrder;
  readonly precision: Precision;
  readonly optimizer: OptimizerName;
  /** The highest one; of Muon for its matrices, what it leaves to Adam keeps Adam's default. */
  readonly learningRate: number;
  /** Share of the budget, at its end, over which the learning rate falls to zero; 0: it never falls. */
  readonly decayShare: number;
  /** Decoupled weight decay of matrices per step, as a share of learning rate (Adam; Muon on its own matrices). */
  readonly weightDecay: number;
  /** Largest global L2 norm of a gradient. */
  readonly clip: number;
  /** Share of units dropped between layers and before the output. */
  readonly dropout: number;
  readonly seed: number;
  readonly initialWeights: InitialWeights;
  readonly initialState: InitialState;
  /** Threads to train with, each on streams of its own; 0: one for each physical core. */
  readonly threads: number;
  /** A corpus with fewer characters is refused. */
  readonly minimumCharacters: number;
  /** Share of all characters held out for validation. */
  readonly validationShare: number;
  readonly testShare: number;
  /** Most code points of the vocabulary. */
  readonly maxVocabulary: number;
}

type Open<Settings, Key extends keyof Settings> = Omit<Settings, Key> & {
  readonly [Name in Key]: Settings[Name] | null;
};

/** What is asked for: null where the training chooses for itself (training/plan/autoConfiguration.ts). */
export type AskedTraining = Open<
  Omit<TrainingConfiguration, 'model'>,
  'batch' | 'firstBatch' | 'sequence' | 'precision' | 'learningRate' | 'weightDecay' | 'dropout'
> & { readonly model: Open<ModelConfiguration, 'hidden' | 'layers'> };

export interface CorpusConfiguration {
  /** Globs of files to read; empty: every file. */
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  readonly maxFileBytes: number;
  /** Most bytes of files that are read; of a larger workspace those changed last, and no large ones. */
  readonly maxCorpusBytes: number;
}

/** A configuration for where nothing chooses one: benchmarks, tests, and what {@link askedByDefault} does not leave open. */
export const defaultTraining: TrainingConfiguration = {
  model: { cell: 'lstm', hidden: 256, layers: 1, embedding: 64 },
  budget: { minutes: 5 },
  batch: 64,
  firstBatch: 64,
  sequence: 64,
  batches: 'sequential',
  precision: 'float32',
  optimizer: 'muon',
  learningRate: defaultLearningRates.muon,
  decayShare: 1,
  weightDecay: 0,
  clip: 1,
  dropout: 0,
  seed: 1,
  initialWeights: 'default',
  initialState: 'zeros',
  threads: 0,
  minimumCharacters: 20_000,
  validationShare: 0.08,
  testShare: 0.08,
  maxVocabulary: 2_000,
};

/** What a user who sets nothing asks for. */
export const askedByDefault: AskedTraining = {
  ...defaultTraining,
  model: { ...defaultTraining.model, hidden: null, layers: null },
  batch: null,
  firstBatch: null,
  sequence: null,
  precision: null,
  learningRate: null,
  weightDecay: null,
  dropout: null,
};

export const defaultCorpus: CorpusConfiguration = {
  include: [],
  exclude: [],
  maxFileBytes: 2_000_000,
  maxCorpusBytes: 50_000_000,
};

/** Exports and runs that are kept, the newest ones. */
export const defaultKeptModels = 3;

export const proseCompletionChoices = ['quiet', 'normal', 'never'] as const;
/** What is offered in comments and prose; `quiet`: only what is half as likely to be wrong as it may be in code. */
export type ProseCompletions = (typeof proseCompletionChoices)[number];

export const multilineChoices = ['auto', 'never', 'always'] as const;
/** Whether lines below the cursor's are completed too; `auto`: where the model is confident. */
export type Multiline = (typeof multilineChoices)[number];

/** Which completions are offered. */
export interface CompletionConfiguration {
  /** Longest completion of a line, in code points. */
  readonly maxCharacters: number;
  /** Completions whose probability under the model is smaller are not offered. */
  readonly minimumConfidence: number;
  readonly prose: ProseCompletions;
  readonly multiline: Multiline;
}

export const defaultCompletions: CompletionConfiguration = {
  maxCharacters: 80,
  minimumConfidence: 0.5,
  prose: 'quiet',
  multiline: 'auto',
};

/** While a training goes on, an export that is better than the last one comes this often at most. */
export const exportIntervalMs = 15_000;

/** Most characters of a workspace that the language-model memory holds: with 20 bytes each the engine stays below 600 MB. */
export const maxMemoryCharacters = 12_000_000;
