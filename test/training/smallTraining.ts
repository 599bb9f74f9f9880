import { defaultTraining, type TrainingConfiguration } from '../../src/core/configuration';
import { createRandom } from '../../src/core/random';
import { buildVocabulary, encodeDocument, encodeHeader } from '../../src/text/vocabulary';
import { silentLogger } from '../../src/core/logger';
import type { Quality } from '../../src/text/metrics';
import type { Weights } from '../../src/core/parameters';
import type { ProgressMeasurement, ValidationMeasurement } from '../../src/store/files';
import { noInterventions } from '../../src/training/loop/interventions';
import type { TrainingSnapshot } from '../../src/training/state/snapshot';
import type { TrainingData, TrainingHooks, TrainingOptions } from '../../src/training/loop/trainingLoop';

const words = [
  'let',
  'const',
  'value',
  'count',
  'total',
  'return',
  'if',
  'for',
  '(',
  ')',
  '{',
  '}',
  ';',
  '=',
  '+',
  '\n',
];

/** A text of words in an order that has something to learn. */
export function wordyText(length: number, seed: number): string {
  const random = createRandom(seed);
  let text = '';
  let place = 0;
  while (text.length < length) {
    place = random.uniform() < 0.8 ? (place * 5 + 3) % words.length : random.integer(words.length);
    text += `${words[place]!} `;
  }
  return text.slice(0, length);
}

/** Documents of such texts: ten to train on, two to validate on, one to test on. */
export function smallData(extra = ''): TrainingData {
  const text = (index: number): string => wordyText(600, index + 1) + extra;
  const texts = Array.from({ length: 13 }, (_, index) => ({ path: `src/file${index}.ts`, text: text(index) }));
  const vocabulary = buildVocabulary(
    texts.slice(0, 10).map((document) => document.text),
    100,
  );
  const measured = texts.map(({ path, text }) => ({
    tokens: encodeDocument(vocabulary, path, text),
    headerLength: encodeHeader(vocabulary, path).length,
  }));
  return {
    vocabulary,
    training: measured.slice(0, 10).map(({ tokens }) => tokens),
    validation: measured.slice(10, 12),
    test: measured.slice(12),
  };
}

export function smallConfiguration(changes: Partial<TrainingConfiguration> = {}): TrainingConfiguration {
  return {
    ...defaultTraining,
    model: { cell: 'lstm', hidden: 16, layers: 1, embedding: 8 },
    budget: { steps: 60 },
    batch: 4,
    sequence: 16,
    optimizer: 'adam',
    learningRate: 1e-2,
    ...changes,
  };
}

export interface Recorded {
  readonly progress: ProgressMeasurement[];
  readonly validation: ValidationMeasurement[];
  readonly best: { weights: Weights; quality: Quality; step: number }[];
  readonly snapshots: TrainingSnapshot[];
}

/** Options whose hooks write down what happens. */
export function recordingOptions(
  changes: Partial<TrainingOptions> = {},
  hooks: Partial<TrainingHooks> = {},
): { options: TrainingOptions; recorded: Recorded } {
  const recorded: Recorded = { progress: [], validation: [], best: [], snapshots: [] };
  const options: TrainingOptions = {
    resumeFrom: null,
    from: null,
    signal: new AbortController().signal,
    logger: silentLogger,
    replicas: null,
    interventions: noInterventions,
    startedAtMs: performance.now(),
    hooks: {
      progress: (measurement) => recorded.progress.push(measurement),
      validation: (measurement) => recorded.validation.push(measurement),
      best: async (weights, quality, step) => {
        recorded.best.push({ weights: structuredClone(weights), quality, step });
        return Promise.resolve();
      },
      checkpoint: async (snapshot) => {
        recorded.snapshots.push(structuredClone(snapshot));
        return Promise.resolve();
      },
      paused: () => undefined,
      ...hooks,
    },
    ...changes,
  };
  return { options, recorded };
}
