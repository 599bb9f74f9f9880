import * as v from 'valibot';
import {
  batchOrders,
  cells,
  defaultCorpus,
  defaultLearningRates,
  defaultTraining,
  initialStateKinds,
  initialWeightKinds,
  optimizers,
  type CorpusConfiguration,
  type TrainingBudget,
  type TrainingConfiguration,
} from '../core/configuration';
import { corpusConfigurationSchema, trainingConfigurationSchema } from '../protocol/files';
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
};

/** Options that say how to train. */
export const trainingOptions: Readonly<Record<string, OptionDefinition>> = {
  minutes: number('N', `train for this long (${defaultTraining.budget.minutes ?? 0})`),
  steps: number('N', 'train for this many steps'),
  epochs: number('N', 'train for this many passes over the training part'),
  cell: choice(cells, `recurrent cell (${defaultTraining.model.cell})`),
  hidden: number('N', `hidden units of a layer (${defaultTraining.model.hidden})`),
  layers: number('N', `layers (${defaultTraining.model.layers})`),
  embedding: number('N', `width of the embedding, 0 for one-hot input (${defaultTraining.model.embedding})`),
  batch: number('N', `parallel streams (${defaultTraining.batch})`),
  sequence: number('N', `characters that gradients flow back (${defaultTraining.sequence})`),
  batches: choice(
    batchOrders,
    `order of the windows; random ones start from a fresh state (${defaultTraining.batches})`,
  ),
  optimizer: choice(optimizers, `optimizer (${defaultTraining.optimizer})`),
  'learning-rate': number('X', `peak learning rate (${describeRates()})`),
  'weight-decay': number('X', `decoupled weight decay of matrices (${defaultTraining.weightDecay})`),
  clip: number('X', `largest norm of a gradient (${defaultTraining.clip})`),
  dropout: number('X', `share of units dropped (${defaultTraining.dropout})`),
  threads: number('N', 'training threads (0: one for each physical core)'),
  seed: number('N', `random seed (${defaultTraining.seed})`),
  'initial-weights': choice(initialWeightKinds, `initial weights (${defaultTraining.initialWeights})`),
  'initial-state': choice(initialStateKinds, `initial state (${defaultTraining.initialState})`),
  'minimum-characters': number('N', `refuse a smaller corpus (${defaultTraining.minimumCharacters})`),
  'validation-share': number('X', `share held out for validation (${defaultTraining.validationShare})`),
  'test-share': number('X', `share held out for the test (${defaultTraining.testShare})`),
};

/**
 * The training configuration that the options ask for; what they leave out is the default.
 * @throws UsageError naming the option that does not fit
 */
export function readTraining(input: Arguments): TrainingConfiguration {
  const { model } = defaultTraining;
  const candidate = {
    ...defaultTraining,
    model: {
      cell: input.text('cell') ?? model.cell,
      hidden: input.number('hidden') ?? model.hidden,
      layers: input.number('layers') ?? model.layers,
      embedding: input.number('embedding') ?? model.embedding,
    },
    budget: readBudget(input),
    batch: input.number('batch') ?? defaultTraining.batch,
    sequence: input.number('sequence') ?? defaultTraining.sequence,
    batches: input.text('batches') ?? defaultTraining.batches,
    optimizer: input.text('optimizer') ?? defaultTraining.optimizer,
    learningRate: input.number('learning-rate') ?? defaultRate(input.text('optimizer')),
    weightDecay: input.number('weight-decay') ?? defaultTraining.weightDecay,
    clip: input.number('clip') ?? defaultTraining.clip,
    dropout: input.number('dropout') ?? defaultTraining.dropout,
    threads: input.number('threads') ?? defaultTraining.threads,
    seed: input.number('seed') ?? defaultTraining.seed,
    initialWeights: input.text('initial-weights') ?? defaultTraining.initialWeights,
    initialState: input.text('initial-state') ?? defaultTraining.initialState,
    minimumCharacters: input.number('minimum-characters') ?? defaultTraining.minimumCharacters,
    validationShare: input.number('validation-share') ?? defaultTraining.validationShare,
    testShare: input.number('test-share') ?? defaultTraining.testShare,
  };
  return check(trainingConfigurationSchema, candidate);
}

/** Of the optimizer; the schema refuses one that there is not. */
function defaultRate(name = defaultTraining.optimizer as string): number {
  const optimizer = optimizers.find((known) => known === name);
  return optimizer === undefined ? defaultTraining.learningRate : defaultLearningRates[optimizer];
}

function describeRates(): string {
  return optimizers.map((name) => `${name}: ${defaultLearningRates[name]}`).join(', ');
}

function readBudget(input: Arguments): TrainingBudget {
  const [minutes, steps, epochs] = [input.number('minutes'), input.number('steps'), input.number('epochs')];
  if (minutes === undefined && steps === undefined && epochs === undefined) return defaultTraining.budget;
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
