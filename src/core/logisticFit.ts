/** Something that was observed: its features, and whether it was so. */
export interface LogisticSample {
  readonly features: readonly number[];
  readonly right: boolean;
  readonly weight: number;
  /** Added to β · x. */
  readonly offset: number;
}

export interface LogisticFitOptions {
  /** What to stay close to where the samples say little: one coefficient for each feature. */
  readonly prior: readonly number[];
  /** How strongly: so many nats for each squared unit that a coefficient moves away, halved. */
  readonly ridge: number;
  /** Features whose coefficient must not be negative. */
  readonly notNegative: readonly number[];
}

const mostIterations = 50;
const tolerance = 1e-8;
/** The longest step of an iteration, so that separable samples do not overshoot. */
const longestStep = 4;

/** 1 / (1 + e^-x). */
export function logistic(x: number): number {
  return 1 / (1 + Math.exp(-x));
}

/** Σ a_i b_i */
export function dotProduct(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, index) => sum + value * b[index]!, 0);
}

/**
 * Penalised maximum likelihood of P(right) = logistic(β · x + offset): minimises Σ weight · -ln p(what was) + ridge/2 · |β - prior|², by
 * Newton's method (iteratively reweighted least squares). A coefficient that must not be negative and would be is 0, and the
 * others are fitted again.
 * @returns β
 */
export function fitLogistic(samples: readonly LogisticSample[], options: LogisticFitOptions): number[] {
  const free = new Set(options.prior.keys());
  for (;;) {
    const beta = newton(samples, options, [...free]);
    const negative = options.notNegative.filter((index) => free.has(index) && beta[index]! < 0);
    if (negative.length === 0) return beta;
    for (const index of negative) free.delete(index);
  }
}

/** @param free coefficients that are fitted; the others are 0 */
function newton(
  samples: readonly LogisticSample[],
  { prior, ridge }: LogisticFitOptions,
  free: readonly number[],
): number[] {
  const beta = prior.map((value, index) => (free.includes(index) ? value : 0));
  for (let iteration = 0; iteration < mostIterations; iteration++) {
    const gradient = free.map((index) => ridge * (beta[index]! - prior[index]!));
    const hessian = free.map((_, row) => free.map((__, column) => (row === column ? ridge : 0)));
    for (const { features, right, weight, offset } of samples) {
      const p = logistic(dotProduct(features, beta) + offset);
      const residual = weight * (p - (right ? 1 : 0));
      const curvature = weight * p * (1 - p);
      for (const [row, index] of free.entries()) {
        gradient[row]! += residual * features[index]!;
        const scaled = curvature * features[index]!;
        for (const [column, other] of free.entries()) hessian[row]![column]! += scaled * features[other]!;
      }
    }
    const step = solve(hessian, gradient);
    const length = Math.hypot(...step);
    const scale = Math.min(1, longestStep / length);
    for (const [row, index] of free.entries()) beta[index]! -= scale * step[row]!;
    if (length < tolerance) break;
  }
  return beta;
}

/** x with A x = b, for a positive definite A, by Cholesky's decomposition. */
function solve(matrix: readonly (readonly number[])[], vector: readonly number[]): number[] {
  const size = vector.length;
  const lower = matrix.map(() => new Array<number>(size).fill(0));
  for (let row = 0; row < size; row++) {
    for (let column = 0; column <= row; column++) {
      let sum = matrix[row]![column]!;
      for (let k = 0; k < column; k++) sum -= lower[row]![k]! * lower[column]![k]!;
      lower[row]![column] = row === column ? Math.sqrt(sum) : sum / lower[column]![column]!;
    }
  }
  const half = new Array<number>(size).fill(0);
  for (let row = 0; row < size; row++) {
    let sum = vector[row]!;
    for (let k = 0; k < row; k++) sum -= lower[row]![k]! * half[k]!;
    half[row] = sum / lower[row]![row]!;
  }
  const solution = new Array<number>(size).fill(0);
  for (let row = size - 1; row >= 0; row--) {
    let sum = half[row]!;
    for (let k = row + 1; k < size; k++) sum -= lower[k]![row]! * solution[k]!;
    solution[row] = sum / lower[row]![row]!;
  }
  return solution;
}
