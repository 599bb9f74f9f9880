import { setImmediate } from 'node:timers/promises';
import type { ModelConfiguration } from '../../core/configuration';
import { otherNats, qualityOf, type Quality } from '../../text/metrics';
import type { Vocabulary } from '../../text/vocabulary';
import type { Window } from '../plan/window';
import { zeroState, type Forward, type State } from '../gradient/gradient';
import { countedCharacters, type Piece } from './pieces';

/** Pieces read side by side, and how many steps at a time. */
const maxLanes = 64;
const chunkSteps = 64;

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

/**
 * Mean surprise of the counted characters under a network, markers masked and 'other' spread as `surpriseNats` of
 * text/metrics does.
 * @param pieces at least one character that counts
 * @throws what the signal was aborted with
 */
export async function measure(
  forward: Forward,
  model: ModelConfiguration,
  vocabulary: Vocabulary,
  pieces: readonly Piece[],
  signal?: AbortSignal,
): Promise<Quality> {
  const nats = await measureEach(forward, model, vocabulary, pieces, signal);
  return qualityOf([...nats.values()].reduce((sum, each) => sum + each, 0) / countedCharacters(pieces));
}

/** The surprise of the counted characters of each piece, summed up; as {@link measure} otherwise. */
export async function measureEach(
  forward: Forward,
  model: ModelConfiguration,
  vocabulary: Vocabulary,
  pieces: readonly Piece[],
  signal?: AbortSignal,
): Promise<ReadonlyMap<Piece, number>> {
  const nats = new Map(pieces.map((piece) => [piece, 0]));
  const lanes = layLanes(pieces).map(chunksOf);
  let state = zeroState(model, lanes.length);
  for (let chunk = 0; chunk < (lanes[0]?.length ?? 0); chunk++) {
    // The longest lanes stand first: those that still read are the first ones.
    const current = lanes.flatMap((lane) => lane[chunk] ?? []);
    const window = windowOf(current);
    const result = forward.surprise(window, startStates(state, current, model.hidden));
    state = result.state;
    countNats(nats, vocabulary, current, window, result.nats);
    await setImmediate(); // messages of the parent get in
    signal?.throwIfAborted();
  }
  return nats;
}

/** What a step costs however many lanes it has, in lanes: small products take about as long as one of so many rows. */
const stepOverheadLanes = 16;

/** What measuring takes, in any unit, for an estimate of its time from that of another measurement. */
export function measuringCost(pieces: readonly Piece[]): number {
  const lanes = layLanes(pieces);
  const laneChunks = lanes.reduce((sum, { chunks }) => sum + chunks, 0);
  return (laneChunks + (lanes[0]?.chunks ?? 0) * stepOverheadLanes) * chunkSteps;
}

/** Longest piece first, each to the lane that is shortest so far; the longest lanes first. */
function layLanes(pieces: readonly Piece[]): Lane[] {
  const lanes: Lane[] = Array.from({ length: Math.min(maxLanes, pieces.length) }, () => ({ pieces: [], chunks: 0 }));
  const sorted = [...pieces].sort((a, b) => b.tokens.length - a.tokens.length);
  for (const piece of sorted) {
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
  vocabulary: Vocabulary,
  chunks: readonly LaneChunk[],
  { batch, targets }: Window,
  surprise: Float32Array,
): void {
  chunks.forEach(({ piece, start, count }, lane) => {
    let sum = nats.get(piece)!;
    for (let step = Math.max(0, piece.countFrom - start - 1); step < count; step++) {
      const place = step * batch + lane;
      sum += surprise[place]! + otherNats(vocabulary, targets[place]!);
    }
    nats.set(piece, sum);
  });
}
