import { describe, expect, it } from 'vitest';
import type { SourceDocument } from '../../src/text/document';
import { createRandom } from '../../src/core/random';
import {
  countCodePoints,
  documentsOfPart,
  maxHeldOutLength,
  splitFiles,
  type SplitEntry,
  type SplitPart,
} from '../../src/corpus/split';
import { sha256Of } from '../../src/core/sha256';

const shares = { validationShare: 0.08, testShare: 0.08 };

/** Files of very different sizes (log-normal, as those of repositories are). */
function documentsFor(count: number, seed = 1): SourceDocument[] {
  const random = createRandom(seed);
  return Array.from({ length: count }, (_, index) => {
    const length = Math.ceil(Math.exp(7 + 1.3 * random.normal()));
    return { path: `src/part${seed}/file${index}.ts`, text: `${index} `.repeat(length).slice(0, length) };
  });
}

/** The entries of a split and the documents of its parts. */
function splitDocuments(
  documents: readonly SourceDocument[],
  wanted: typeof shares,
  previous: readonly SplitEntry[] = [],
) {
  const files = documents.map(({ path, text }) => ({
    path,
    sha256: sha256Of(text),
    characters: countCodePoints(text),
  }));
  const entries = splitFiles(files, wanted, previous);
  const part = (name: SplitPart) => documentsOfPart(documents, entries, name);
  return { entries, training: part('training'), validation: part('validation'), test: part('test') };
}

const charactersOf = (documents: readonly SourceDocument[]): number =>
  documents.reduce((sum, { text }) => sum + text.length, 0);

const partOf = (entries: readonly SplitEntry[]): Map<string, string> =>
  new Map(entries.map(({ path, part }) => [path, part]));

describe('split by whole file', () => {
  it.each(Array.from({ length: 20 }, (_, seed) => [10 + seed * seed * 3, seed]))(
    'gives every one of %i files to one part, about by the shares (seed %i)',
    (count, seed) => {
      const documents = documentsFor(count, seed);
      const { entries, training, validation, test } = splitDocuments(documents, shares);
      expect([...training, ...validation, ...test].map(({ path }) => path).sort()).toEqual(
        documents.map(({ path }) => path).sort(),
      );
      expect(entries.map(({ path }) => path)).toEqual(documents.map(({ path }) => path));
      const total = charactersOf(documents);
      for (const part of [validation, test]) {
        expect(part.length).toBeGreaterThan(0);
        expect(charactersOf(part) / total).toBeLessThanOrEqual(0.16);
        // With many files there is always one that fits.
        if (count > 100) expect(charactersOf(part) / total).toBeGreaterThanOrEqual(0.04);
      }
    },
  );

  it('is the same in any order', () => {
    const documents = documentsFor(600);
    const inOrder = partOf(splitDocuments(documents, shares).entries);
    expect(partOf(splitDocuments([...documents].reverse(), shares).entries)).toEqual(inOrder);
  });

  it.each([1, 2, 3, 4, 5])('keeps files where they were, but for a few, while others come (seed %i)', (seed) => {
    const documents = documentsFor(600, seed);
    const before = partOf(splitDocuments(documents, shares).entries);
    const grown = splitDocuments([...documents, ...documentsFor(300, seed + 10)], shares);
    const after = partOf(grown.entries);
    const moved = documents.filter(({ path }) => after.get(path) !== before.get(path));
    expect(moved.length).toBeLessThanOrEqual(0.03 * documents.length);
  });

  it('holds out no more of a huge corpus than measuring needs', () => {
    const documents = Array.from({ length: 400 }, (_, index) => ({
      path: `${index}.ts`,
      text: `${index} `.padEnd(100_000, 'x'),
    }));
    const { validation, test } = splitDocuments(documents, shares);
    for (const part of [validation, test]) {
      expect(charactersOf(part)).toBeGreaterThanOrEqual(maxHeldOutLength / 2);
      expect(charactersOf(part)).toBeLessThanOrEqual(maxHeldOutLength * 2);
    }
  });

  it('has no part for a share of 0', () => {
    const split = splitDocuments(documentsFor(50), { validationShare: 0, testShare: 0 });
    expect([split.training.length, split.validation.length, split.test.length]).toEqual([50, 0, 0]);
  });

  it('leaves something to train on however large the shares, and however unequal the files', () => {
    const large = { path: 'large.ts', text: 'x'.repeat(1_000_000) };
    const documents = [...documentsFor(11), large];
    for (const share of [0.01, 0.08, 0.5, 0.9]) {
      const split = splitDocuments(documents, { validationShare: share, testShare: share });
      expect(split.training.length).toBeGreaterThan(0);
      expect(split.validation.length).toBeGreaterThan(0);
    }
    expect(splitDocuments(documents, shares).training).toContain(large);
  });
});

