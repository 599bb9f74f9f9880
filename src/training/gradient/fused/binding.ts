import type { TensorFlow } from '../../tensorflow/tensorflow';

/** A tensor inside the native library. */
export type TensorId = number;

/** An attribute of an operation; `type` is one of the binding's TF_ATTR numbers. */
export interface Attribute {
  readonly name: string;
  readonly type: number;
  readonly value: boolean | number;
}

/** What fused gradients use of the native part of tfjs-node: TensorFlow's eager API for C. */
export interface Binding {
  readonly TF_FLOAT: number;
  readonly TF_INT32: number;
  readonly TF_INT64: number;
  readonly TF_ATTR_TYPE: number;
  readonly TF_ATTR_INT: number;
  readonly TF_ATTR_BOOL: number;
  readonly TF_ATTR_FLOAT: number;
  /** Takes the array's memory as it stands where it is aligned to 64 bytes, and a copy otherwise. */
  createTensor(shape: readonly number[], dtype: number, values: Float32Array | Int32Array): TensorId;
  deleteTensor(id: TensorId): void;
  /** A copy. */
  tensorDataSync(id: TensorId): Float32Array | Int32Array | Uint8Array;
  readonly executeOp: (
    name: string,
    attributes: readonly Attribute[],
    inputs: readonly TensorId[],
    outputs: number,
  ) => { readonly id: TensorId }[];
  /** Alive now. */
  getNumOfTensors(): number;
}

/** The binding that TensorFlow.js runs on; its backend must be the native one. */
export function bindingOf(tf: TensorFlow): Binding {
  return (tf.backend() as unknown as { binding: Binding }).binding;
}
