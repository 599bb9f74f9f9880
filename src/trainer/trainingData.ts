import type { AskedTraining } from '../core/configuration';
import type { EncodedDocument } from '../text/encodedDocument';
import { uniformBaseline, unigramBaseline, type Quality } from '../text/metrics';
import { countCodePoints, headLength, splitFiles, type SplitEntry, type SplitPart } from '../corpus/split';
import type { TextStore } from '../text/textStore';
import { createTokens, type Tokens } from '../text/tokens';
import {
  countCharacters,
  createVocabulary,
  encodeHeader,
  headerTokens,
  vocabularyOfCounts,
  type Vocabulary,
} from '../text/vocabulary';
import type { CorpusSummary } from '../protocol/trainer';
import { lengthOf, type CorpusFile, type LeftOutPaths, type TrainingCorpus } from './trainingCorpus';

/** A corpus made ready for training. */
export interface PreparedData {
  readonly split: readonly SplitEntry[];
  /** Characters of each file of the split. */
  readonly characters: readonly number[];
  /** Paths of the documents of the validation and test parts. */
  readonly heldOutPaths: Readonly<Record<'validation' | 'test', readonly string[]>>;
  readonly leftOutPaths: LeftOutPaths;
  readonly vocabulary: Vocabulary;
  /** Views of one shared array. */
  readonly training: readonly Tokens[];
  readonly validation: readonly EncodedDocument[];
  readonly test: readonly EncodedDocument[];
  /** The validation part in the vocabulary of the model in use; empty where there is none. */
  readonly validationInUse: readonly EncodedDocument[];
  readonly summary: CorpusSummary;
  readonly baselines: { readonly uniform: Quality; readonly unigram: Quality };
}

/** What a run keeps of what it continues or starts from. */
export interface PreviousData {
  /** Empty: files are divided anew. */
  readonly split: readonly SplitEntry[];
  /** Code points that the weights know; none where they are random. */
  readonly known: readonly number[];
  /** Of the model in use, which the new one is compared with. */
  readonly inUse?: Vocabulary | undefined;
  /** Whether those that the corpus does not use may go: each costs time in every step. */
  readonly mayForget: boolean;
}

/**
 * Splits a corpus, builds its vocabulary and encodes it.
 * @param previous files keep their parts, and the vocabulary can only grow
 */
export function prepareData(
  { store, files, leftOut, leftOutPaths }: TrainingCorpus,
  configuration: Pick<AskedTraining, 'validationShare' | 'testShare' | 'maxVocabulary'>,
  previous: PreviousData,
): PreparedData {
  const sizes = files.map(({ path, sha256, range }) => ({ path, sha256, characters: lengthOf(range) }));
  const split = splitFiles(sizes, configuration, previous.split);
  const part = (name: SplitPart): CorpusFile[] =>
    files.flatMap((file, index) => pieceOf(file, split[index]!.part, name));
  const vocabulary = vocabularyOf(store, part('training'), configuration.maxVocabulary, previous);
  const encode = (name: SplitPart): EncodedDocument[] => encodeFiles(store, vocabulary, part(name));
  const [training, validation, test] = [encode('training'), encode('validation'), encode('test')];
  const trainCharacters = countText(training);
  const validationCharacters = countText(validation);
  const testCharacters = countText(test);
  const summary = {
    files: files.length,
    characters: trainCharacters + validationCharacters + testCharacters,
    vocabulary: vocabulary.size,
    ...{ trainCharacters, validationCharacters, testCharacters, leftOut },
  };
  const unigram = unigramBaseline(vocabulary, training.map(textOf), validation.map(textOf));
  return {
    ...{ split, vocabulary, validation, test, summary, leftOutPaths },
    characters: sizes.map(({ characters }) => characters),
    heldOutPaths: { validation: pathsOf(part('validation')), test: pathsOf(part('test')) },
    validationInUse: previous.inUse === undefined ? [] : encodeFiles(store, previous.inUse, part('validation')),
    training: training.map(({ tokens }) => tokens),
    baselines: { uniform: uniformBaseline(vocabulary), unigram },
  };
}

function pathsOf(files: readonly CorpusFile[]): string[] {
  return files.map(({ path }) => path);
}

/** What a file in its place gives to a part: itself, its head or tail, or nothing. */
function pieceOf(file: CorpusFile, place: SplitEntry['part'], part: SplitPart): CorpusFile[] {
  if (place !== 'tail') return place === part ? [file] : [];
  const { start, end } = file.range;
  const cut = start + headLength(end - start);
  if (part === 'training') return [{ ...file, range: { start, end: cut } }];
  return part === 'validation' && cut < end ? [{ ...file, range: { start: cut, end } }] : [];
}

/** Headers and texts, one after the other in one shared array. */
function encodeFiles(store: TextStore, vocabulary: Vocabulary, files: readonly CorpusFile[]): EncodedDocument[] {
  const headerLengths = files.map(({ path }) => countCodePoints(path) + headerTokens);
  const lengths = files.map(({ range }, index) => headerLengths[index]! + lengthOf(range));
  const all = createTokens(
    vocabulary.size,
    lengths.reduce((sum, length) => sum + length, 0),
  );
  let end = 0;
  return files.map(({ path, range }, index) => {
    const [start, headerLength] = [end, headerLengths[index]!];
    end += lengths[index]!;
    all.set(encodeHeader(vocabulary, path), start);
    store.encode(vocabulary, range, all, start + headerLength);
    return { tokens: all.subarray(start, end), headerLength };
  });
}

function textOf({ tokens, headerLength }: EncodedDocument): Tokens {
  return tokens.subarray(headerLength);
}

/** Every code point that the weights know and shall keep; new frequent ones join. ASCII is kept: whoever writes code may type it. */
function vocabularyOf(
  store: TextStore,
  training: readonly CorpusFile[],
  maxCodePoints: number,
  previous: Pick<PreviousData, 'known' | 'mayForget'>,
): Vocabulary {
  const counts = store.count(training.map(({ range }) => range));
  // Paths stand in the headers that are trained on too.
  for (const { path } of training) countCharacters(path, counts);
  const known = previous.known.filter((point) => !previous.mayForget || point < endOfAscii || counts.has(point));
  const found = vocabularyOfCounts(counts, maxCodePoints);
  const joined = found.codePoints.filter((codePoint) => !known.includes(codePoint));
  return createVocabulary([...known, ...joined.slice(0, Math.max(0, maxCodePoints - known.length))]);
}

const endOfAscii = 128;

function countText(documents: readonly EncodedDocument[]): number {
  return documents.reduce((sum, document) => sum + lengthOfText(document), 0);
}

/** Characters without the header's. */
export function lengthOfText({ tokens, headerLength }: EncodedDocument): number {
  return tokens.length - headerLength;
}
