/**
 * What one model loses that several machines train by rounds, at equal characters: `npm run bench -- rounds [--machines 1,2,4]
 * [--rounds 50,500] [--outer 0.7/0.9,1/0] [--steps 4000] [--text tinyshakespeare|source] [--seeds 1] [--hidden 128] [--batch 8]
 * [--sequence 32]`. All machines of a training run in this process, step by step in turn, by the loop of `recur train`; they meet
 * in memory.
 */
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { defaultCorpus, defaultTraining, type TrainingConfiguration } from '../src/core/configuration';
import { silentLogger } from '../src/core/logger';
import type { OuterSettings } from '../src/core/roundSettings';
import { streamCorpus } from '../src/corpus/readCorpus';
import type { EncodedDocument } from '../src/text/encodedDocument';
import { buildVocabulary, encodeDocument, encodeHeader } from '../src/text/vocabulary';
import { noInterventions } from '../src/training/loop/interventions';
import { trainModel, type TrainedModel, type TrainingData } from '../src/training/loop/trainingLoop';
import { loadTensorFlow } from '../src/training/tensorflow/tensorflow';
import { createMeeting } from './rounds/meeting';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');

const { values: options } = parseArgs({
  options: {
    machines: { type: 'string', default: '2,4' },
    rounds: { type: 'string', default: '50,500' },
    outer: { type: 'string', default: '0.7/0.9' },
    steps: { type: 'string', default: '4000' },
    seeds: { type: 'string', default: '1' },
    hidden: { type: 'string', default: '128' },
    batch: { type: 'string', default: '8' },
    sequence: { type: 'string', default: '32' },
    text: { type: 'string', default: 'tinyshakespeare' },
  },
});
const numbers = (list: string): number[] => list.split(',').map(Number);

const steps = Number(options.steps);
const tensorflow = await loadTensorFlow();
const data = dataOf(options.text === 'source' ? await sourceTexts() : await bookTexts());
/** For all machines but the first: they end with the same model, and measure nothing else than it does. */
const unmeasured = { ...data, validation: data.validation.slice(0, 1).map(shortened) };
const characters = data.training.reduce((sum, tokens) => sum + tokens.length, 0);
console.log(`${options.text}: ${characters.toLocaleString('en')} characters, ${data.vocabulary.size} tokens`);

for (const seed of numbers(options.seeds)) {
  const alone = await train(1, { steps, outer: { rate: 1, momentum: 0 }, seed });
  report(`seed ${seed}, 1 machine, ${steps} steps`, alone);
  for (const machines of numbers(options.machines)) {
    // What the same number of steps gives that one machine alone can take in the time.
    report(
      `seed ${seed}, 1 machine, ${steps / machines} steps`,
      await train(1, { steps: 0, seed, total: steps / machines }),
      alone,
    );
    for (const round of numbers(options.rounds)) {
      for (const outer of options.outer.split(',').map(outerOf)) {
        const name = `seed ${seed}, ${machines} machines, rounds of ${round}, outer ${outer.rate}/${outer.momentum}`;
        report(name, await train(machines, { steps: round, outer, seed }), alone);
      }
    }
  }
}
process.exit(0);

function outerOf(text: string): OuterSettings {
  const [rate = 0, momentum = 0] = text.split('/').map(Number);
  return { rate, momentum };
}

/** Texts to train on, and one to measure on. */
interface Texts {
  readonly training: readonly (readonly [path: string, text: string])[];
  readonly validation: readonly (readonly [path: string, text: string])[];
}

async function bookTexts(): Promise<Texts> {
  const text = await readFile(join(root, 'bench/data/tinyshakespeare.txt'), 'utf8');
  const cut = Math.floor(text.length * 0.9);
  return { training: [['train.txt', text.slice(0, cut)]], validation: [['rest.txt', text.slice(cut)]] };
}

/** This project's own sources, every tenth file held out. */
async function sourceTexts(): Promise<Texts> {
  const files: [string, string][] = [];
  const folders = [{ directory: join(root, 'src'), name: 'src' }];
  await streamCorpus(folders, defaultCorpus, ({ path, text }) => void files.push([path, text]), silentLogger);
  return {
    training: files.filter((_, index) => index % 10 !== 0),
    validation: files.filter((_, index) => index % 10 === 0),
  };
}

function dataOf({ training, validation }: Texts): TrainingData {
  const vocabulary = buildVocabulary(
    training.map(([, text]) => text),
    defaultTraining.maxVocabulary,
  );
  return {
    vocabulary,
    training: training.map(([path, text]) => encodeDocument(vocabulary, path, text)),
    validation: validation.map(([path, text]) => ({
      tokens: encodeDocument(vocabulary, path, text),
      headerLength: encodeHeader(vocabulary, path).length,
    })),
    test: [],
  };
}

function shortened({ tokens, headerLength }: EncodedDocument): EncodedDocument {
  return { tokens: tokens.slice(0, headerLength + 100), headerLength };
}

interface Settings {
  /** Of a round. */
  readonly steps: number;
  readonly outer?: OuterSettings;
  readonly seed: number;
  /** Of all machines together; left out: those asked for. */
  readonly total?: number;
}

/** @returns the model that all machines end with */
async function train(machines: number, { steps: round, outer, seed, total = steps }: Settings): Promise<TrainedModel> {
  const [hidden, batch, sequence] = [Number(options.hidden), Number(options.batch), Number(options.sequence)];
  const configuration: TrainingConfiguration = {
    ...defaultTraining,
    model: { cell: 'lstm', hidden, layers: 1, embedding: 32 },
    ...{ budget: { steps: total / machines }, batch, firstBatch: batch, sequence, seed },
  };
  const meet = createMeeting(machines);
  const [model] = await Promise.all(
    Array.from({ length: machines }, (_, machine) =>
      trainModel(tensorflow, configuration, machine === 0 ? data : unmeasured, {
        ...{ resumeFrom: null, from: null, replicas: null, logger: silentLogger, startedAtMs: performance.now() },
        ...{ interventions: noInterventions, signal: new AbortController().signal },
        checkpoints: { seconds: 1e9 },
        hooks: {
          ...{ progress: () => undefined, validation: () => undefined, paused: () => undefined },
          ...{ best: () => Promise.resolve(), checkpoint: () => Promise.resolve() },
        },
        rounds:
          machines === 1 || outer === undefined
            ? undefined
            : { machine, machines, steps: round, outer, meet: meet(machine) },
      }),
    ),
  );
  return model!;
}

function report(name: string, { validation }: TrainedModel, alone?: TrainedModel): void {
  const bits = validation.bitsPerCharacter;
  const worse =
    alone === undefined ? 0 : (100 * (bits - alone.validation.bitsPerCharacter)) / alone.validation.bitsPerCharacter;
  console.log(`${name.padEnd(64)}${bits.toFixed(4)} bits/character ${worse >= 0 ? '+' : ''}${worse.toFixed(2)} %`);
}
