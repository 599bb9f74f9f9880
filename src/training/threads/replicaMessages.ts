import type { Streams } from '../plan/batches';
import type { TrainingConfiguration } from '../../core/configuration';
import type { Window } from '../plan/window';
import type { Piece } from '../measuring/pieces';
import type { SharedArrays } from './sharedArrays';

/** What a replica is started with. */
export interface ReplicaData {
  /** Absolute path of the bundle that runs it; native libraries are looked for from there. */
  readonly entry: string;
  readonly index: number;
  readonly count: number;
  readonly configuration: TrainingConfiguration;
  readonly vocabularySize: number;
  readonly arrays: SharedArrays;
  /** It gives up where the others take longer. */
  readonly timeoutMs: number;
}

/** Asks every replica for a step. */
export interface StepRequest {
  readonly type: 'step';
  /** Of its own streams. */
  readonly window: Window;
  /** Its own of the batch: none where there are fewer than replicas. */
  readonly streams: Streams;
  /** How many all replicas have together. */
  readonly batch: number;
  readonly learningRate: number;
  /** Number of this update; the first one is 1. */
  readonly update: number;
  readonly dropoutSeed: number | null;
}

/** Asks one replica for what its share of the pieces is worth under parameters that it may read while it measures. */
export interface MeasureRequest {
  readonly type: 'measure';
  readonly parameters: Float32Array;
  readonly pieces: readonly Piece[];
}

export type ReplicaRequest = StepRequest | MeasureRequest;

/** Ready for requests; a step is done; still measuring; measured, nats of each piece; no more of them, with the reason. */
export type ReplicaAnswer =
  | { readonly type: 'ready' }
  | { readonly type: 'done' }
  | { readonly type: 'measuring' }
  | { readonly type: 'measured'; readonly nats: readonly number[] }
  | { readonly type: 'failed'; readonly why: string };

/** Streams [first, end) of a window. */
export function cutStreams({ steps, batch, ids, targets }: Window, [first, end]: Streams): Window {
  const cut = (tokens: Int32Array): Int32Array => {
    const own = new Int32Array(steps * (end - first));
    for (let step = 0; step < steps; step++) {
      own.set(tokens.subarray(step * batch + first, step * batch + end), step * (end - first));
    }
    return own;
  };
  return { steps, batch: end - first, ids: cut(ids), targets: cut(targets) };
}
