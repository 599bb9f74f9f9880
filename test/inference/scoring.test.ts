import fc from 'fast-check';
import { expect, it } from 'vitest';
import { encodeDocument, encodeHeader, otherToken, outsideCount } from '../../src/text/vocabulary';
import { scoreDocuments } from '../../src/inference/scoring';
import { zeroState } from '../../src/inference/session';
import type { FileQuality } from '../../src/protocol/engine';
import { counted, model, openSession, vocabulary } from './testSession';

const documents = Array.from({ length: 11 }, (_, index) => ({
  path: `folder/file${'x'.repeat(index % 4)}${index}.ts`,
  text:
    Array.from({ length: 1 + 37 * index }, (_, place) => String.fromCodePoint(32 + ((place * 7 + index) % 90))).join(
      '',
    ) + (index === 4 ? 'é😀' : ''),
}));

const session = await openSession();

/** -ln p of every character of one document, read at once, with the softmax written out. */
async function expectedNats(path: string, text: string): Promise<number[]> {
  const tokens = encodeDocument(vocabulary, path, text);
  const { logits } = await session.run(tokens, 1, zeroState(model));
  const header = encodeHeader(vocabulary, path).length;
  return Array.from(tokens.subarray(header), (token, place) => {
    const row = Array.from(logits.subarray((header + place - 1) * vocabulary.size, (header + place) * vocabulary.size));
    const sum = row.slice(otherToken).reduce((total, logit) => total + Math.exp(logit), 0);
    const probability = Math.exp(row[token]!) / sum / (token === otherToken ? outsideCount(vocabulary) : 1);
    return -Math.log(probability);
  });
}

it('measures each document from the zero state, its header and its neighbours left out', async () => {
  const files: FileQuality[] = [];
  const total = await scoreDocuments(session, [...documents, { path: 'empty.ts', text: '' }], (file) =>
    files.push(file),
  );
  expect(files.map(({ path }) => path).sort()).toEqual(documents.map(({ path }) => path).sort());
  const all: number[] = [];
  for (const { path, text } of documents) {
    const nats = await expectedNats(path, text);
    const file = files.find((candidate) => candidate.path === path)!;
    expect(file.characters).toBe(Array.from(text).length);
    expect(file.nats).toBeCloseTo(nats.reduce((sum, value) => sum + value, 0) / nats.length, 4);
    expect(file.perplexity).toBeCloseTo(Math.exp(file.nats), 6);
    all.push(...nats);
  }
  expect(total.characters).toBe(all.length);
  expect(total.nats).toBeCloseTo(all.reduce((sum, value) => sum + value, 0) / all.length, 4);
});

const anyDocuments = fc.array(
  fc.string({ unit: fc.constantFrom('a', 'b', ' ', '\n', '(', 'é', '😀'), maxLength: 150 }),
  { minLength: 1, maxLength: 12 },
);

/** Of each document, of all, and the logit of every character as a watcher is told it. */
async function figures(texts: readonly string[], columns: number): Promise<number[][]> {
  const nats = texts.map(() => 0);
  const logits = texts.map((): number[] => []);
  const { nats: total, characters } = await scoreDocuments(
    session,
    texts.map((text, index) => ({ path: String(index), text })),
    (file) => (nats[Number(file.path)] = file.nats),
    ({ path }) =>
      (row, offset, token) =>
        logits[Number(path)]!.push(row[offset + token]!),
    undefined,
    columns,
  );
  return [[total, characters], nats, ...logits];
}

it('gives the same figures side by side as one by one', async () => {
  await fc.assert(
    fc.asyncProperty(anyDocuments, fc.constantFrom(2, 3, 8, 256), async (texts, columns) => {
      const close = (value: number) => (Number.isNaN(value) ? NaN : (expect.closeTo(value, 4) as number));
      const alone = await figures(texts, 1);
      expect(await figures(texts, columns)).toEqual(alone.map((row) => row.map(close)));
    }),
    { numRuns: 25 },
  );
});

it('reads no more than it must where few documents are long', async () => {
  const { session: watching, fed } = counted(session);
  const texts = [...Array.from({ length: 63 }, () => 'a'), 'b'.repeat(1_000)];
  const documents = texts.map((text, index) => ({ path: String(index), text }));
  await scoreDocuments({ ...watching, columns: 64 }, documents, () => undefined);
  expect(fed()).toBeLessThan(64 * 64 + 2_000);
});
