import type { TrainingConfiguration } from '../../core/configuration';
import { stateCount, type Weights } from '../../core/parameters';
import { createMoments } from '../optimizers/optimizer';
import type { Carried } from './stepper';
import { barrierLength } from './barrier';

/** Typed arrays on memory that every replica and the trainer see. */
export interface SharedArrays {
  readonly weights: Float32Array;
  /** The gradient of all streams; each replica sums and scales its share. */
  readonly total: Float32Array;
  /** Of each replica's own streams. */
  readonly gradients: readonly Float32Array[];
  readonly moments: readonly Float32Array[];
  readonly average: Float32Array;
  /** The network's, of all streams: [batch, hidden] each */
  readonly state: readonly Float32Array[];
  /** Mean loss of each replica's streams. */
  readonly nats: Float64Array;
  /** Of each replica's share of the gradient: the sum of squares. */
  readonly squares: Float64Array;
  readonly barrier: Int32Array;
}

/** @param carried to go on with; none: no moments yet, and the average of the weights alone */
export function createSharedArrays(
  { optimizer, model }: TrainingConfiguration,
  { layout, values }: Weights,
  batch: number,
  replicas: number,
  carried: Carried | undefined,
): SharedArrays {
  const doubles = (length: number): Float64Array =>
    new Float64Array(new SharedArrayBuffer(length * Float64Array.BYTES_PER_ELEMENT));
  const stateArrays = model.layers * stateCount(model.cell);
  return {
    weights: sharedCopy(values),
    total: floats(layout.length),
    gradients: Array.from({ length: replicas }, () => floats(layout.length)),
    moments: createMoments(optimizer, layout.length, carried?.moments).map(sharedCopy),
    average: sharedCopy(carried?.average ?? values),
    state: Array.from({ length: stateArrays }, () => floats(batch * model.hidden)),
    nats: doubles(replicas),
    squares: doubles(replicas),
    barrier: new Int32Array(new SharedArrayBuffer(barrierLength * Int32Array.BYTES_PER_ELEMENT)),
  };
}

export function sharedCopy(values: Float32Array): Float32Array {
  const shared = floats(values.length);
  shared.set(values);
  return shared;
}

function floats(length: number): Float32Array {
  return new Float32Array(new SharedArrayBuffer(length * Float32Array.BYTES_PER_ELEMENT));
}
