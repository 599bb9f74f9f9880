import { describe, expect, it } from 'vitest';
import { chooseConfiguration, needsSpeed, type Circumstances } from '../../../src/training/plan/autoConfiguration';
import { askedByDefault, type AskedTraining } from '../../../src/core/configuration';

const asked = (changes: Partial<AskedTraining> = {}): AskedTraining => ({ ...askedByDefault, ...changes });
const laptop = {
  vocabularySize: 100,
  busyStreams: 16,
  operationsPerSecond: 100e9,
  fasterPrecision: 'float32',
  pretrained: false,
} as const;
const choose = (changes: Partial<AskedTraining>, circumstances: Partial<Circumstances> = {}) =>
  chooseConfiguration(asked(changes), { ...laptop, trainingCharacters: 1_000_000, ...circumstances });

describe('the chosen network', () => {
  it.each([
    [1 / 6, 1_000_000, 100e9, 128],
    [1, 1_000_000, 100e9, 256],
    [3, 1_000_000, 100e9, 320],
    [15, 1_000_000, 100e9, 512],
    [3, 50_000_000, 100e9, 320],
    [3, 1_000_000, 5e9, 128],
    [3, 1_000_000, 1e8, 64],
    [60, 30_000, 100e9, 64],
  ])('of %f minutes on %d characters at %d operations per second', (minutes, trainingCharacters, speed, hidden) => {
    const choice = choose({ budget: { minutes } }, { trainingCharacters, operationsPerSecond: speed });
    expect(choice.configuration.model.hidden).toBe(hidden);
  });

  it('grows with time, with speed and with the corpus', () => {
    const hidden = (minutes: number, trainingCharacters: number, operationsPerSecond: number): number =>
      choose({ budget: { minutes } }, { trainingCharacters, operationsPerSecond }).configuration.model.hidden;
    for (const factor of [1, 2, 4, 8, 16]) {
      expect(hidden(2 * factor, 1e6, 1e11)).toBeGreaterThanOrEqual(hidden(factor, 1e6, 1e11));
      expect(hidden(3, 1e6, 2e10 * factor)).toBeGreaterThanOrEqual(hidden(3, 1e6, 1e10 * factor));
      expect(hidden(3, 2e4 * factor, 1e11)).toBeGreaterThanOrEqual(hidden(3, 1e4 * factor, 1e11));
    }
  });
});

describe('dropout', () => {
  it.each([
    [{ epochs: 1 }, 1_000_000],
    [{ steps: 10 }, 1_000_000],
  ])('is none where the text is read once: %j', (budget, trainingCharacters) => {
    expect(choose({ budget }, { trainingCharacters, operationsPerSecond: null }).configuration.dropout).toBe(0);
  });

  it.each([
    ['of 280,000 characters that 192 units read 4.5 times', 280_000, 192, 4.5, 0.1],
    ['of a million that 256 units read eight times', 1_000_000, 256, 8, 0.05],
    ['of 60,000 that 128 units read 40 times', 60_000, 128, 40, 0.5],
  ])('is near what was best on texts %s', (_name, trainingCharacters, hidden, epochs, dropout) => {
    const model = { ...askedByDefault.model, hidden };
    expect(choose({ model, budget: { epochs } }, { trainingCharacters }).configuration.dropout).toBe(dropout);
  });

  it('rises with the passes over the text, up to a half', () => {
    const rates = [1, 10, 100, 1_000].map((epochs) => choose({ budget: { epochs } }).configuration.dropout);
    expect(rates).toEqual([...rates].sort((a, b) => a - b));
    expect(rates.at(-1)).toBe(0.5);
  });
});

