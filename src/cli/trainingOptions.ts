import * as v from 'valibot';
import {
  askedByDefault,
  batchOrders,
  cells,
  defaultCorpus,
  defaultTraining,
  initialStateKinds,
  initialWeightKinds,
  optimizers,
  precisions,
  type CorpusConfiguration,
  type ModelConfiguration,
  type TrainingBudget,
  type AskedTraining,
} from '../core/configuration';
import { corpusConfigurationSchema, askedTrainingSchema } from '../store/files';
import type { NamedTraining } from '../protocol/trainer';
import { UsageError, type Arguments, type OptionDefinition } from './command';

const number = (hint: string, description: string): OptionDefinition => ({ type: 'string', hint, description });
const choice = (choices: readonly string[], description: string): OptionDefinition => ({
  type: 'string',
  hint: choices.join('|'),
  description,
});

/** Options that say which files are read. */
export const corpusOptions: Readonly<Record<string, OptionDefinition>> = {
  include: { type: 'string', multiple: true, hint: 'GLOB', description: 'read only these files; may be repeated' },
  exclude: { type: 'string', multiple: true, hint: 'GLOB', description: 'leave these files out; may be repeated' },
  'max-file-bytes': number('N', `leave larger files out (${defaultCorpus.maxFileBytes})`),
  'max-corpus-bytes': number('N', `read no more than this, what changed last first (${defaultCorpus.maxCorpusBytes})`),
};

/** For the options whose default depends on what is trained on. */
const chosen = 'chosen from corpus, budget and speed';

/** Options that say how to train. */
export const trainingOptions: Readonly<Record<string, OptionDefinition>> = {
  minutes: number('N', `train for this long (${defaultTraining.budget.minutes ?? 0})`),
  steps: number('N', 'train for this many steps'),
  epochs: number('N', 'train for this many passes over the training part'),
  cell: choice(cells, `recurrent cell (${defaultTraining.model.cell})`),
  hidden: number('N', `hidden units of a layer (${chosen})`),
  layers: number('N', `layers (${chosen})`),
  embedding: number('N', `width of the embedding, 0 for one-hot input (${defaultTraining.model.embedding})`),
  batch: number('N', `parallel streams (${chosen})`),
  'first-batch': number(
    'N',
    'streams of a step in the first half of the budget (chosen; as --batch where that is given)',
  ),
  sequence: number('N', `characters that gradients flow back (${chosen})`),
  batches: choice(
    batchOrders,
    `order of the windows; random ones start from a fresh state (${defaultTraining.batches})`,
  ),
  precision: choice(
    precisions,
    "factors of the gradient's large products (what is faster here; float32 without --minutes)",
  ),
  optimizer: choice(optimizers, `optimizer (${defaultTraining.optimizer})`),
  'learning-rate': number('X', `peak learning rate (${chosen})`),
  'decay-share': number(
    'X',
    `share of the budget, at its end, over which the rate falls to zero (${defaultTraining.decayShare})`,
  ),
  'weight-decay': number('X', `decoupled weight decay of matrices (${chosen})`),
  clip: number('X', `largest norm of a gradient (${defaultTraining.clip})`),
  dropout: number('X', `share of units dropped (${chosen})`),
  threads: number('N', 'training threads (0: one for each physical core)'),
  seed: number('N', `random seed (${defaultTraining.seed})`),
  'initial-weights': choice(initialWeightKinds, `initial weights (${defaultTraining.initialWeights})`),
  'initial-state': choice(initialStateKinds, `initial state (${defaultTraining.initialState})`),
  'minimum-characters': number('N', `refuse a smaller corpus (${defaultTraining.minimumCharacters})`),
  'validation-share': number('X', `share held out for validation (${defaultTraining.validationShare})`),
  'test-share': number('X', `share held out for the test (${defaultTraining.testShare})`),
  'max-vocabulary': number('N', `most code points with a token of their own (${defaultTraining.maxVocabulary})`),
};

/**
 * The training that the options ask for; what they leave out is the default, or left open.
 * @throws UsageError naming the option that does not fit
 */
