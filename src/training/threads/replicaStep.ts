import type { Streams } from '../plan/batches';
import { layoutOf } from '../../core/parameters';
import { averageStep } from '../optimizers/averaging';
import { rowsOf, type Gradient } from '../gradient/gradient';
import type { Orthogonalize } from '../optimizers/newtonSchulz';
import { createUpdate } from '../optimizers/optimizer';
import { rangeOf } from '../optimizers/share';
import { waitForAll } from './barrier';
import type { ReplicaData, StepRequest } from './replicaMessages';

/** Apart enough that no two replicas drop the same units. */
const seedDistance = 7_919;

/**
 * A replica's part of each step: the gradient of its streams; then, of its share of the parameters, the sum over all
 * replicas; then its clipping; then the update; then the average of the weights. Between these all wait for one another.
 * @returns does one step, and blocks the thread until all have come far enough
 */
export function createReplicaStep(
  data: ReplicaData,
  gradient: Gradient,
  orthogonalize: Orthogonalize,
): (request: StepRequest) => void {
  const { index, count, configuration, arrays, timeoutMs } = data;
  const { model } = configuration;
  const layout = layoutOf(model, data.vocabularySize);
  const share = { index, count };
  const range = rangeOf(share, 0, layout.length);
  const update = createUpdate(configuration, { model, layout }, orthogonalize, arrays.moments, share);
  const meet = (): void => waitForAll(arrays.barrier, count, timeoutMs);
  /** @returns keeps the new state of its streams */
  const compute = ({ window, streams, dropoutSeed }: StepRequest): (() => void) => {
    const seed = dropoutSeed === null ? null : dropoutSeed + index * seedDistance;
    const state = rowsOf(arrays.state, model.hidden, streams);
    const result = gradient.compute(arrays.weights, window, state, seed, arrays.gradients[index]!);
    arrays.nats[index] = result.nats;
    return () => result.state.forEach((values, part) => state[part]!.set(values));
  };
  return (request) => {
    const { window, batch, learningRate, update: number } = request;
    // What it left of an earlier step counts nothing without streams.
    const keepState = window.batch > 0 ? compute(request) : undefined;
    meet();
    arrays.squares[index] = sumShare(data, batch, range);
    meet();
    const { nats, gradientNorm } = stepLoss(data.arrays, data.count, batch);
    if (!Number.isFinite(nats) || !Number.isFinite(gradientNorm)) return;
    keepState?.();
    if (configuration.clip > 0 && gradientNorm > configuration.clip) {
      scale(arrays.total, configuration.clip / gradientNorm, range);
      meet();
    }
    update(arrays.weights, arrays.total, learningRate, number);
    meet();
    averageStep(arrays.average, arrays.weights, number, ...range);
  };
}

/** What each replica has of so many streams: shares as equal as they can be. */
export function streamsOf(index: number, count: number, batch: number): Streams {
  return [Math.floor((batch * index) / count), Math.floor((batch * (index + 1)) / count)];
}

/** The mean loss over all streams and the norm of the whole gradient, once all shares are summed. */
export function stepLoss(
  { nats, squares }: ReplicaData['arrays'],
  count: number,
  batch: number,
): { nats: number; gradientNorm: number } {
  let mean = 0;
  let square = 0;
  for (let index = 0; index < count; index++) {
    mean += weightOf(index, count, batch) * nats[index]!;
    square += squares[index]!;
  }
  return { nats: mean, gradientNorm: Math.sqrt(square) };
}

/** A replica's share of the streams. */
function weightOf(index: number, count: number, batch: number): number {
  const [first, end] = streamsOf(index, count, batch);
  return (end - first) / batch;
}

/** Always in the order of the replicas, so that the same number of them gives the same bits. */
function sumShare({ arrays, count }: ReplicaData, batch: number, [start, end]: readonly [number, number]): number {
  const { total, gradients } = arrays;
  const weight = (index: number): number => (index < count ? weightOf(index, count, batch) : 0);
  const [first, second = first] = gradients as [Float32Array, Float32Array?];
  let square = addScaled(total, first, weight(0), second, weight(1), start, end);
  for (let index = 2; index < count; index++) {
    square = addScaled(total, total, 1, gradients[index]!, weight(index), start, end);
  }
  return square;
}

/** sum ← u a + v b over the range [start, end), in one pass: memory sets its pace. @returns the square of its norm */
function addScaled(
  sum: Float32Array,
  a: Float32Array,
  u: number,
  b: Float32Array,
  v: number,
  start: number,
  end: number,
): number {
  let square = 0;
  for (let place = start; place < end; place++) {
    const value = Math.fround(u * a[place]! + v * b[place]!);
    sum[place] = value;
    square += value * value;
  }
  return square;
}

function scale(values: Float32Array, factor: number, [start, end]: readonly [number, number]): void {
  for (let place = start; place < end; place++) values[place]! *= factor;
}