describe('a corpus that is small for the time', () => {
  it('is not read for ever: it has a bound of passes beside the minutes', () => {
    const { configuration, reasons } = choose({ budget: { minutes: 30 } }, { trainingCharacters: 30_000 });
    expect(configuration.budget).toEqual({ minutes: 30, epochs: 40 });
    expect(reasons[0]).toContain('passes');
  });

  it.each([
    ['is as large as usual', {}, 1_000_000],
    ['has a network that is set', { model: { ...askedByDefault.model, hidden: 32 } }, 30_000],
    ['has a budget in steps', { budget: { steps: 1_000_000 } }, 30_000],
  ])('is read to the end of the budget where it %s', (_name, changes, trainingCharacters) => {
    const ask = { budget: { minutes: 15 }, ...changes };
    expect(choose(ask, { trainingCharacters }).configuration.budget).toEqual(ask.budget);
  });
});

describe('what is set', () => {
  it('wins', () => {
    const set: Partial<AskedTraining> = {
      model: { ...askedByDefault.model, hidden: 99, layers: 3 },
      ...{ batch: 7, firstBatch: 3, sequence: 11, precision: 'bfloat16' },
      ...{ learningRate: 0.123, weightDecay: 0.4, dropout: 0.33 },
    };
    const { configuration, reasons } = choose(set);
    expect(configuration).toEqual({ ...askedByDefault, ...set });
    expect(reasons).toEqual([]);
  });

  it.each([
    ['hidden', { model: { ...askedByDefault.model, hidden: 99 } }],
    ['dropout', { dropout: 0 }],
  ])('has no reason: %s', (name, set) => {
    const all = choose({}).reasons;
    const left = choose(set).reasons;
    expect(left).toHaveLength(all.length - 1);
    expect(left.some((reason) => reason.includes(`${name} `))).toBe(false);
  });
});

describe('a budget that is no time', () => {
  it.each([
    [{ minutes: 5 }, true],
    [{ steps: 100 }, false],
    [{ epochs: 2 }, false],
    [{ minutes: 5, steps: 100 }, false],
  ])('needs no speed: %j, %j', (budget, expected) => {
    expect(needsSpeed(asked({ budget }))).toBe(expected);
  });

  it('gives the same choice however fast the machine is', () => {
    const choices = [null, 1e8, 1e12].map((operationsPerSecond) => {
      return choose({ budget: { minutes: 5, steps: 100 } }, { operationsPerSecond }).configuration;
    });
    expect(choices[1]).toEqual(choices[0]);
    expect(choices[2]).toEqual(choices[0]);
  });
});

it.each([
  [1_000_000, 64],
  [60_000, 16],
  [5_000, 8],
])('the batch leaves a corpus of %d characters several updates in a pass: %d', (trainingCharacters, batch) => {
  expect(choose({}, { trainingCharacters }).configuration.batch).toBe(batch);
});

it.each([
  [8, {}, {}, 64],
  [64, {}, {}, 64],
  [104, {}, {}, 96],
  [128, {}, {}, 128],
  [1024, {}, {}, 128],
  [128, {}, { trainingCharacters: 60_000 }, 16],
  [128, { budget: { steps: 100 } }, {}, 64],
  [128, { batch: 64 }, {}, 64],
])('threads that %d streams keep busy get a batch of their size: %j, %j', (busyStreams, changes, known, expected) => {
  expect(choose(changes, { busyStreams, ...known }).configuration.batch).toBe(expected);
});

describe('the precision', () => {
  const fast = { fasterPrecision: 'bfloat16' } as const;

  it.each([
    ['the faster one', {}, fast, 'bfloat16'],
    ['the faster one', {}, {}, 'float32'],
    ['that of every machine, where the budget is no time', { budget: { steps: 100 } }, fast, 'float32'],
    [
      'that of every machine, where the budget is time and steps',
      { budget: { steps: 100, minutes: 1 } },
      fast,
      'float32',
    ],
    ['what is set', { precision: 'float32' }, fast, 'float32'],
    ['what is set, whatever the budget', { precision: 'bfloat16', budget: { steps: 100 } }, {}, 'bfloat16'],
  ] as const)('is %s', (_name, changes, circumstances, expected) => {
    expect(choose(changes, circumstances).configuration.precision).toBe(expected);
  });

  it('has a reason where it was chosen', () => {
    const reasons = (changes: Partial<AskedTraining>): string[] =>
      choose(changes, fast).reasons.filter((reason) => reason.includes('bfloat16'));
    expect(reasons({})).toHaveLength(1);
    expect(reasons({ precision: 'bfloat16' })).toHaveLength(0);
    expect(reasons({ budget: { steps: 1 } })).toHaveLength(0);
  });
});

