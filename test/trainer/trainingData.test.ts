import { describe, expect, it } from 'vitest';
import { defaultCorpus, defaultTraining } from '../../src/core/configuration';
import { silentLogger } from '../../src/core/logger';
import { uniformBaseline, unigramBaseline } from '../../src/text/metrics';
import { documentsOfPart } from '../../src/corpus/split';
import { buildVocabulary, encode, encodeDocument, encodeHeader } from '../../src/text/vocabulary';
import { readCorpus } from '../../src/corpus/readCorpus';
import { readTrainingCorpus } from '../../src/trainer/trainingCorpus';
import { prepareData } from '../../src/trainer/trainingData';
import { temporaryFolder, writeFiles } from '../corpus/temporaryFolder';

/** So many files of words with a few rare characters. */
function workspace(count: number): string {
  const directory = temporaryFolder();
  const text = (index: number): string => `const name${index} = '${'é😀x'.repeat(index % 4)}';\n`.repeat(3 + index);
  const files = Array.from({ length: count }, (_, index) => [
    `src/file${index}${'ö'.repeat(index % 2)}.ts`,
    text(index),
  ]);
  writeFiles(directory, Object.fromEntries(files) as Record<string, string>);
  return directory;
}

// Nine files are split by their tails, thirty by whole files.
describe.each([9, 30])('the data of a corpus of %d files', (count) => {
  it('are those of its documents, encoded into one shared array', async () => {
    const folders = [{ directory: workspace(count), name: '' }];
    const { documents, leftOut } = await readCorpus(folders, defaultCorpus, silentLogger);
    const corpus = await readTrainingCorpus(folders, defaultCorpus, silentLogger);
    const data = prepareData(
      corpus,
      { ...defaultTraining, maxVocabulary: 20 },
      { split: [], known: [], mayForget: false },
    );
    const part = (name: 'training' | 'validation' | 'test') => documentsOfPart(documents, data.split, name);
    const training = part('training');
    const vocabulary = buildVocabulary(
      training.flatMap(({ path, text }) => [path, text]),
      20,
    );
    expect(data.vocabulary).toEqual(vocabulary);
    const expected = training.map(({ path, text }) => Array.from(encodeDocument(vocabulary, path, text)));
    expect(data.training.map((tokens) => Array.from(tokens))).toEqual(expected);
    expect(new Set(data.training.map(({ buffer }) => buffer)).size).toBe(1);
    for (const name of ['validation', 'test'] as const) {
      const measured = data[name].map(({ tokens, headerLength }) => ({ tokens: Array.from(tokens), headerLength }));
      expect(measured).toEqual(
        part(name).map(({ path, text }) => ({
          tokens: Array.from(encodeDocument(vocabulary, path, text)),
          headerLength: encodeHeader(vocabulary, path).length,
        })),
      );
    }
    const texts = (name: 'training' | 'validation') => part(name).map(({ text }) => encode(vocabulary, text));
    expect(data.baselines).toEqual({
      uniform: uniformBaseline(vocabulary),
      unigram: unigramBaseline(vocabulary, texts('training'), texts('validation')),
    });
    expect(data.summary).toMatchObject({ files: documents.length, leftOut, vocabulary: vocabulary.size });
  });
});

it('keep the code points that a continued run knows, and let new frequent ones join', async () => {
  const corpus = await readTrainingCorpus([{ directory: workspace(12), name: '' }], defaultCorpus, silentLogger);
  const known = [0x4e00, 0x20];
  const { vocabulary } = prepareData(corpus, defaultTraining, { split: [], known, mayForget: false });
  expect(vocabulary.codePoints).toEqual(expect.arrayContaining([0x20, 'é'.codePointAt(0), 0x1f600, 0x4e00]));
  const full = prepareData(corpus, { ...defaultTraining, maxVocabulary: 2 }, { split: [], known, mayForget: false });
  expect(full.vocabulary.codePoints).toEqual([0x20, 0x4e00]);
});

it('forget what the corpus does not use, but for ASCII, where they may', async () => {
  const corpus = await readTrainingCorpus([{ directory: workspace(12), name: '' }], defaultCorpus, silentLogger);
  const [unused, unusedAscii, used] = [0x4e00, 0x7c, 'é'.codePointAt(0)!];
  const previous = { split: [], known: [unused, unusedAscii, used], mayForget: true };
  const { vocabulary } = prepareData(corpus, defaultTraining, previous);
  expect(vocabulary.codePoints).toEqual(expect.arrayContaining([unusedAscii, used]));
  expect(vocabulary.codePoints).not.toContain(unused);
});
