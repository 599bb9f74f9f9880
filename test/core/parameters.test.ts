import { describe, expect, it } from 'vitest';
import { cells, type ModelConfiguration } from '../../src/core/configuration';
import { layoutOf, parameterNames, parameterOf, stateCount, valuesOf } from '../../src/core/parameters';

const vocabularySize = 11;

/** Weights and biases of a layer, counted by the equations; the GRU has a further bias inside the reset gate. */
const layerSize = {
  rnn: (input: number, hidden: number) => hidden * (input + hidden + 1),
  gru: (input: number, hidden: number) => 3 * hidden * (input + hidden + 1) + hidden,
  lstm: (input: number, hidden: number) => 4 * hidden * (input + hidden + 1),
};

const models = cells.flatMap((cell) =>
  [
    { layers: 1, embedding: 0 },
    { layers: 3, embedding: 5 },
  ].map((shape): ModelConfiguration => ({ cell, hidden: 7, ...shape })),
);

describe.each(models)('layout of $layers layers of $cell, embedding $embedding', (model) => {
  const layout = layoutOf(model, vocabularySize);

  it('has as many values as the equations', () => {
    const { cell, hidden, layers, embedding } = model;
    const input = embedding > 0 ? embedding : vocabularySize;
    const recurrent = layerSize[cell](input, hidden) + (layers - 1) * layerSize[cell](hidden, hidden);
    const expected = vocabularySize * embedding + recurrent + (hidden + 1) * vocabularySize;
    expect(layout.parameters.reduce((sum, { size }) => sum + size, 0)).toBe(expected);
    for (const { shape, size } of layout.parameters) expect(shape.reduce((a, b) => a * b)).toBe(size);
  });

  it('puts each parameter behind the one before, at multiples of 16', () => {
    let end = 0;
    for (const { offset, size } of layout.parameters) {
      expect(offset % 16).toBe(0);
      expect(offset - end).toBeGreaterThanOrEqual(0);
      expect(offset - end).toBeLessThan(16);
      end = offset + size;
    }
    expect(layout.length).toBeGreaterThanOrEqual(end);
    expect(layout.length % 16).toBe(0);
  });

  it('names every parameter once', () => {
    const names = layout.parameters.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names.includes(parameterNames.embedding)).toBe(model.embedding > 0);
    expect(names.includes(parameterNames.newHiddenBias(0))).toBe(model.cell === 'gru');
  });
});

it('gives a view of the values of a parameter', () => {
  const layout = layoutOf({ cell: 'lstm', hidden: 4, layers: 2, embedding: 3 }, vocabularySize);
  const flat = new Float32Array(layout.length);
  valuesOf(layout, flat, parameterNames.bias(1)).fill(2);
  const { offset, size } = parameterOf(layout, parameterNames.bias(1));
  expect(size).toBe(16);
  expect(flat.reduce((sum, value) => sum + value, 0)).toBe(32);
  expect(flat[offset]).toBe(2);
  expect(() => parameterOf(layout, 'nothing')).toThrow("no parameter 'nothing'");
});

it('carries a cell state for the LSTM only', () => {
  expect(cells.map((cell) => [cell, stateCount(cell)])).toEqual([
    ['lstm', 2],
    ['gru', 1],
    ['rnn', 1],
  ]);
});
