import { describe, expect, it } from 'vitest';
import { exportModel } from '../../src/onnx/exportModel';
import { importModel } from '../../src/onnx/importModel';
import { asciiVocabulary, randomWeights, shapeName, shapes } from './randomWeights';

const size = 20;
const metadata = { step: 3, validation: null, test: null };

describe.each(shapes.map((shape) => ({ name: shapeName(shape), shape })))('$name', ({ shape }) => {
  const weights = randomWeights(shape, size);
  // What lies between parameters is zero in every trained model.
  const used = new Float32Array(weights.layout.length);
  for (const { offset, size: length } of weights.layout.parameters) {
    used.set(weights.values.subarray(offset, offset + length), offset);
  }
  const file = exportModel(weights, asciiVocabulary(size), metadata);

  it('comes back to the bit', () => {
    expect(importModel(file, shape, size)).toEqual({ ...weights, values: used });
  });

  it('is refused as a model of another shape', () => {
    expect(() => importModel(file, { ...shape, hidden: shape.hidden + 1 }, size)).toThrow('The graph has no');
    expect(() => importModel(file, { ...shape, layers: shape.layers + 1 }, size)).toThrow('The graph has no');
    expect(() => importModel(file, shape, size + 1)).toThrow('The graph has no');
  });
});
