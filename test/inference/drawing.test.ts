import { describe, expect, it } from 'vitest';
import { createRandom } from '../../src/core/random';
import { drawToken } from '../../src/text/tokenDrawing';
import { generateText } from '../../src/inference/drawing';
import { zeroState } from '../../src/inference/session';
import type { GeneratedText } from '../../src/protocol/engine';
import { model, openSession } from './testSession';

describe('generating text', () => {
  const request = { prefix: 'let ', length: 40, temperature: 1, seed: 3, initialState: 'zeros' } as const;

  it('is the same for the same seed, and another for another one', async () => {
    const session = await openSession();
    const texts = await Promise.all(
      [3, 3, 4].map(async (seed) => (await generateText(session, request, createRandom(seed))).text),
    );
    expect(texts[0]).toBe(texts[1]);
    expect(texts[0]).not.toBe(texts[2]);
    expect(Array.from(texts[0]!)).toHaveLength(40);
  });

  it('is greedy at temperature 0, and starts from a random state when asked to', async () => {
    const session = await openSession();
    const greedy = (seed: number, initialState: 'zeros' | 'normal'): Promise<GeneratedText> =>
      generateText(session, { ...request, temperature: 0, initialState }, createRandom(seed));
    const texts = await Promise.all([greedy(1, 'zeros'), greedy(2, 'zeros'), greedy(1, 'normal'), greedy(2, 'normal')]);
    const [first, second, third, fourth] = texts.map(({ text, confidence }) => ({ text, confidence }));
    expect(first).toEqual(second);
    expect(third).not.toEqual(first);
    expect(third).not.toEqual(fourth);
  });

  it('draws with the frequencies of the softmax at a temperature, code points only', () => {
    const logits = new Float32Array(6).fill(50, 0, 3);
    logits.set([1, 2, 3], 3);
    const random = createRandom(9);
    const counts = new Float64Array(6);
    const draws = 20_000;
    for (let count = 0; count < draws; count++) counts[drawToken(logits, 2, random)]! += 1;
    const total = Math.exp(0.5) + Math.exp(1) + Math.exp(1.5);
    expect([...counts.subarray(0, 3)]).toEqual([0, 0, 0]);
    [0.5, 1, 1.5].forEach((exponent, index) => {
      expect(counts[index + 3]! / draws).toBeCloseTo(Math.exp(exponent) / total, 1);
    });
  });
});

it('keeps the state small: one array for each kind, [layers, batch, hidden]', () => {
  expect(zeroState(model, 3).map((array) => array.length)).toEqual([2 * 3 * 12, 2 * 3 * 12]);
});
