import * as l10n from '@vscode/l10n';
import { isAbsolute } from 'node:path';
import {
  askedByDefault,
  batchOrders,
  cells,
  defaultCompletions,
  defaultCorpus,
  defaultKeptModels,
  initialStateKinds,
  initialWeightKinds,
  maxMemoryCharacters,
  optimizers,
  multilineChoices,
  proseCompletionChoices,
  type AskedTraining,
  type CompletionConfiguration,
  type CorpusConfiguration,
} from '../core/configuration';
import { providerChoices, type ProviderChoice } from '../core/executionProviders';
import { UserError } from '../core/errors';

/** Where a setting may be set: `machine` keeps a workspace from setting it. */
export type SettingScope = 'window' | 'machine' | 'language-overridable';

interface SettingOf<Kind extends string, Value> {
  readonly kind: Kind;
  readonly default: Value;
  readonly scope: SettingScope;
}
interface NumberSetting extends SettingOf<'number' | 'integer', number> {
  readonly minimum: number;
  readonly maximum: number;
}
/** Null: chosen by the training. */
interface OptionalNumberSetting extends SettingOf<'optionalNumber' | 'optionalInteger', null> {
  readonly minimum: number;
  readonly maximum: number;
}
interface EnumSetting<Choice extends string> extends SettingOf<'enum', Choice> {
  readonly choices: readonly Choice[];
}
type Setting =
  | NumberSetting
  | OptionalNumberSetting
  | EnumSetting<string>
  | SettingOf<'boolean', boolean>
  | SettingOf<'string', string>
  | SettingOf<'globs', readonly string[]>
  | SettingOf<'switches', Switches>;

/** On or off by name; `*` stands for all others. */
export type Switches = Readonly<Record<string, boolean>>;

export const completionTriggers = ['automatic', 'manual'] as const;
export type CompletionTrigger = (typeof completionTriggers)[number];

const { model, budget } = askedByDefault;

/** Every setting of the section `recur`, by its key within it. package.json repeats them for the editor. */
export const settings = {
  'training.minutes': number(budget.minutes ?? 5, 0.05, 10_080),
  'training.cell': choice(cells, model.cell),
  'training.hidden': optionalInteger(1, 8_192),
  'training.layers': optionalInteger(1, 16),
  'training.embedding': integer(model.embedding, 0, 4_096),
  'training.batch': optionalInteger(1, 4_096),
  'training.sequence': optionalInteger(1, 4_096),
  'training.from': text('', 'machine'),
  'training.batches': choice(batchOrders, askedByDefault.batches),
  'training.optimizer': choice(optimizers, askedByDefault.optimizer),
  'training.learningRate': optionalNumber(1e-7, 100),
  'training.weightDecay': optionalNumber(0, 10),
  'training.clip': number(askedByDefault.clip, 1e-6, 1e6),
  'training.dropout': optionalNumber(0, 0.95),
  'training.threads': integer(askedByDefault.threads, 0, 1_024),
  'training.pauseOnBattery': flag(false, 'window'),
  'training.seed': integer(askedByDefault.seed, 0, 2_147_483_647),
  'training.initialWeights': choice(initialWeightKinds, askedByDefault.initialWeights),
  'training.initialState': choice(initialStateKinds, askedByDefault.initialState),
  'training.validationShare': number(askedByDefault.validationShare, 0.01, 0.5),
  'training.testShare': number(askedByDefault.testShare, 0, 0.5),
  'training.minimumCharacters': integer(askedByDefault.minimumCharacters, 1_000, 1_000_000_000),
  include: globs(defaultCorpus.include),
  exclude: globs(defaultCorpus.exclude),
  maxFileBytes: integer(defaultCorpus.maxFileBytes, 1_000, 1_000_000_000),
  maxCorpusBytes: integer(defaultCorpus.maxCorpusBytes, 100_000, 1_000_000_000),
  'inference.provider': choice(providerChoices, 'auto', 'machine'),
  'completions.enabled': flag(true, 'language-overridable'),
  'completions.languages': switches({ '*': true }),
  'completions.trigger': choice(completionTriggers, 'automatic'),
  'completions.yieldToOthers': flag(false, 'window'),
  // The editor itself waits 50 ms after a key before it asks.
  'completions.debounceMs': integer(0, 0, 5_000),
  'completions.maxCharacters': integer(defaultCompletions.maxCharacters, 1, 500),
  'completions.minimumConfidence': number(defaultCompletions.minimumConfidence, 0, 1),
  'completions.multiline': choice(multilineChoices, defaultCompletions.multiline),
  'completions.prose': choice(proseCompletionChoices, defaultCompletions.prose),
  'completions.members': flag(true, 'window'),
  'completions.memory': flag(true, 'window'),
  'completions.memoryCharacters': integer(maxMemoryCharacters, 10_000, maxMemoryCharacters),
  'completions.clipboard': flag(false, 'machine'),
  modelDirectory: text('', 'machine'),
  keepModels: integer(defaultKeptModels, 1, 1_000),
} as const satisfies Readonly<Record<string, Setting>>;

