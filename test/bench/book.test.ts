import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { drawCurves } from '../../bench/book/curves';
import { perplexities, type Experiment } from '../../bench/book/experiment';
import { normalizeText } from '../../bench/book/text';
import { loadTensorFlow } from '../../src/training/tensorflow/tensorflow';

const root = join(import.meta.dirname, '../..');

describe('the text of the book', () => {
  it.each([
    ['The Time Machine, by H. G. Wells [1898]\n\nI\n', 100, 'the time machine by h g wells i '],
    ['A  b--C', 3, 'a b'],
    ['', 10, ''],
  ])('%j is read as letters and blanks', (text, length, expected) => {
    expect(normalizeText(text, length)).toBe(expected);
  });
});

describe('the experiment of the book', () => {
  const experiment: Experiment = {
    ...{ name: 'small', cell: 'rnn', hidden: 32, batches: 'sequential', clip: 1, epochs: 12, seed: 1 },
  };
  // Long enough for some windows of 32 streams.
  const text = 'the time traveller was expounding a recondite matter to us '.repeat(80);

  it.each(['sequential', 'random'] as const)('learns all of the text in %s batches', async (batches) => {
    const perEpoch = await perplexities(await loadTensorFlow(), { ...experiment, batches }, text, root);
    expect(perEpoch).toHaveLength(12);
    expect(perEpoch[0]).toBeLessThan(27);
    expect(perEpoch.at(-1)).toBeLessThan(0.8 * perEpoch[0]!);
  });
});

describe('the picture of the curves', () => {
  const picture = drawCurves('Perplexity', [
    { label: 'clipped', perplexities: [20, 5, 1] },
    { label: 'not clipped', perplexities: [20, 1e25, Infinity] },
  ]);

  it('keeps every curve inside, however far it goes', () => {
    const lines = [...picture.matchAll(/points="([^"]+)"/g)].map(([, points]) => points!.split(/[ ,]/).map(Number));
    expect(lines.map((line) => line.length)).toEqual([6, 6]);
    const heights = lines.flatMap((line) => line.filter((_, index) => index % 2 === 1));
    expect(Math.min(...heights)).toBeGreaterThan(44);
    expect(Math.max(...heights)).toBeLessThan(380);
    expect(lines[1]![3]).toBe(lines[1]![5]);
    expect(lines[0]![3]).toBeLessThan(lines[0]![5]!);
  });

  it('has no background, and colours for a dark page', () => {
    expect(picture).toContain('prefers-color-scheme: dark');
    expect(picture).not.toContain('<rect');
  });
});
