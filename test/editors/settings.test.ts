import { describe, expect, it } from 'vitest';
import { askedByDefault, defaultCompletions, defaultCorpus } from '../../src/core/configuration';
import { describeError } from '../../src/core/errors';
import {
  readCompletionSettings,
  readCorpusSettings,
  readProvider,
  readSetting,
  readTrainingSettings,
  type SettingKey,
} from '../../src/editors/settings';

const unset = () => undefined;
const having = (key: SettingKey, value: unknown) => (asked: SettingKey) => (asked === key ? value : undefined);

describe('settings', () => {
  it('are the defaults where nothing is set', () => {
    expect(readTrainingSettings(unset)).toEqual({
      training: askedByDefault,
      corpus: defaultCorpus,
      from: '',
      keepModels: 3,
      pauseOnBattery: false,
    });
    expect(readCompletionSettings(unset)).toEqual({
      ...{
        enabled: true,
        debounceMs: 0,
        languages: { '*': true },
        trigger: 'automatic',
        yieldToOthers: false,
        members: true,
      },
      ...defaultCompletions,
    });
    expect(readProvider(unset)).toBe('auto');
  });

  it('say which files are remembered, beside what the editor hides', () => {
    const corpus = readCorpusSettings(having('exclude', ['vendor/**']), ['**/.git']);
    expect(corpus).toEqual({ ...defaultCorpus, exclude: ['vendor/**', '**/.git'] });
    expect(readSetting(unset, 'completions.memory')).toBe(true);
  });

  it('reach the configuration of the training', () => {
    const values: Partial<Record<SettingKey, unknown>> = {
      'training.minutes': 0.5,
      'training.cell': 'gru',
      'training.layers': 2,
      'training.learningRate': 1e-3,
      exclude: ['vendor/**'],
    };
    const { training, corpus } = readTrainingSettings((key) => values[key]);
    expect(training).toEqual({
      ...askedByDefault,
      model: { ...askedByDefault.model, cell: 'gru', layers: 2 },
      budget: { minutes: 0.5 },
      learningRate: 1e-3,
    });
    expect(corpus.exclude).toEqual(['vendor/**']);
  });

  it.each<[SettingKey, unknown]>([
    ['training.hidden', 96],
    ['training.learningRate', 0.03],
    ['training.dropout', 0],
  ])('leave recur.%s open where it is empty', (key, value) => {
    expect(readSetting(unset, key)).toBeNull();
    expect(readSetting(having(key, null), key)).toBeNull();
    expect(readSetting(having(key, value), key)).toBe(value);
    expect(() => readSetting(having(key, -1), key)).toThrow(key);
  });

  it.each<[SettingKey, unknown, string]>([
    [
      'training.hidden',
      99_999,
      'The setting recur.training.hidden is 99999. It must be a whole number from 1 to 8192.',
    ],
    ['training.hidden', 2.5, 'The setting recur.training.hidden is 2.5. It must be a whole number from 1 to 8192.'],
    ['training.minutes', -1, 'The setting recur.training.minutes is -1. It must be a number from 0.05 to 10080.'],
    ['training.dropout', '0', 'The setting recur.training.dropout is "0". It must be a number from 0 to 0.95.'],
    ['training.cell', 'mlp', 'The setting recur.training.cell is "mlp". It must be one of lstm, gru, rnn.'],
    ['completions.enabled', 1, 'The setting recur.completions.enabled is 1. It must be true or false.'],
    ['exclude', 'a', 'The setting recur.exclude is "a". It must be a list of globs.'],
    [
      'completions.languages',
      { markdown: 'no' },
      'The setting recur.completions.languages is {"markdown":"no"}. It must be names, each with true or false.',
    ],
    ['modelDirectory', 7, 'The setting recur.modelDirectory is 7. It must be a text.'],
  ])('refuses recur.%s = %j in one sentence', (key, value, message) => {
    let thrown: unknown;
    try {
      readSetting(having(key, value), key);
    } catch (error) {
      thrown = error;
    }
    expect(describeError(thrown)).toBe(message);
  });
});
