import type { Tokens } from './tokens';

/** A document ready for measuring. */
export interface EncodedDocument {
  /** Header and text (text/vocabulary.ts). */
  readonly tokens: Tokens;
  /** Tokens that stand before the text: they are fed, never counted. */
  readonly headerLength: number;
}
