import { expect, it } from 'vitest';
import type { Mixing } from '../../src/inference/drawnLine';
import { createLineTree, rootAt } from '../../src/inference/lineTree';
import { likelyWords } from '../../src/inference/wordSearch';
import { zeroState } from '../../src/inference/session';
import { tokenOf } from '../../src/text/vocabulary';
import { never, openSession, vocabulary } from './testSession';

/** What follows a beginning, by probability; whatever is drawn otherwise ends the line. */
const grammar: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  '': { a: 0.5, b: 0.3, '(': 0.15, ' ': 0.05 },
  a: { b: 0.6, '.': 0.4 },
  ab: { ';': 0.9, '\n': 0.1 },
  b: { c: 1 },
  bc: { ' ': 1 },
};

async function wordsOf(count: number) {
  const session = await openSession();
  const start = { state: zeroState(session.model), logits: new Float32Array(vocabulary.size) };
  const mix: Mixing = (_, drawn) => {
    const beginning = String.fromCodePoint(...drawn.map((token) => vocabulary.codePoints[token - firstToken]!));
    const logits = new Float32Array(vocabulary.size).fill(-30);
    for (const [character, probability] of Object.entries(grammar[beginning] ?? { '\n': 1 }))
      logits[tokenOf(vocabulary, character.codePointAt(0)!)] = Math.log(probability);
    return logits;
  };
  const tree = createLineTree(session, rootAt(start, mix), mix, never);
  return likelyWords(vocabulary, tree, never, count);
}
const firstToken = tokenOf(vocabulary, vocabulary.codePoints[0]!);

it('finds the most probable words, each with the probability that it stands there whole', async () => {
  const words = await wordsOf(5);
  expect(words.map(({ text }) => text).sort()).toEqual(['(', 'a', 'ab', 'bc']);
  expect(words[0]!.probability).toBeGreaterThanOrEqual(words[1]!.probability);
  const shares = Object.fromEntries(words.map(({ text, probability }) => [text, probability]));
  for (const [text, share] of Object.entries({ ab: 0.3, bc: 0.3, a: 0.2, '(': 0.15 })) {
    expect(shares[text]).toBeCloseTo(share, 4);
  }
});

it('finds no more than are wanted', async () => {
  expect((await wordsOf(2)).map(({ text }) => text).sort()).toEqual(['ab', 'bc']);
});