describe('split of a few files', () => {
  it('validates on the last tenth of the code points of each', () => {
    const documents = [
      { path: 'a', text: '0123456789'.repeat(3) },
      { path: 'b', text: '😀'.repeat(19) + 'x' },
      { path: 'c', text: 'y' },
    ];
    const { entries, training, validation, test } = splitDocuments(documents, shares);
    expect(validation).toEqual([
      { path: 'a', text: '789' },
      { path: 'b', text: '😀x' },
    ]);
    expect(training.map(({ text }) => countCodePoints(text))).toEqual([27, 18, 1]);
    expect(test).toEqual([]);
    expect(entries.every(({ part }) => part === 'tail')).toBe(true);
    expect(entries[2]!.sha256).toBe('a1fce4363854ff888cff4b8e7875d600c2682390412a8cf79b37d0b11148b0fa');
  });

  it('measures the customary part of a text of 1,115,394 characters', () => {
    const documents = [{ path: 'tinyshakespeare.txt', text: 'x'.repeat(1_115_394) }];
    const { training, validation } = splitDocuments(documents, shares);
    expect([charactersOf(training), charactersOf(validation)]).toEqual([1_003_854, 111_540]);
  });
});

describe('split of a continued run', () => {
  const documents = documentsFor(40);
  const first = splitDocuments(documents, shares);
  const heldOut = first.validation[0]!;

  it('keeps every file, also one that was renamed or changed', () => {
    const now = documents.map((document) =>
      document === heldOut ? { ...document, path: 'renamed/elsewhere.ts' } : { ...document },
    );
    now[0] = { path: now[0]!.path, text: 'changed' };
    const parts = splitDocuments(now, shares, first.entries).entries.map(({ part }) => part);
    expect(parts).toEqual(first.entries.map(({ part }) => part));
  });

  it('keeps a split by tails when files come, and a split by files when they go', () => {
    const tails = splitDocuments(documents.slice(0, 3), shares);
    const more = splitDocuments(documents, shares, tails.entries);
    expect(new Set(more.entries.map(({ part }) => part))).toEqual(new Set(['tail']));
    const fewer = splitDocuments([heldOut, ...first.training.slice(0, 3)], shares, first.entries);
    expect(fewer.validation).toEqual([heldOut]);
    expect(fewer.training).toEqual(first.training.slice(0, 3));
  });

  it('validates on a file that was not trained on where all held-out files are gone', () => {
    const fresh = { path: 'src/new.ts', text: 'new '.repeat(100) };
    const split = splitDocuments([...first.training, fresh], shares, first.entries);
    expect(split.validation).toEqual([fresh]);
    expect(splitDocuments(first.training, shares, first.entries).validation).toHaveLength(1);
  });

  it('is found again in a corpus that is read later', () => {
    const later = [...documents, { path: 'src/new.ts', text: 'new' }];
    for (const part of ['training', 'validation', 'test'] as const) {
      expect(documentsOfPart(later, first.entries, part)).toEqual(first[part]);
    }
    const tails = splitDocuments(documents.slice(0, 3), shares);
    expect(documentsOfPart(later, tails.entries, 'validation')).toEqual(tails.validation);
  });
});
