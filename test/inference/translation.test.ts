import { describe, expect, it } from 'vitest';
import { logSumExp } from '../../src/text/metrics';
import { createRandom } from '../../src/core/random';
import { createVocabulary, encode, otherToken, tokenOf, type Vocabulary } from '../../src/text/vocabulary';
import { readPrefix } from '../../src/inference/readPrefix';
import { zeroState } from '../../src/inference/session';
import { inVocabulary } from '../../src/inference/translation';
import { never, openSession, vocabulary } from './testSession';

const session = await openSession();
const points = (text: string): number[] => Array.from(text, (character) => character.codePointAt(0)!);
const cases: { name: string; other: Vocabulary }[] = [
  { name: 'with more characters', other: createVocabulary([...vocabulary.codePoints, ...points('äöü漢字')]) },
  { name: 'with fewer characters', other: createVocabulary(points('\nabc()')) },
  { name: 'with more and fewer', other: createVocabulary(points('\nabc()äöü')) },
  { name: 'with the same ones', other: createVocabulary(vocabulary.codePoints) },
  { name: 'with none of them', other: createVocabulary(points('äöü')) },
];

const random = createRandom(3);
const logits = Float32Array.from({ length: 2 * vocabulary.size }, () => 4 * random.normal());

/** Probabilities of a row of logits, markers left out. */
function probabilities(values: Float32Array, row: number, { size }: Vocabulary): number[] {
  const total = logSumExp(values, row * size, size);
  return Array.from({ length: size }, (_, token) =>
    token < otherToken ? 0 : Math.exp(values[row * size + token]! - total),
  );
}

describe.each(cases)('a network in a vocabulary $name', ({ other }) => {
  const translated = inVocabulary(session, other).translate(logits);

  it.each([0, 1])('gives what both know what it gave before, and all the rest to the rest, in row %i', (row) => {
    const before = probabilities(logits, row, vocabulary);
    const after = probabilities(translated, row, other);
    let common = 0;
    for (const point of other.codePoints) {
      const own = tokenOf(vocabulary, point);
      if (own === otherToken) continue;
      expect(after[tokenOf(other, point)]).toBeCloseTo(before[own]!, 5);
      common += before[own]!;
    }
    expect(after.reduce((sum, probability) => sum + probability)).toBeCloseTo(1, 5);
    const known = other.codePoints.filter((point) => tokenOf(vocabulary, point) === otherToken);
    const shares = new Set(known.map((point) => after[tokenOf(other, point)]));
    expect(shares.size).toBeLessThanOrEqual(1);
    const rest = known.reduce((sum, point) => sum + after[tokenOf(other, point)]!, after[otherToken]!);
    expect(rest).toBeCloseTo(1 - common, 5);
  });

  it('reads what both know as it did before', async () => {
    const text = Array.from('a(b)\ncab').filter(
      (character) => tokenOf(other, character.codePointAt(0)!) !== otherToken,
    );
    const read = { own: encode(vocabulary, text.join('')), other: encode(other, text.join('')) };
    if (text.length === 0) return;
    const own = await readPrefix(session, read.own, zeroState(session.model), never);
    const { session: speaking, translate } = inVocabulary(session, other);
    const position = await readPrefix(speaking, read.other, zeroState(session.model), never);
    expect(position!.state).toEqual(own!.state);
    expect(position!.logits).toEqual(translate(own!.logits));
  });
});

it('is made once for a network and a vocabulary', () => {
  const [{ other }] = cases as [(typeof cases)[number]];
  expect(inVocabulary(session, other)).toBe(inVocabulary(session, other));
});

it.each(cases)('reads as many texts side by side as suit what the network runs on now, $name', ({ other }) => {
  let columns = 8;
  const moving = {
    ...session,
    get columns() {
      return columns;
    },
  };
  const translated = inVocabulary(moving, other).session;
  expect(translated.columns).toBe(8);
  columns = 256;
  expect(translated.columns).toBe(256);
});