export type SettingKey = keyof typeof settings;
type SettingValue<Key extends SettingKey> =
  (typeof settings)[Key] extends EnumSetting<infer Choice>
    ? Choice
    : (typeof settings)[Key] extends OptionalNumberSetting
      ? number | null
      : (typeof settings)[Key]['default'];

/** The value of a setting as the editor has it, unchecked; undefined where it has none. */
export type SettingReader = (key: SettingKey) => unknown;

export interface TrainingSettings {
  readonly training: AskedTraining;
  readonly corpus: CorpusConfiguration;
  /** An absolute path; empty: none. */
  readonly from: string;
  readonly keepModels: number;
  readonly pauseOnBattery: boolean;
}

export interface CompletionSettings extends CompletionConfiguration {
  readonly enabled: boolean;
  readonly debounceMs: number;
  /** By the editor's language id. */
  readonly languages: Switches;
  readonly trigger: CompletionTrigger;
  /** Nothing is offered while another extension completes inline. */
  readonly yieldToOthers: boolean;
  /** Whether the members behind an access are asked for in the background. */
  readonly members: boolean;
}

/** @throws UserError naming the first setting whose value is out of its limits */
export function readTrainingSettings(reader: SettingReader): TrainingSettings {
  const read = <Key extends SettingKey>(key: Key) => readSetting(reader, key);
  return {
    training: {
      ...askedByDefault,
      model: {
        cell: read('training.cell'),
        hidden: read('training.hidden'),
        layers: read('training.layers'),
        embedding: read('training.embedding'),
      },
      budget: { minutes: read('training.minutes') },
      batch: read('training.batch'),
      sequence: read('training.sequence'),
      batches: read('training.batches'),
      optimizer: read('training.optimizer'),
      learningRate: read('training.learningRate'),
      weightDecay: read('training.weightDecay'),
      clip: read('training.clip'),
      dropout: read('training.dropout'),
      threads: read('training.threads'),
      seed: read('training.seed'),
      initialWeights: read('training.initialWeights'),
      initialState: read('training.initialState'),
      minimumCharacters: read('training.minimumCharacters'),
      validationShare: read('training.validationShare'),
      testShare: read('training.testShare'),
    },
    corpus: readCorpusSettings(reader, []),
    from: readSourcePath(reader),
    keepModels: read('keepModels'),
    pauseOnBattery: read('training.pauseOnBattery'),
  };
}

function readSourcePath(reader: SettingReader): string {
  const path = readSetting(reader, 'training.from').trim();
  if (path === '' || path === 'none' || isAbsolute(path)) return path;
  throw new UserError(
    l10n.t`The setting recur.training.from is "${path}".`,
    l10n.t('It must be empty, none, or an absolute path.'),
  );
}

/**
 * The folder of models that the user has named; undefined where none is.
 * @throws UserError where it is no absolute path
 */
export function readModelDirectory(reader: SettingReader): string | undefined {
  const named = readSetting(reader, 'modelDirectory').trim();
  if (named === '') return undefined;
  if (isAbsolute(named)) return named;
  throw new UserError(l10n.t`The setting recur.modelDirectory is "${named}".`, l10n.t('It must be an absolute path.'));
}

/** @throws UserError naming the first setting whose value is out of its limits */
export function readCompletionSettings(reader: SettingReader): CompletionSettings {
  return {
    enabled: readSetting(reader, 'completions.enabled'),
    debounceMs: readSetting(reader, 'completions.debounceMs'),
    languages: readSetting(reader, 'completions.languages'),
    trigger: readSetting(reader, 'completions.trigger'),
    yieldToOthers: readSetting(reader, 'completions.yieldToOthers'),
    maxCharacters: readSetting(reader, 'completions.maxCharacters'),
    minimumConfidence: readSetting(reader, 'completions.minimumConfidence'),
    prose: readSetting(reader, 'completions.prose'),
    multiline: readSetting(reader, 'completions.multiline'),
    members: readSetting(reader, 'completions.members'),
  };
}

