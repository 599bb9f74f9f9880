import { setImmediate } from 'node:timers/promises';
import type { ModelConfiguration } from '../../core/configuration';
import type { Weights } from '../../core/parameters';
import { otherNats, qualityOf, type Quality } from '../../text/metrics';
import type { Vocabulary } from '../../text/vocabulary';
import { zeroState, type Gradient, type State } from '../gradient/gradient';
import type { Window } from '../plan/window';
import { countedCharacters, type Piece } from './pieces';

/** Reads pieces of text under a model. */
export interface Measurer {
  /** That share the work. */
  readonly threads: number;
  /**
   * The surprise of the counted characters of each piece under these parameters, in nats, summed up; what 'other' shares
   * out among the code points it stands for is not added yet.
   * @throws UserError where a thread is lost
   */
  measureEach(parameters: Float32Array, pieces: readonly Piece[]): Promise<readonly number[]>;
}

/** Measures on this thread, which has time for messages in between. @param signal gives up with what it was aborted with */
export function createLocalMeasurer(gradient: Gradient, model: ModelConfiguration, signal?: AbortSignal): Measurer {
  const pause = async (): Promise<void> => {
    await setImmediate();
    signal?.throwIfAborted();
  };
  return {
    threads: 1,
    measureEach: (parameters, pieces) => measureEach(gradient, model, parameters, pieces, 1, pause),
  };
}

/** What weights are worth on all documents of a part. */
export interface WholeQuality {
  readonly quality: Quality;
  /** Mean cross-entropy per character of each document, in nats; NaN of an empty one. */
  readonly documentNats: readonly number[];
}

/** Mean surprise of the counted characters of documents, of which these are the pieces. */
export async function measureDocuments(
  measurer: Measurer,
  weights: Weights,
  vocabulary: Vocabulary,
  documents: readonly (readonly Piece[])[],
): Promise<WholeQuality> {
  const pieces = documents.flat();
  const raw = await measurer.measureEach(weights.values, pieces);
  const nats = new Map(pieces.map((piece, index) => [piece, raw[index]! + othersIn(piece, vocabulary)]));
  const meanOf = (some: readonly Piece[]): number =>
    some.reduce((sum, piece) => sum + nats.get(piece)!, 0) / countedCharacters(some);
  return { quality: qualityOf(meanOf(pieces)), documentNats: documents.map(meanOf) };
}

/** Mean surprise of the counted characters. @param pieces at least one character that counts */
export async function measureWeights(
  measurer: Measurer,
  weights: Weights,
  vocabulary: Vocabulary,
  pieces: readonly Piece[],
): Promise<Quality> {
  return (await measureDocuments(measurer, weights, vocabulary, [pieces])).quality;
}

function othersIn({ tokens, countFrom }: Piece, vocabulary: Vocabulary): number {
  let nats = 0;
  for (const token of tokens.subarray(countFrom)) nats += otherNats(vocabulary, token);
  return nats;
}

/** Most pieces that one thread reads side by side: as many threads have at once what so many lanes of one take. */
const maxLanes = 64;
const lanesOfAll = 4 * maxLanes;
const leastLanes = 16;
/** Steps at a time. */
const chunkSteps = 64;

/** Pieces read side by side by each of so many threads: more are quicker, and take more memory. */
function lanesOf(threads: number): number {
  return Math.max(leastLanes, Math.min(maxLanes, Math.floor(lanesOfAll / threads)));
}

/** Pieces that are read one after the other, each from the zero state and on a chunk of its own. */
interface Lane {
  readonly pieces: Piece[];
  chunks: number;
}

/** What a lane reads in one chunk: `count` targets of a piece from `start` on. */
interface LaneChunk {
  readonly piece: Piece;
  readonly start: number;
  readonly count: number;
}