describe('the batch of the first half', () => {
  const firstBatch = (changes: Partial<AskedTraining>, circumstances: Partial<Circumstances> = {}): number =>
    choose(changes, circumstances).configuration.firstBatch;

  it.each([
    ['half of the usual one', {}, {}, 32],
    ['half of the usual one as long as threads have enough streams', {}, { busyStreams: 32 }, 32],
    ['the batch, where a smaller equal part would leave threads too few streams', {}, { busyStreams: 40 }, 64],
    ['the batch of many threads', {}, { busyStreams: 128 }, 128],
    ['never larger than the batch', { batch: 8, firstBatch: 4096 }, {}, 8],
    ['that of a small corpus from the start', {}, { trainingCharacters: 60_000 }, 16],
    ['the batch that is set', { batch: 64 }, {}, 64],
    ['the batch, where the budget is no time', { budget: { steps: 100 } }, {}, 64],
    ['what is set', { batch: 64, firstBatch: 5, budget: { steps: 100 } }, {}, 5],
  ])('is %s', (_name, changes, circumstances, expected) => {
    expect(firstBatch(changes, circumstances)).toBe(expected);
  });

  it('has a reason where it differs', () => {
    const reasons = (changes: Partial<AskedTraining>): string[] =>
      choose(changes).reasons.filter((reason) => reason.startsWith('batch '));
    expect(reasons({})).toHaveLength(2);
    expect(reasons({ batch: 7 })).toHaveLength(0);
    expect(reasons({ budget: { epochs: 1 } })).toHaveLength(1);
  });
});

it.each([
  ['muon', 64, 0.05],
  ['muon', 32, 0.05],
  ['muon', 16, 0.035],
  ['muon', 8, 0.025],
  ['adam', 8, 0.004],
] as const)('the rate of %s at %d streams', (optimizer, batch, rate) => {
  expect(choose({ optimizer, batch }).configuration.learningRate).toBeCloseTo(rate, 3);
});

describe('weights that have read other text before', () => {
  const model = { ...askedByDefault.model, hidden: 512, layers: 1 };
  const adapt = (trainingCharacters: number, changes: Partial<AskedTraining> = {}) =>
    choose({ model, ...changes }, { trainingCharacters, pretrained: true });

  it.each([
    [30_000, 0.01],
    [60_000, 0.01],
    [500_000, 0.02],
    [5_000_000, 0.02],
  ])('are changed slowly: %d characters', (characters, rate) => {
    expect(adapt(characters).configuration.learningRate).toBe(rate);
  });

  it('lose nothing to decay, unless it is asked for', () => {
    expect(adapt(500_000).configuration.weightDecay).toBe(0);
    expect(adapt(500_000, { weightDecay: 0.1 }).configuration.weightDecay).toBe(0.1);
    expect(choose({ model }, { trainingCharacters: 500_000 }).configuration.weightDecay).toBe(0.1);
  });

  it('read a small corpus a few times only', () => {
    const { configuration, reasons } = adapt(60_000);
    expect(configuration.budget).toEqual({ ...askedByDefault.budget, epochs: 4 });
    expect(configuration.dropout).toBe(0.2);
    expect(reasons.join(' ')).toContain('forget');
  });

  it('read a large one as long as the time lets them', () => {
    const { configuration } = adapt(50_000_000);
    expect(configuration.budget).toEqual(askedByDefault.budget);
    expect(configuration.dropout).toBe(0.1);
  });

  it('obey what is set', () => {
    const { configuration } = adapt(60_000, { learningRate: 0.3, dropout: 0.4, budget: { epochs: 9 } });
    expect(configuration).toMatchObject({ learningRate: 0.3, dropout: 0.4, budget: { epochs: 9 } });
  });
});
