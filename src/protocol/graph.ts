import type { ModelConfiguration } from '../core/configuration';

/** A graph as it travels to another process. */
export interface SentGraph {
  readonly bytes: Uint8Array;
  readonly model: ModelConfiguration;
  readonly codePoints: readonly number[];
  readonly steps?: Uint8Array;
}
