/**
 * The language-model memory beside other forms of it: `npm run bench -- memory [FOLDER]` (node_modules/eslint/lib). Of the
 * folder's files two of 32 are held out by a hash of the path: one fits the weights, the other is measured, each file read from
 * top to bottom and then forgotten. No network: what is compared is how much the memory knows, and what it costs. Times are
 * those of the processor, so that a busy machine falsifies them less. In the end the limits, with as much text as it may hold
 * (after `npm run build`).
 */
import { resolve } from 'node:path';
import { defaultCorpus } from '../src/core/configuration';
import type { SourceDocument } from '../src/text/document';
import { surpriseNats } from '../src/text/metrics';
import { buildVocabulary, encode, encodeDocument, encodeHeader } from '../src/text/vocabulary';
import { readCorpus } from '../src/corpus/readCorpus';
import { createDocumentMemory, moveGap, typeToken, type DocumentMemory } from '../src/memory/documentMemory';
import {
  clearCounts,
  collectMatches,
  createMatchCounts,
  finishCounts,
  type MatchCounts,
} from '../src/memory/matchCounts';
import { createMemoryExpert } from '../src/memory/experts/memoryExpert';
import { initialWeights, trustOf } from '../src/memory/memoryWeights';
import { baseOfProbabilities, logProbabilities } from '../src/memory/prediction';
import { addToken, createTextChains } from '../src/memory/textChains';
import { buildWorkspaceMemory } from '../src/memory/workspaceMemory';
import { createExactCounts } from './exactCounts';
import { bytesOf } from './memory/bytes';
import { measureLimits } from './memory/limits';
import { packageFolder } from './packageFolder';
import { createSuffixArray } from './suffixArray';
import { sha256Of } from '../src/core/sha256';

const folder = process.argv[2] === undefined ? packageFolder('eslint/lib') : resolve(process.argv[2]);
const mostCharacters = 100_000;
const silent = { debug: () => undefined, info: () => undefined, warn: console.warn, error: console.error };

const { documents } = await readCorpus([{ directory: folder, name: '' }], defaultCorpus, silent);
const place = ({ path }: SourceDocument): number => Number.parseInt(sha256Of(path).slice(0, 8), 16) % 32;
const part = (wanted: number): SourceDocument[] => documents.filter((document) => place(document) === wanted);
const training = documents.filter((document) => place(document) > 1);
const trainingTexts = training.map(({ text }) => text);
const vocabulary = buildVocabulary(trainingTexts, 2000);
const encoded = training.map(({ path, text }) => encodeDocument(vocabulary, path, text));
const trainingTokens = encoded.reduce((sum, tokens) => sum + tokens.length, 0);
const base = baseOfProbabilities(buildWorkspaceMemory(vocabulary, training).frequencies);

type Collect = (counts: MatchCounts, context: Int32Array, end: number) => void;

interface Variant {
  readonly name: string;
  readonly usesDocument: boolean;
  readonly build: () => { collect: Collect; bytes: number };
}

const variants: Variant[] = [
  { name: 'chains of 3, 6, 14', usesDocument: true, build: () => withChains([3, 6, 14]) },
  { name: 'chains of 4, 12', usesDocument: true, build: () => withChains([4, 12]) },
  { name: 'chains of 3, 8', usesDocument: true, build: () => withChains([3, 8]) },
  { name: 'chains of 3, 5, 9, 16', usesDocument: true, build: () => withChains([3, 5, 9, 16]) },
  { name: 'one chain of 5', usesDocument: true, build: () => withChains([5]) },
  { name: 'exact counts', usesDocument: true, build: withExactCounts },
  { name: 'suffix array, 96 places', usesDocument: true, build: () => withSuffixArray(96) },
  { name: 'suffix array, 24 places', usesDocument: true, build: () => withSuffixArray(24) },
  { name: 'the workspace alone', usesDocument: false, build: () => withChains([3, 6, 14]) },
  {
    name: 'the current file alone',
    usesDocument: true,
    build: () => ({ collect: () => undefined, bytes: 0 }),
  },
];

