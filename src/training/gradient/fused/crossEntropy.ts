import { otherToken } from '../../../text/vocabulary';
import type { Binding, TensorId } from './binding';
import { typeAttribute, type Operations } from './operations';

/**
 * Cross-entropy in nats of softmax(logits) against each row's target [rows], and the gradient of their sum.
 * @param logits [rows, vocabulary]
 */
export function crossEntropy(
  binding: Binding,
  operations: Operations,
  logits: TensorId,
  targets: Int32Array,
): { nats: TensorId; gradient: TensorId } {
  const [nats, gradient] = operations.run(
    'SparseSoftmaxCrossEntropyWithLogits',
    [typeAttribute(binding, 'T', binding.TF_FLOAT), typeAttribute(binding, 'Tlabels', binding.TF_INT32)],
    [logits, operations.ints([targets.length], targets)],
    2,
  );
  return { nats: nats!, gradient: gradient! };
}

/** -ln p of each target under the softmax without the markers, which stand first: [rows]. */
export function maskedSurprise(
  binding: Binding,
  operations: Operations,
  logits: TensorId,
  targets: Int32Array,
  vocabulary: number,
): Float32Array {
  const rows = targets.length;
  const open = operations.slice(logits, [0, otherToken], [rows, vocabulary - otherToken]);
  // A marker as target has no place in the softmax: 'other' stands in, and the difference of their logits is added.
  const shifted = targets.map((target) => Math.max(target - otherToken, 0));
  const surprise = operations.read(crossEntropy(binding, operations, open, shifted).nats);
  if (targets.every((target) => target >= otherToken)) return surprise;
  const flat = operations.reshape(logits, [rows * vocabulary]);
  const at = (column: (target: number) => number): Float32Array => {
    const places = targets.map((target, row) => row * vocabulary + column(target));
    return operations.read(operations.gather(flat, operations.ints([rows], places)));
  };
  const [wanted, taken] = [at((target) => target), at((target) => Math.max(target, otherToken))];
  return surprise.map((nats, row) => nats + taken[row]! - wanted[row]!);
}