export function readTraining(input: Arguments): AskedTraining {
  const { model } = askedByDefault;
  const candidate = {
    ...askedByDefault,
    model: {
      cell: input.text('cell') ?? model.cell,
      hidden: input.number('hidden') ?? model.hidden,
      layers: input.number('layers') ?? model.layers,
      embedding: input.number('embedding') ?? model.embedding,
    },
    budget: readBudget(input),
    batch: input.number('batch') ?? askedByDefault.batch,
    firstBatch: input.number('first-batch') ?? askedByDefault.firstBatch,
    sequence: input.number('sequence') ?? askedByDefault.sequence,
    batches: input.text('batches') ?? askedByDefault.batches,
    precision: input.text('precision') ?? askedByDefault.precision,
    optimizer: input.text('optimizer') ?? askedByDefault.optimizer,
    learningRate: input.number('learning-rate') ?? askedByDefault.learningRate,
    decayShare: input.number('decay-share') ?? askedByDefault.decayShare,
    weightDecay: input.number('weight-decay') ?? askedByDefault.weightDecay,
    clip: input.number('clip') ?? askedByDefault.clip,
    dropout: input.number('dropout') ?? askedByDefault.dropout,
    threads: input.number('threads') ?? askedByDefault.threads,
    seed: input.number('seed') ?? askedByDefault.seed,
    initialWeights: input.text('initial-weights') ?? askedByDefault.initialWeights,
    initialState: input.text('initial-state') ?? askedByDefault.initialState,
    minimumCharacters: input.number('minimum-characters') ?? askedByDefault.minimumCharacters,
    validationShare: input.number('validation-share') ?? askedByDefault.validationShare,
    testShare: input.number('test-share') ?? askedByDefault.testShare,
    maxVocabulary: input.number('max-vocabulary') ?? askedByDefault.maxVocabulary,
  };
  return check(askedTrainingSchema, candidate);
}

/** These may be others each time that a training is gone on with. */
const changeable = ['minutes', 'steps', 'epochs', 'threads', 'decay-share'];

/** What the options name of a training that a run keeps from its beginning. */
export function readNamed(input: Arguments, { model, ...training }: AskedTraining): NamedTraining {
  const read: Readonly<Record<string, unknown>> = { ...training, ...model };
  const named = Object.keys(trainingOptions).filter(
    (option) => input.text(option) !== undefined && !changeable.includes(option),
  );
  return Object.fromEntries(
    named.flatMap((option) => {
      const name = option.replaceAll(/-[a-z]/g, (letters) => letters[1]!.toUpperCase());
      const value = read[name];
      return typeof value === 'string' || typeof value === 'number' ? [[name, value]] : [];
    }),
  );
}

/** The parts of the model's shape that the options name. */
export function readShape(input: Arguments): Partial<ModelConfiguration> {
  const cell = cells.find((known) => known === input.text('cell'));
  const sizes = (['hidden', 'layers', 'embedding'] as const).flatMap((name) => {
    const size = input.number(name);
    return size === undefined ? [] : [[name, size] as const];
  });
  return { ...(cell === undefined ? {} : { cell }), ...Object.fromEntries(sizes) };
}

function readBudget(input: Arguments): TrainingBudget {
  const [minutes, steps, epochs] = [input.number('minutes'), input.number('steps'), input.number('epochs')];
  if (minutes === undefined && steps === undefined && epochs === undefined) return askedByDefault.budget;
  return {
    ...(minutes === undefined ? {} : { minutes }),
    ...(steps === undefined ? {} : { steps }),
    ...(epochs === undefined ? {} : { epochs }),
  };
}

/** The corpus configuration that the options ask for. */
export function readCorpusOptions(input: Arguments): CorpusConfiguration {
  return check(corpusConfigurationSchema, {
    include: input.texts('include'),
    exclude: input.texts('exclude'),
    maxFileBytes: input.number('max-file-bytes') ?? defaultCorpus.maxFileBytes,
    maxCorpusBytes: input.number('max-corpus-bytes') ?? defaultCorpus.maxCorpusBytes,
  });
}

function check<TSchema extends v.GenericSchema>(schema: TSchema, candidate: unknown): v.InferOutput<TSchema> {
  const result = v.safeParse(schema, candidate);
  if (result.success) return result.output;
  const issue = result.issues[0];
  const key = v.getDotPath(issue)?.split('.').at(-1) ?? 'option';
  const option = key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  throw new UsageError(
    `--${option} does not fit: expected ${issue.expected ?? 'another value'}, received ${issue.received}.`,
  );
}