function withChains(lengths: readonly number[]): ReturnType<Variant['build']> {
  const chains = createTextChains(-1, vocabulary.size, 20, trainingTokens, lengths);
  for (const tokens of encoded) for (const token of tokens) addToken(chains, token);
  return {
    collect: (counts, context, end) => collectMatches(counts, chains, context, end, 1),
    bytes: bytesOf([chains.tokens, ...chains.heads, ...chains.previous]),
  };
}

function withExactCounts(): ReturnType<Variant['build']> {
  const exact = createExactCounts(trainingTokens);
  for (const tokens of encoded) exact.add(tokens);
  return { collect: exact.collect, bytes: exact.bytes() };
}

function withSuffixArray(mostPlaces: number): ReturnType<Variant['build']> {
  const text = new Uint16Array(trainingTokens);
  let length = 0;
  for (const tokens of encoded) {
    text.set(tokens, length);
    length += tokens.length;
  }
  return createSuffixArray(text, vocabulary.size, mostPlaces);
}

const cpuMs = (): number => process.cpuUsage().user / 1000;

function read(
  files: readonly SourceDocument[],
  onToken: (tokens: Int32Array, end: number, document: DocumentMemory) => void,
): number {
  let characters = 0;
  for (const { path, text } of files) {
    const header = encodeHeader(vocabulary, path);
    const document = createDocumentMemory(vocabulary.size, header);
    const tokens = encodeDocument(vocabulary, path, text);
    for (let end = header.length; end < tokens.length && characters < mostCharacters; end++, characters++) {
      onToken(tokens, end, document);
      typeToken(document, tokens[end]!);
    }
  }
  return characters;
}

function measure({ name, usesDocument, build }: Variant): void {
  const startMs = cpuMs();
  const { collect, bytes } = build();
  const builtMs = cpuMs() - startMs;
  const counts = createMatchCounts(vocabulary.size);
  const expert = createMemoryExpert(counts, trustOf(initialWeights(), 'all'), vocabulary.size);
  const predicted = new Float32Array(vocabulary.size);
  const predict = (tokens: Int32Array, end: number, document: DocumentMemory): Float32Array => {
    clearCounts(counts);
    if (usesDocument) collectMatches(counts, document.before, tokens, end, 16);
    collect(counts, tokens, end);
    finishCounts(counts);
    logProbabilities(expert.predict(base), predicted);
    return predicted;
  };
  read(part(0), (tokens, end, document) => {
    predict(tokens, end, document);
    expert.learn(tokens[end]!);
  });
  let nats = 0;
  const readMs = cpuMs();
  const characters = read(part(1), (tokens, end, document) => {
    nats += surpriseNats(vocabulary, predict(tokens, end, document), 0, tokens[end]!);
  });
  const queryUs = ((cpuMs() - readMs) * 1000) / characters;
  console.log(
    `${name.padEnd(24)}${builtMs.toFixed(0).padStart(6)} ms to build,${(bytes / 1e6).toFixed(0).padStart(4)} MB` +
      ` (${(bytes / trainingTokens).toFixed(1)} B a character), ${queryUs.toFixed(1)} us to ask and type a character,` +
      ` ${(nats / characters / Math.LN2).toFixed(3)} bits per character`,
  );
}

const count = (files: readonly SourceDocument[]): number => files.reduce((sum, { text }) => sum + text.length, 0);
console.log(
  `${folder}: ${count(training)} characters remembered, ${count(part(0))} to fit, ${count(part(1))} to measure` +
    ` (${mostCharacters} of each at most)`,
);
for (const variant of variants) measure(variant);

// What an edit costs: the gap of a long document moved from end to end.
const long = encode(vocabulary, trainingTexts.join('').slice(0, 200_000));
const document = createDocumentMemory(vocabulary.size, long);
for (let round = 0; round < 3; round++) {
  const startMs = cpuMs();
  moveGap(document, round % 2 === 0 ? 0 : long.length);
  console.log(`the gap moved past ${long.length} characters: ${(cpuMs() - startMs).toFixed(0)} ms`);
}

await measureLimits();
