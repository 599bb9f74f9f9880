/** A matrix in small integers: value ≈ integer · scale of its column. */
export interface QuantizedMatrix {
  /** `[rows, columns]` */
  readonly integers: Int8Array;
  /** `[columns]` */
  readonly scales: Float32Array;
}

/**
 * Largest magnitude. 7 bits, not 8: processors without VNNI add two products of such a weight and an activation of 8 bits in
 * 16 bits, which 2 · 255 · 127 would overflow.
 */
const largest = 63;

/**
 * Rounds to the nearest integers, each column with a scale of its own.
 * @param turned the matrix with rows and columns exchanged, `[columns, rows]`, as the recurrent operators have theirs
 */
export function quantizeTurned(turned: Float32Array, rows: number, columns: number): QuantizedMatrix {
  const integers = new Int8Array(rows * columns);
  const scales = new Float32Array(columns);
  for (let column = 0; column < columns; column++) {
    const values = turned.subarray(column * rows, (column + 1) * rows);
    let most = 0;
    for (const value of values) most = Math.max(most, Math.abs(value));
    scales[column] = most / largest;
    if (most === 0) continue;
    for (let row = 0; row < rows; row++) integers[row * columns + column] = Math.round((values[row]! * largest) / most);
  }
  return { integers, scales };
}
