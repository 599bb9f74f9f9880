import { coefficients, defaultIterations, normalized, type Orthogonalize } from '../../optimizers/newtonSchulz';
import type { Binding, TensorId } from './binding';
import { flagAttribute, openScope, typeAttribute, type Operations } from './operations';

/** The iterations of {@link Orthogonalize} by the native library's operations, without TensorFlow.js. */
export function createFusedNewtonSchulz(binding: Binding, iterations = defaultIterations): Orthogonalize {
  return (stack, [count, rows, columns]) => {
    const operations = openScope(binding);
    try {
      let matrices = operations.floats([count, rows, columns], normalized(stack, count));
      const scaledIdentity = (factor: number): TensorId =>
        operations.floats(
          [rows, rows],
          identity(rows).map((value) => factor * value),
        );
      const constants = {
        a: scaledIdentity(coefficients.a),
        b: scaledIdentity(coefficients.b),
        c: operations.floats([], Float32Array.of(coefficients.c)),
      };
      for (let done = 0; done < iterations; done++) matrices = iterate(binding, operations, matrices, constants);
      return operations.read(matrices);
    } finally {
      operations.close();
    }
  };
}

function identity(rows: number): Float32Array {
  const values = new Float32Array(rows * rows);
  for (let row = 0; row < rows; row++) values[row * (rows + 1)] = 1;
  return values;
}

/** X ← (a I + A (b I + c A)) X, A = X Xᵀ: [count, rows, columns]. */
function iterate(
  binding: Binding,
  operations: Operations,
  matrices: TensorId,
  { a, b, c }: Readonly<Record<'a' | 'b' | 'c', TensorId>>,
): TensorId {
  const product = (left: TensorId, right: TensorId, transposed = false): TensorId =>
    operations.run(
      'BatchMatMulV2',
      [
        typeAttribute(binding, 'T', binding.TF_FLOAT),
        flagAttribute(binding, 'adj_x', false),
        flagAttribute(binding, 'adj_y', transposed),
      ],
      [left, right],
      1,
    )[0]!;
  const gram = product(matrices, matrices, true); // [count, rows, rows]
  const scaled = operations.binary('Mul', gram, c);
  const inner = operations.binary('AddV2', scaled, b);
  const squared = product(gram, inner);
  const polynomial = operations.binary('AddV2', squared, a);
  const next = product(polynomial, matrices);
  operations.free(gram, scaled, inner, squared, polynomial, matrices);
  return next;
}