/**
 * Which files are read.
 * @param excludedElsewhere globs of other settings that leave files out
 * @throws UserError naming the first setting whose value is out of its limits
 */
export function readCorpusSettings(reader: SettingReader, excludedElsewhere: readonly string[]): CorpusConfiguration {
  return {
    include: readSetting(reader, 'include'),
    exclude: [...readSetting(reader, 'exclude'), ...excludedElsewhere],
    maxFileBytes: readSetting(reader, 'maxFileBytes'),
    maxCorpusBytes: readSetting(reader, 'maxCorpusBytes'),
  };
}

/** @throws UserError where the value is none of the choices */
export function readProvider(reader: SettingReader): ProviderChoice {
  return readSetting(reader, 'inference.provider');
}

/**
 * The checked value of a setting, its default where it is not set.
 * @throws UserError where it is out of its limits
 */
export function readSetting<Key extends SettingKey>(reader: SettingReader, key: Key): SettingValue<Key> {
  const value = reader(key) ?? settings[key].default;
  const expectation = unmetExpectation(settings[key], value);
  if (expectation === undefined) return value as SettingValue<Key>;
  throw new UserError(l10n.t`The setting recur.${key} is ${JSON.stringify(value)}.`, expectation);
}

const wholeKinds: ReadonlySet<Setting['kind']> = new Set(['integer', 'optionalInteger'] as const);

/** A sentence that says what a value should be, where it is not. */
function unmetExpectation(setting: Setting, value: unknown): string | undefined {
  if (value === null && setting.default === null) return undefined;
  switch (setting.kind) {
    case 'number':
    case 'integer':
    case 'optionalNumber':
    case 'optionalInteger': {
      if (isNumberWithin(setting, value)) return undefined;
      const { minimum, maximum } = setting;
      return wholeKinds.has(setting.kind)
        ? l10n.t`It must be a whole number from ${minimum} to ${maximum}.`
        : l10n.t`It must be a number from ${minimum} to ${maximum}.`;
    }
    case 'enum':
      return setting.choices.some((known) => known === value)
        ? undefined
        : l10n.t`It must be one of ${setting.choices.join(', ')}.`;
    case 'boolean':
      return typeof value === 'boolean' ? undefined : l10n.t('It must be true or false.');
    case 'string':
      return typeof value === 'string' ? undefined : l10n.t('It must be a text.');
    case 'globs':
      return Array.isArray(value) && value.every((glob) => typeof glob === 'string')
        ? undefined
        : l10n.t('It must be a list of globs.');
    case 'switches':
      return areSwitches(value) ? undefined : l10n.t('It must be names, each with true or false.');
  }
}

function areSwitches(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return Object.values(value).every((each) => typeof each === 'boolean');
}

function isNumberWithin({ kind, minimum, maximum }: NumberSetting | OptionalNumberSetting, value: unknown): boolean {
  if (typeof value !== 'number' || !(value >= minimum && value <= maximum)) return false;
  return !wholeKinds.has(kind) || Number.isInteger(value);
}

function number(defaultValue: number, minimum: number, maximum: number): NumberSetting {
  return { kind: 'number', default: defaultValue, minimum, maximum, scope: 'window' };
}

function optionalNumber(minimum: number, maximum: number): OptionalNumberSetting {
  return { kind: 'optionalNumber', default: null, minimum, maximum, scope: 'window' };
}

function optionalInteger(minimum: number, maximum: number): OptionalNumberSetting {
  return { ...optionalNumber(minimum, maximum), kind: 'optionalInteger' };
}

function integer(defaultValue: number, minimum: number, maximum: number): NumberSetting {
  return { ...number(defaultValue, minimum, maximum), kind: 'integer' };
}

function choice<Choice extends string>(
  choices: readonly Choice[],
  defaultValue: Choice,
  scope: SettingScope = 'window',
): EnumSetting<Choice> {
  return { kind: 'enum', default: defaultValue, choices, scope };
}

function globs(defaultValue: readonly string[]): SettingOf<'globs', readonly string[]> {
  return { kind: 'globs', default: defaultValue, scope: 'window' };
}

function switches(defaultValue: Switches): SettingOf<'switches', Switches> {
  return { kind: 'switches', default: defaultValue, scope: 'window' };
}

function flag(defaultValue: boolean, scope: SettingScope): SettingOf<'boolean', boolean> {
  return { kind: 'boolean', default: defaultValue, scope };
}

function text(defaultValue: string, scope: SettingScope): SettingOf<'string', string> {
  return { kind: 'string', default: defaultValue, scope };
}
