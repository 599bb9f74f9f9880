import { expect, it } from 'vitest';
import { heatedWords } from '../../src/surprise/heatLevels';
import { scanWords } from '../../src/surprise/wordScanning';
import { languageOf } from '../../src/text/languages';

const text = "if (a) 😀 = 'b c'; // d\r\nreturn e;";
const words = scanWords(text, languageOf('a.ts'));

/** Every character expected for sure, save for one word, which is so many bits of surprise. */
function surpriseAt(word: string, bits: number): { bits: Float64Array; entropy: Float64Array } {
  const points = Array.from(text.replace('\r\n', '\n'));
  const at = points.indexOf(word[0]!);
  return {
    bits: Float64Array.from(points, (_, index) => (index === at ? bits : 0)),
    entropy: new Float64Array(points.length),
  };
}

it.each([
  ['a', 0, []],
  ['a', 2.9, []],
  ['a', 3, [1]],
  ['a', 20, [5]],
  ['(', 3, [2]],
  ['(', 4.5, [3]],
  ['b', 3.3, [1]],
  ['d', 9, [4]],
  ['return', 5, [4]],
])('%s with %f bits of surprise has the levels %j', (word, bits, levels) => {
  const heated = heatedWords(text, words, surpriseAt(word, bits));
  expect(heated.map(({ level }) => level)).toEqual(levels);
  for (const { start, end } of heated) expect(text.slice(start, end)).toBe(word);
});

it('knows where a part of the text stands', () => {
  const from = text.indexOf('return');
  const part = { bits: Float64Array.from([30, 0, 0, 0, 0, 0, 0, 0]), entropy: new Float64Array(8) };
  expect(heatedWords(text, words, part, from)).toEqual([{ start: from, end: from + 6, level: 5 }]);
});
