import { describe, expect, it } from 'vitest';
import { cells, type InitialWeights, type ModelConfiguration } from '../../../src/core/configuration';
import { gates, parameterNames, valuesOf, type Weights } from '../../../src/core/parameters';
import { createWeights } from '../../../src/training/state/initialWeights';

const modelOf = (cell: ModelConfiguration['cell']): ModelConfiguration => ({
  cell,
  hidden: 64,
  layers: 2,
  embedding: 32,
});
const create = (cell: ModelConfiguration['cell'], kind: InitialWeights, seed = 1): Weights =>
  createWeights(modelOf(cell), 80, kind, seed);

function deviation(values: Float32Array): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);
}

describe.each(cells)('initial weights of %s', (cell) => {
  it('are those of the seed', () => {
    expect(create(cell, 'default')).toEqual(create(cell, 'default'));
    expect(create(cell, 'default').values).not.toEqual(create(cell, 'default', 2).values);
  });

  it('by default are uniform in ±1/√hidden, the embedding standard normal, the forget bias 1', () => {
    const { layout, values } = create(cell, 'default');
    const bound = 1 / Math.sqrt(64);
    for (const { name } of layout.parameters) {
      const own = valuesOf(layout, values, name);
      if (name === parameterNames.embedding) expect(deviation(own)).toBeCloseTo(1, 1);
      else if (cell === 'lstm' && name.endsWith('.bias') && name.startsWith('recurrent')) {
        const forget = own.subarray(gates.lstm.indexOf('forget') * 64, (gates.lstm.indexOf('forget') + 1) * 64);
        expect([...forget]).toEqual(Array.from({ length: 64 }, () => 1));
      } else {
        expect(Math.max(...own.map(Math.abs))).toBeLessThanOrEqual(bound);
        expect(deviation(own) / (bound / Math.sqrt(3))).toBeGreaterThan(0.8);
      }
    }
  });

  it('classically are N(0, 0.01²) with zero biases', () => {
    const { layout, values } = create(cell, 'classic');
    for (const { name, shape } of layout.parameters) {
      expect(deviation(valuesOf(layout, values, name))).toBeCloseTo(shape.length > 1 ? 0.01 : 0, 3);
    }
  });
});
