import type { Tensor2D, Tensor3D, TensorFlow } from '../tensorflow/tensorflow';

/**
 * Replaces the singular values of matrices by ones, about.
 * @param stack [count, rows, columns], rows at most as many as columns; no value of it is kept or changed
 * @returns matrices of the same shape: U Vᵀ, about, where a matrix was U S Vᵀ; zeros where it was zero
 */
export type Orthogonalize = (stack: Float32Array, shape: readonly [number, number, number]) => Float32Array;

/** K. Jordan's, chosen for a steep slope at 0: singular values end between 0.7 and 1.2. */
export const coefficients = { a: 3.4445, b: -4.775, c: 2.0315 } as const;

/** The fifth, which K. Jordan adds, costs a fifth of the time and brings nothing here. */
export const defaultIterations = 4;

/** The Frobenius norm is at least this in a division. */
const smallestNorm = 1e-7;

/**
 * Newton-Schulz iterations with quintic polynomials (K. Jordan 2024, kellerjordan.github.io/posts/muon), all matrices of
 * a stack at once, on TensorFlow's public operations: for every backend.
 */
export function createNewtonSchulz(tf: TensorFlow, iterations = defaultIterations): Orthogonalize {
  return (stack, shape) => {
    let result = stack;
    tf.tidy(() => {
      let matrices: Tensor3D = tf.tensor3d(normalized(stack, shape[0]), [...shape]);
      const identity = tf.eye(shape[1]);
      for (let done = 0; done < iterations; done++) matrices = iterate(tf, matrices, identity);
      result = matrices.dataSync<'float32'>();
    });
    return result;
  };
}

/** Each matrix over its Frobenius norm, so that no singular value is above 1. */
export function normalized(stack: Float32Array, count: number): Float32Array {
  const result = new Float32Array(stack.length);
  const size = stack.length / count;
  for (let start = 0; start < stack.length; start += size) {
    let sum = 0;
    for (let index = start; index < start + size; index++) sum += stack[index]! * stack[index]!;
    const factor = 1 / Math.max(Math.sqrt(sum), smallestNorm);
    for (let index = start; index < start + size; index++) result[index] = factor * stack[index]!;
  }
  return result;
}

/** X ← (a I + b A + c A²) X, A = X Xᵀ, as (a I + A (b I + c A)) X: sums are in [rows, rows], which is the smaller shape. */
function iterate(tf: TensorFlow, matrices: Tensor3D, identity: Tensor2D): Tensor3D {
  const { a, b, c } = coefficients;
  // Transposed apart from the product: the WebAssembly backend multiplies transposed matrices forty times slower.
  const gram: Tensor3D = tf.matMul(matrices, tf.transpose(matrices, [0, 2, 1])); // [count, rows, rows]
  const inner: Tensor3D = tf.add(tf.mul(gram, c), tf.mul(identity, b));
  const polynomial: Tensor3D = tf.add(tf.matMul(gram, inner), tf.mul(identity, a));
  return tf.matMul(polynomial, matrices);
}
