import type { State } from './session';

/** The rest of a line as the model would write it. */
export interface DrawnLine {
  /** One code point each. */
  readonly characters: readonly string[];
  /** Of each character given all before it. */
  readonly probabilities: readonly number[];
  /** Probability of the line end after them; undefined where the line was broken off before it. */
  readonly ends: number | undefined;
  /** The state behind its last character, where it ends: to draw the next line from. */
  readonly state?: State;
  /** What is drawn character by character, where another line as a whole is more probable: this one. */
  readonly alternative?: DrawnLine;
}

/**
 * What another model makes of the network's logits at a place.
 * @param logits `[vocabulary]`
 * @param drawn the tokens between the start of the drawing and this place
 * @returns logits of the whole, `[vocabulary]`; may be overwritten by the next call
 */
export type Mixing = (logits: Float32Array, drawn: readonly number[]) => Float32Array;
