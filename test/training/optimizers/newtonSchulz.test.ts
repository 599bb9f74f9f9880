import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRandom, type Random } from '../../../src/core/random';
import { createNewtonSchulz } from '../../../src/training/optimizers/newtonSchulz';
import { backends, loadTensorFlow, type LoadedTensorFlow } from '../../../src/training/tensorflow/tensorflow';

let tensorflow: LoadedTensorFlow;

beforeAll(async () => {
  tensorflow = await loadTensorFlow();
});

/** Orthonormal rows of a length, by Gram-Schmidt in float64. */
function orthonormalRows(count: number, length: number, random: Random): number[][] {
  const rows: number[][] = [];
  while (rows.length < count) {
    let row = Array.from({ length }, () => random.normal());
    for (let pass = 0; pass < 2; pass++) {
      for (const other of rows) {
        const along = dot(row, other);
        row = row.map((value, index) => value - along * other[index]!);
      }
    }
    const norm = Math.sqrt(dot(row, row));
    rows.push(row.map((value) => value / norm));
  }
  return rows;
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, index) => sum + value * b[index]!, 0);
}

/** A matrix U S Vᵀ of which the parts are known. */
interface Decomposed {
  /** Columns of U and of V. */
  readonly left: readonly number[][];
  readonly right: readonly number[][];
  readonly singular: readonly number[];
}

function randomMatrix(rows: number, columns: number, smallest: number, random: Random): Decomposed {
  const size = 10 ** (4 * random.uniform() - 2);
  return {
    left: orthonormalRows(rows, rows, random),
    right: orthonormalRows(rows, columns, random),
    singular: Array.from({ length: rows }, () => size * (smallest + (1 - smallest) * random.uniform())),
  };
}

/** U S Vᵀ, row-major. */
function compose({ left, right, singular }: Decomposed): number[] {
  const rows = left[0]!.map((_, row) =>
    right[0]!.map((__, column) =>
      singular.reduce((sum, value, index) => sum + value * left[index]![row]! * right[index]![column]!, 0),
    ),
  );
  return rows.flat();
}

/** What the iterations make of a singular value, in float64. */
function polynomial(value: number): number {
  let x = value;
  for (let iteration = 0; iteration < 4; iteration++) x = 3.4445 * x - 4.775 * x ** 3 + 2.0315 * x ** 5;
  return x;
}

function orthogonalized(matrix: Decomposed): Decomposed {
  const norm = Math.sqrt(dot(matrix.singular, matrix.singular));
  return { ...matrix, singular: matrix.singular.map((value) => polynomial(value / norm)) };
}

describe.each([
  [12, 12],
  [7, 31],
  [1, 16],
  [40, 40],
])('Newton-Schulz iterations of matrices [%d, %d]', (rows, columns) => {
  const matrices = Array.from({ length: 5 }, (_, seed) => randomMatrix(rows, columns, 0.1, createRandom(seed)));
  const stack = Float32Array.from(matrices.flatMap(compose));

  it('keep both bases and bring every singular value near 1', () => {
    const before = stack.slice();
    const result = createNewtonSchulz(tensorflow.tf)(stack, [matrices.length, rows, columns]);
    expect(stack).toEqual(before);
    const expected = matrices.map(orthogonalized);
    for (const { singular } of expected) {
      expect(Math.min(...singular)).toBeGreaterThan(0.65);
      expect(Math.max(...singular)).toBeLessThan(1.25);
    }
    const values = expected.flatMap(compose);
    expect(result.length).toBe(values.length);
    values.forEach((value, index) => expect(Math.abs(result[index]! - value)).toBeLessThan(1e-4));
  });

  it('do not depend on how large a matrix is', () => {
    const orthogonalize = createNewtonSchulz(tensorflow.tf);
    const result = orthogonalize(stack, [matrices.length, rows, columns]);
    const larger = orthogonalize(
      stack.map((value) => 1024 * value),
      [matrices.length, rows, columns],
    );
    result.forEach((value, index) => expect(larger[index]!).toBeCloseTo(value, 5));
  });
});

describe('Newton-Schulz iterations', () => {
  it('leave a matrix of zeros as it is', () => {
    const result = createNewtonSchulz(tensorflow.tf)(new Float32Array(2 * 3 * 4), [2, 3, 4]);
    expect([...result]).toEqual(Array.from({ length: 24 }, () => 0));
  });

  it('leave no tensor behind', () => {
    const { tf } = tensorflow;
    const before = tf.memory().numTensors;
    createNewtonSchulz(tf)(new Float32Array(24).fill(1), [2, 3, 4]);
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe.each(backends)('on the %s backend', (backend) => {
  afterAll(async () => {
    await loadTensorFlow();
  });

  it('Newton-Schulz iterations give the same', async (context) => {
    const loaded = await loadTensorFlow(backend).catch(() => null);
    if (loaded === null) return context.skip('this TensorFlow backend cannot be loaded here');
    const matrix = randomMatrix(9, 14, 0.1, createRandom(3));
    const result = createNewtonSchulz(loaded.tf)(Float32Array.from(compose(matrix)), [1, 9, 14]);
    compose(orthogonalized(matrix)).forEach((value, index) =>
      expect(Math.abs(result[index]! - value)).toBeLessThan(1e-4),
    );
  });
});
