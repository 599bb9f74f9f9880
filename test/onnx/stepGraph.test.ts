import { describe, expect, it } from 'vitest';
import { createRandom } from '../../src/core/random';
import { exportModel } from '../../src/onnx/exportModel';
import { quantizeTurned } from '../../src/onnx/quantizedMatrix';
import { stepGraph } from '../../src/onnx/stepGraph';
import { openGraph, relativeDifference, zeroStates } from './onnxGraph';
import { asciiVocabulary, randomWeights, shapeName, shapes } from './randomWeights';

const size = 20;
/** Rounding to 7 and 8 bits, with weights that are large for a network. */
const tolerance = 0.06;

describe.each(shapes.map((shape) => ({ name: shapeName(shape), shape })))('$name', ({ shape }) => {
  it('is at every step what the export is, but for rounding', async () => {
    const exported = exportModel(randomWeights(shape, size), asciiVocabulary(size), {
      ...{ step: 0, validation: null, test: null },
    });
    const [graph, steps] = [await openGraph(exported), await openGraph(stepGraph(exported))];
    let states: Parameters<typeof graph>[1] = zeroStates(shape, 1);
    for (let step = 0; step < 20; step++) {
      const ids = [[(7 * step + 3) % size]];
      const [expected, actual] = [await graph(ids, states), await steps(ids, states)];
      expect(relativeDifference(actual.logits, expected.logits)).toBeLessThan(tolerance);
      for (const [name, state] of Object.entries(expected.states)) {
        const difference = relativeDifference(actual.states[name]!.data as Float32Array, state.data as Float32Array);
        expect(difference).toBeLessThan(tolerance);
      }
      states = expected.states;
    }
  });
});

describe('quantizing', () => {
  it('is off by half a unit of the last place of a column at most', () => {
    const random = createRandom(3);
    const [rows, columns] = [11, 5];
    const turned = Float32Array.from(
      { length: rows * columns },
      (_, index) => random.normal() * 10 ** Math.floor(index / rows),
    );
    const { integers, scales } = quantizeTurned(turned, rows, columns);
    for (let column = 0; column < columns; column++) {
      const scale = scales[column]!;
      const inColumn = Array.from({ length: rows }, (_, row) => integers[row * columns + column]!);
      for (const [row, integer] of inColumn.entries()) {
        expect(Math.abs(integer * scale - turned[column * rows + row]!)).toBeLessThanOrEqual(scale * 0.5001);
      }
      expect(Math.max(...inColumn.map(Math.abs))).toBe(63);
    }
  });

  it('leaves zeros zero', () => {
    expect(quantizeTurned(new Float32Array(6), 3, 2).integers).toEqual(new Int8Array(6));
  });
});