/** As {@link Measurer} says, on one of so many threads. @param pause is waited for after each chunk */
export async function measureEach(
  gradient: Gradient,
  model: ModelConfiguration,
  parameters: Float32Array,
  pieces: readonly Piece[],
  threads: number,
  pause: () => Promise<void> | void,
): Promise<number[]> {
  const nats = new Map(pieces.map((piece) => [piece, 0]));
  const lanes = layLanes(pieces, threads).map(chunksOf);
  const forward = gradient.forward(parameters);
  try {
    let state = zeroState(model, lanes.length);
    for (let chunk = 0; chunk < (lanes[0]?.length ?? 0); chunk++) {
      // The longest lanes stand first: those that still read are the first ones.
      const current = lanes.flatMap((lane) => lane[chunk] ?? []);
      const window = windowOf(current);
      const result = forward.surprise(window, startStates(state, current, model.hidden));
      state = result.state;
      countNats(nats, current, window, result.nats);
      await pause();
    }
  } finally {
    forward.dispose();
  }
  return pieces.map((piece) => nats.get(piece)!);
}

/** What a step costs however many lanes it has, in lanes: small products take about as long as one of so many rows. */
const stepOverheadLanes = 16;

/** What measuring takes, in any unit, for an estimate of its time from that of another measurement by as many threads. */
export function measuringCost(pieces: readonly Piece[], threads: number): number {
  const costOf = (share: readonly Piece[]): number => {
    const lanes = layLanes(share, threads);
    const laneChunks = lanes.reduce((sum, { chunks }) => sum + chunks, 0);
    return (laneChunks + (lanes[0]?.chunks ?? 0) * stepOverheadLanes) * chunkSteps;
  };
  return Math.max(...dealPieces(pieces, threads).map(costOf));
}

/** Shares of about the same length: each piece to one of them. */
export function dealPieces(pieces: readonly Piece[], shares: number): Piece[][] {
  const sorted = longestFirst(pieces);
  return Array.from({ length: shares }, (_, share) => sorted.filter((_piece, index) => index % shares === share));
}

function longestFirst(pieces: readonly Piece[]): Piece[] {
  return [...pieces].sort((a, b) => b.tokens.length - a.tokens.length);
}

/** Longest piece first, each to the lane that is shortest so far; the longest lanes first. */
function layLanes(pieces: readonly Piece[], threads: number): Lane[] {
  const length = Math.min(lanesOf(threads), pieces.length);
  const lanes: Lane[] = Array.from({ length }, () => ({ pieces: [], chunks: 0 }));
  for (const piece of longestFirst(pieces)) {
    const shortest = lanes.reduce((least, lane) => (lane.chunks < least.chunks ? lane : least));
    shortest.pieces.push(piece);
    shortest.chunks += Math.ceil((piece.tokens.length - 1) / chunkSteps);
  }
  return lanes.sort((a, b) => b.chunks - a.chunks);
}

function chunksOf({ pieces }: Lane): LaneChunk[] {
  return pieces.flatMap((piece) => {
    const targets = piece.tokens.length - 1;
    return Array.from({ length: Math.ceil(targets / chunkSteps) }, (_, index) => {
      const start = index * chunkSteps;
      return { piece, start, count: Math.min(chunkSteps, targets - start) };
    });
  });
}

/** Lanes that end within the chunk are filled up with token 0, whose surprise is not counted. */
function windowOf(chunks: readonly LaneChunk[]): Window {
  const batch = chunks.length;
  const steps = Math.max(...chunks.map(({ count }) => count));
  const ids = new Int32Array(steps * batch);
  const targets = new Int32Array(steps * batch);
  chunks.forEach(({ piece, start, count }, lane) => {
    for (let step = 0; step < count; step++) {
      ids[step * batch + lane] = piece.tokens[start + step]!;
      targets[step * batch + lane] = piece.tokens[start + step + 1]!;
    }
  });
  return { steps, batch, ids, targets };
}

/** The states of the lanes that go on; zeros where a piece starts. */
function startStates(state: State, chunks: readonly LaneChunk[], hidden: number): State {
  return state.map((values) => {
    const own = values.slice(0, chunks.length * hidden);
    chunks.forEach(({ start }, lane) => {
      if (start === 0) own.fill(0, lane * hidden, (lane + 1) * hidden);
    });
    return own;
  });
}

function countNats(
  nats: Map<Piece, number>,
  chunks: readonly LaneChunk[],
  { batch }: Window,
  surprise: Float32Array,
): void {
  chunks.forEach(({ piece, start, count }, lane) => {
    let sum = nats.get(piece)!;
    for (let step = Math.max(0, piece.countFrom - start - 1); step < count; step++) {
      sum += surprise[step * batch + lane]!;
    }
    nats.set(piece, sum);
  });
}
