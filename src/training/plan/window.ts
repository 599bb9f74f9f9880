/** Tokens to read and to predict, time-major: position `step · batch + stream`. */
export interface Window {
  readonly steps: number;
  readonly batch: number;
  /** [steps, batch] */
  readonly ids: Int32Array;
  /** [steps, batch]: the token after each of `ids`. */
  readonly targets: Int32Array;
}
