import type { BatchOrder } from './configuration';
import { createRandom, shuffle, type Random } from './random';
import type { Window } from './window';

/** The window that comes next. */
export interface BatchPosition {
  readonly epoch: number;
  readonly window: number;
}

export interface NextWindow {
  readonly window: Window;
  /** Whether the streams start anew here, so that no state is carried into this window. */
  readonly startsStreams: boolean;
}

export interface Batches {
  /** Parallel streams; fewer than asked for where the corpus is small. */
  readonly batch: number;
  /** Steps of a window; fewer than asked for where the corpus is smaller than that. */
  readonly steps: number;
  readonly windowsPerEpoch: number;
  next(): NextWindow;
  position(): BatchPosition;
}

export interface BatchShape {
  readonly batch: number;
  readonly steps: number;
  readonly order: BatchOrder;
  readonly seed: number;
}

/**
 * Windows of documents without end: each epoch shuffles the documents, lays them one after the other, leaves out what
 * does not fill a window of every stream (at both ends, by chance), cuts the rest into as many contiguous streams as the
 * batch has, and these into windows. In random order the windows of all streams are shuffled together, and every one
 * starts its streams anew. No token is predicted twice in an epoch. An epoch depends on the seed and its number only, so
 * that a position is enough to go on.
 * @param documents at least two tokens together
 */
export function createBatches(
  documents: readonly Int32Array[],
  shape: BatchShape,
  from: BatchPosition = { epoch: 0, window: 0 },
): Batches {
  const total = documents.reduce((sum, tokens) => sum + tokens.length, 0);
  if (total < 2) throw new Error('There is nothing to train on.');
  const steps = Math.min(shape.steps, total - 1);
  const batch = Math.min(shape.batch, Math.floor((total - 1) / steps));
  const windowsPerEpoch = Math.floor((total - 1) / (batch * steps));
  const epochOf = (epoch: number): Epoch => {
    const random = createRandom(shape.seed * 65_537 + epoch);
    const count = windowsPerEpoch * batch;
    const tokens = layEpoch(documents, random, count * steps + 1);
    const stretches = Array.from({ length: count }, (_, index) => index);
    return { tokens, stretches: shape.order === 'random' ? shuffle(stretches, random) : stretches };
  };
  // A corpus that has shrunk since may have no such window any more.
  let { epoch, window } = from.window < windowsPerEpoch ? from : { epoch: from.epoch + 1, window: 0 };
  let laid = epochOf(epoch);
  const next = (): NextWindow => {
    const startsStreams = window === 0 || shape.order === 'random';
    const starts = Array.from({ length: batch }, (_, stream) => {
      return steps * laid.stretches[stream * windowsPerEpoch + window]!;
    });
    const cut = cutWindow(laid.tokens, starts, steps);
    window += 1;
    if (window === windowsPerEpoch) {
      [epoch, window] = [epoch + 1, 0];
      laid = epochOf(epoch);
    }
    return { window: cut, startsStreams };
  };
  return { batch, steps, windowsPerEpoch, next, position: () => ({ epoch, window }) };
}

interface Epoch {
  readonly tokens: Int32Array;
  /** Numbers of the stretches of a window's steps: those of the first stream, window by window, then of the next one. */
  readonly stretches: readonly number[];
}

/** `length` tokens in a row of the shuffled documents. */
function layEpoch(documents: readonly Int32Array[], random: Random, length: number): Int32Array {
  const order = shuffle([...documents], random);
  const all = new Int32Array(order.reduce((sum, tokens) => sum + tokens.length, 0));
  let end = 0;
  for (const tokens of order) {
    all.set(tokens, end);
    end += tokens.length;
  }
  const start = random.integer(all.length - length + 1);
  return all.subarray(start, start + length);
}

/** @param starts of each stream */
function cutWindow(tokens: Int32Array, starts: readonly number[], steps: number): Window {
  const batch = starts.length;
  const ids = new Int32Array(steps * batch);
  const targets = new Int32Array(steps * batch);
  starts.forEach((start, stream) => {
    for (let step = 0; step < steps; step++) {
      ids[step * batch + stream] = tokens[start + step]!;
      targets[step * batch + stream] = tokens[start + step + 1]!;
    }
  });
  return { steps, batch, ids, targets };
}
