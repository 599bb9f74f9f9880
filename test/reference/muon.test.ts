import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { matrixUpdates } from '../../src/training/optimizers/muon';
import { createNewtonSchulz } from '../../src/training/optimizers/newtonSchulz';
import { loadTensorFlow, type LoadedTensorFlow } from '../../src/training/tensorflow/tensorflow';

/** [outputs][inputs] */
type TorchMatrix = readonly (readonly number[])[];

interface MuonReference {
  readonly outputs: number;
  readonly inputs: number;
  readonly rate: number;
  readonly weight_decay: number;
  readonly before: TorchMatrix;
  readonly gradients: readonly TorchMatrix[];
  /** The matrix after each of the gradients. */
  readonly after: readonly TorchMatrix[];
}

const { cases } = JSON.parse(readFileSync(resolve(import.meta.dirname, 'muon.json'), 'utf8')) as {
  readonly cases: readonly MuonReference[];
};
let loaded: LoadedTensorFlow;

beforeAll(async () => {
  loaded = await loadTensorFlow();
});

/** The middle one of three gates, whose values begin after five of something else. */
const [gate, gates, offset] = [1, 3, 5];

describe.each(cases)('Muon for $outputs outputs and $inputs inputs', ({ outputs, inputs, ...reference }) => {
  const stride = gates * outputs;
  const matrix = { offset: offset + gate * outputs, inputs, outputs, stride };
  const place = (row: number, column: number): number => matrix.offset + row * stride + column;
  const flat = (values: TorchMatrix): Float32Array => {
    const result = new Float32Array(offset + inputs * stride).fill(7);
    values.forEach((row, output) => row.forEach((value, input) => (result[place(input, output)] = value)));
    return result;
  };

  it('takes the steps that PyTorch takes, and touches nothing else', () => {
    const [update, ...others] = matrixUpdates([matrix], createNewtonSchulz(loaded.tf));
    expect(others).toEqual([]);
    const parameters = flat(reference.before);
    const momentum = flat(reference.before.map((row) => row.map(() => 0)));
    const settings = { rate: reference.rate, weightDecay: reference.weight_decay };
    reference.gradients.forEach((gradient, step) => {
      update!(parameters, flat(gradient), momentum, settings);
      const expected = flat(reference.after[step]!);
      parameters.forEach((value, index) => expect(Math.abs(value - expected[index]!)).toBeLessThan(1e-5));
    });
    const own = new Set(
      Array.from({ length: inputs * outputs }, (_, i) => place(Math.floor(i / outputs), i % outputs)),
    );
    for (const values of [parameters, momentum]) {
      values.forEach((value, index) => expect(own.has(index) || value === 7).toBe(true));
    }
  });
});
