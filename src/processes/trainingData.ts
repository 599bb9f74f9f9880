import type { AskedTraining } from '../core/configuration';
import type { Corpus, SourceDocument } from '../core/document';
import type { EncodedDocument } from '../core/encodedDocument';
import { uniformBaseline, unigramBaseline, type Quality } from '../core/metrics';
import { splitDocuments, type Split, type SplitEntry } from '../core/split';
import {
  buildVocabulary,
  createVocabulary,
  encode,
  encodeDocument,
  encodeHeader,
  type Vocabulary,
} from '../core/vocabulary';
import { sha256Of } from '../protocol/atomicFile';
import type { CorpusSummary } from '../protocol/trainer';

/** A corpus made ready for training. */
export interface PreparedData {
  readonly split: Split;
  readonly vocabulary: Vocabulary;
  readonly training: readonly Int32Array[];
  readonly validation: readonly EncodedDocument[];
  readonly test: readonly EncodedDocument[];
  readonly summary: CorpusSummary;
  readonly baselines: { readonly uniform: Quality; readonly unigram: Quality };
}

/** What a run keeps of what it continues or starts from. */
export interface PreviousData {
  /** Empty: files are divided anew. */
  readonly split: readonly SplitEntry[];
  /** Code points that the weights know; none where they are random. */
  readonly known: readonly number[];
}

/**
 * Splits a corpus, builds its vocabulary and encodes it.
 * @param previous files keep their parts, and the vocabulary can only grow
 */
export function prepareData(
  corpus: Corpus,
  configuration: Pick<AskedTraining, 'validationShare' | 'testShare' | 'maxVocabulary'>,
  previous: PreviousData,
): PreparedData {
  const split = splitDocuments(corpus.documents, configuration, sha256Of, previous.split);
  const vocabulary = vocabularyOf(split.training, configuration.maxVocabulary, previous.known);
  const training = split.training.map(({ path, text }) => encodeDocument(vocabulary, path, text));
  const validation = encodeForMeasuring(vocabulary, split.validation);
  const test = encodeForMeasuring(vocabulary, split.test);
  const texts = (documents: readonly SourceDocument[]): Int32Array[] =>
    documents.map(({ text }) => encode(vocabulary, text));
  const [trainTexts, validationTexts] = [texts(split.training), texts(split.validation)];
  const trainCharacters = totalLength(trainTexts);
  const validationCharacters = totalLength(validationTexts);
  const testCharacters = totalLength(texts(split.test));
  const summary = {
    files: corpus.documents.length,
    characters: trainCharacters + validationCharacters + testCharacters,
    vocabulary: vocabulary.size,
    trainCharacters,
    validationCharacters,
    testCharacters,
    leftOut: corpus.leftOut,
  };
  const unigram = unigramBaseline(vocabulary, trainTexts, validationTexts);
  return {
    split,
    vocabulary,
    training,
    validation,
    test,
    summary,
    baselines: { uniform: uniformBaseline(vocabulary), unigram },
  };
}

/** Token of text, header first, with the header's length: what measuring reads. */
function encodeForMeasuring(vocabulary: Vocabulary, documents: readonly SourceDocument[]): EncodedDocument[] {
  return documents.map(({ path, text }) => ({
    tokens: encodeDocument(vocabulary, path, text),
    headerLength: encodeHeader(vocabulary, path).length,
  }));
}

/** Every code point that the weights know; new frequent ones join. */
function vocabularyOf(
  training: readonly SourceDocument[],
  maxCodePoints: number,
  known: readonly number[],
): Vocabulary {
  // Paths stand in the headers that are trained on too.
  const texts = training.flatMap(({ path, text }) => [path, text]);
  const found = buildVocabulary(texts, maxCodePoints);
  const joined = found.codePoints.filter((codePoint) => !known.includes(codePoint));
  return createVocabulary([...known, ...joined.slice(0, Math.max(0, maxCodePoints - known.length))]);
}

function totalLength(texts: readonly Int32Array[]): number {
  return texts.reduce((sum, tokens) => sum + tokens.length, 0);
}
