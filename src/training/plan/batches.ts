import type { BatchOrder } from '../../core/configuration';
import { createRandom, shuffle, type Random } from '../../core/random';
import type { Tokens } from '../../text/tokens';
import type { Window } from './window';

/** What comes next. */
export interface BatchPosition {
  readonly epoch: number;
  readonly window: number;
  /** The first stream whose part of that window was not read yet. */
  readonly stream: number;
}

/** Streams [first, end) of a batch. */
export type Streams = readonly [first: number, end: number];

export interface NextWindow {
  /** Of these streams only. */
  readonly window: Window;
  readonly streams: Streams;
  /** Whether these streams start anew here, so that no state is carried into this window. */
  readonly startsStreams: boolean;
}

export interface Batches {
  /** Parallel streams; fewer than asked for where the corpus is small. */
  readonly batch: number;
  /** Steps of a window; fewer than asked for where the corpus is smaller than that. */
  readonly steps: number;
  readonly windowsPerEpoch: number;
  /** @param mostStreams that are read: the others' part of the window comes next; all, where it is left out */
  next(mostStreams?: number): NextWindow;
  position(): BatchPosition;
}

export interface BatchShape {
  readonly batch: number;
  readonly steps: number;
  readonly order: BatchOrder;
  readonly seed: number;
  /** Of several machines that read the text together: which of them this is, from 0, and how many there are. Left out: alone. */
  readonly share?: { readonly index: number; readonly count: number };
}

/**
 * Windows of documents without end: each epoch shuffles the documents, lays them one after the other, leaves out what
 * does not fill a window of every stream (at both ends, by chance), cuts the rest into as many contiguous streams as the
 * batch has, and these into windows. In random order the windows of all streams are shuffled together, and every one
 * starts its streams anew. No token is predicted twice in an epoch. An epoch depends on the seed and its number only, so
 * that a position is enough to go on. Several machines lay the same epochs; each reads streams of its own.
 * @param documents at least two tokens together
 */
export function createBatches(
  documents: readonly Tokens[],
  shape: BatchShape,
  from: BatchPosition = { epoch: 0, window: 0, stream: 0 },
): Batches {
  const total = documents.reduce((sum, tokens) => sum + tokens.length, 0);
  const { index: machine, count: machines } = shape.share ?? { index: 0, count: 1 };
  if (total < 1 + machines) throw new Error('There is nothing to train on.');
  const steps = Math.min(shape.steps, Math.floor((total - 1) / machines));
  const batch = Math.min(shape.batch, Math.floor((total - 1) / (steps * machines)));
  const windowsPerEpoch = Math.floor((total - 1) / (batch * machines * steps));
  const epochOf = (epoch: number): Epoch => {
    const random = createRandom(shape.seed * 65_537 + epoch);
    const count = windowsPerEpoch * batch * machines;
    const text = layEpoch(documents, random, count * steps + 1);
    const stretches = Array.from({ length: count }, (_, index) => index);
    return { text, stretches: shape.order === 'random' ? shuffle(stretches, random) : stretches };
  };
  // A corpus that has shrunk since may have no such window any more.
  let { epoch, window, stream } =
    from.window < windowsPerEpoch ? from : { epoch: from.epoch + 1, window: 0, stream: 0 };
  if (stream >= batch) stream = 0;
  let laid = epochOf(epoch);
  const next = (mostStreams = batch): NextWindow => {
    const streams: Streams = [stream, Math.min(batch, stream + mostStreams)];
    const startsStreams = window === 0 || shape.order === 'random';
    const starts = Array.from({ length: streams[1] - stream }, (_, index) => {
      return steps * laid.stretches[(machine * batch + stream + index) * windowsPerEpoch + window]!;
    });
    const cut = cutWindow(laid.text, starts, steps);
    stream = streams[1] % batch;
    if (stream === 0) window += 1;
    if (window === windowsPerEpoch) {
      [epoch, window] = [epoch + 1, 0];
      laid = epochOf(epoch);
    }
    return { window: cut, streams, startsStreams };
  };
  return { batch, steps, windowsPerEpoch, next, position: () => ({ epoch, window, stream }) };
}

interface Epoch {
  readonly text: LaidText;
  /** Numbers of the stretches of a window's steps: those of the first stream, window by window, then of the next one. */
  readonly stretches: readonly number[];
}

/** Documents one after the other, where they are: nothing is copied, however large they are. */
interface LaidText {
  readonly documents: readonly Tokens[];
  /** Where each ends, counted from the first token of the first. */
  readonly ends: Float64Array;
  /** Where the text begins, counted so. */
  readonly start: number;
}

/** `length` tokens in a row of the shuffled documents. */
function layEpoch(documents: readonly Tokens[], random: Random, length: number): LaidText {
  const order = shuffle([...documents], random);
  let end = 0;
  const ends = Float64Array.from(order, (tokens) => (end += tokens.length));
  return { documents: order, ends, start: random.integer(end - length + 1) };
}

/** `length` tokens from a place of the text on. */
function readText({ documents, ends, start }: LaidText, place: number, length: number): Int32Array {
  const read = new Int32Array(length);
  const from = start + place;
  let document = firstAbove(ends, from);
  for (let done = 0; done < length; document++) {
    const tokens = documents[document]!;
    const skipped = from + done - (ends[document]! - tokens.length);
    const part = tokens.subarray(skipped, skipped + length - done);
    read.set(part, done);
    done += part.length;
  }
  return read;
}

/** Index of the first of ascending values that is above a limit. */
function firstAbove(values: Float64Array, limit: number): number {
  let [low, high] = [0, values.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle]! > limit) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** @param starts of each stream */
function cutWindow(text: LaidText, starts: readonly number[], steps: number): Window {
  const batch = starts.length;
  const ids = new Int32Array(steps * batch);
  const targets = new Int32Array(steps * batch);
  starts.forEach((start, stream) => {
    const tokens = readText(text, start, steps + 1);
    for (let step = 0; step < steps; step++) {
      ids[step * batch + stream] = tokens[step]!;
      targets[step * batch + stream] = tokens[step + 1]!;
    }
  });
  return { steps, batch, ids, targets };
}
