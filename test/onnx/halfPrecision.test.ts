import { describe, expect, it } from 'vitest';
import { createRandom } from '../../src/core/random';
import { exportModel } from '../../src/onnx/exportModel';
import { fromHalf, storeInHalf, toHalf } from '../../src/onnx/halfPrecision';
import { importModel } from '../../src/onnx/importModel';
import { stepGraph } from '../../src/onnx/stepGraph';
import { openGraph, relativeDifference, zeroStates } from './onnxGraph';
import { asciiVocabulary, randomWeights, shapeName, shapes } from './randomWeights';

const size = 20;
const metadata = { step: 0, validation: null, test: null };

describe('a number in float16', () => {
  // Values and bits from IEEE 754-2008, binary16.
  it.each([
    [0, 0x0000],
    [-0, 0x8000],
    [1, 0x3c00],
    [-2, 0xc000],
    [0.333251953125, 0x3555],
    [65_504, 0x7bff],
    [2 ** -14, 0x0400],
    [2 ** -14 - 2 ** -24, 0x03ff],
    [2 ** -24, 0x0001],
  ])('%d is %d', (value, bits) => {
    expect(toHalf(value)).toBe(bits);
    expect(fromHalf(bits)).toBe(value);
  });

  it('is the nearest one, the even one of two', () => {
    expect(toHalf(1 + 2 ** -11)).toBe(0x3c00);
    expect(toHalf(1 + 3 * 2 ** -11)).toBe(0x3c02);
    expect(toHalf(2 ** -26)).toBe(0);
    expect(toHalf(2047.9)).toBe(toHalf(2048));
    const random = createRandom(5);
    for (let draw = 0; draw < 2000; draw++) {
      const value = random.normal() * 2 ** Math.floor(random.uniform() * 20 - 12);
      const unit = Math.max(2 ** -24, 2 ** (Math.floor(Math.log2(Math.abs(value))) - 10));
      expect(Math.abs(fromHalf(toHalf(value)) - value)).toBeLessThanOrEqual(unit / 2);
    }
  });

  it('comes back from every finite pattern of bits', () => {
    for (let bits = 0; bits < 0x7c00; bits++) {
      expect(toHalf(fromHalf(bits))).toBe(bits);
      expect(toHalf(fromHalf(bits | 0x8000))).toBe(bits | 0x8000);
    }
  });

  it.each([65_520, -1e9, Infinity, NaN])('there is none for %d', (value) => {
    expect(() => toHalf(value)).toThrow('beyond the range of float16');
  });
});

describe.each(shapes.map((shape) => ({ name: shapeName(shape), shape })))('$name stored in float16', ({ shape }) => {
  const weights = randomWeights(shape, size);
  const exported = exportModel(weights, asciiVocabulary(size), metadata);
  const stored = storeInHalf(exported);
  const rounded = { ...weights, values: weights.values.map((value) => fromHalf(toHalf(value))) };
  const expected = exportModel(rounded, asciiVocabulary(size), metadata);

  it('has each weight to eleven binary digits, in fewer bytes', () => {
    const imported = importModel(stored, shape, size);
    expect(exportModel(imported, asciiVocabulary(size), metadata)).toEqual(expected);
    expect(stored.length).toBeLessThan(exported.length);
  });

  it('computes what the rounded weights do, as a whole and step by step', async () => {
    const ids = [[3], [7], [11]];
    const [inHalf, inFull] = [await openGraph(stored), await openGraph(expected)];
    const [actual, wanted] = [await inHalf(ids, zeroStates(shape, 1)), await inFull(ids, zeroStates(shape, 1))];
    expect(relativeDifference(actual.logits, wanted.logits)).toBeLessThan(1e-5);
    expect(stepGraph(stored)).toEqual(stepGraph(expected));
  });
});
