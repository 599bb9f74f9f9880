import { otherToken } from '../../../text/vocabulary';
import type { Tensor1D, Tensor2D, TensorFlow } from '../../tensorflow/tensorflow';

/**
 * Mean cross-entropy in nats of softmax(logits) against the targets, and its gradient (softmax - target) / rows.
 * @param logits [rows, vocabulary]
 */
export function softmaxCrossEntropy(
  tf: TensorFlow,
  logits: Tensor2D,
  targets: Int32Array,
): { nats: Tensor1D; gradient: Tensor2D } {
  const [rows, vocabulary] = logits.shape;
  const normalizer: Tensor2D = tf.logSumExp(logits, 1, true); // [rows, 1]
  const probabilities = tf.exp(tf.sub(logits, normalizer));
  // Asked for float32, the WebAssembly backend fills in the bits of whole numbers.
  const wanted = tf.cast(tf.oneHot(tf.tensor1d(targets, 'int32'), vocabulary) as Tensor2D, 'float32');
  return {
    nats: tf.mean(tf.sub(tf.reshape(normalizer, [rows]), targetLogits(tf, logits, targets))),
    gradient: tf.mul(tf.sub(probabilities, wanted), 1 / rows),
  };
}

/** -ln p of each target under the softmax without the markers, which stand first: [rows]. */
export function maskedSurprise(tf: TensorFlow, logits: Tensor2D, targets: Int32Array): Tensor1D {
  const open = tf.slice(logits, [0, otherToken], [-1, -1]); // [rows, vocabulary - markers]
  return tf.sub(tf.logSumExp(open, 1), targetLogits(tf, logits, targets));
}

/** The logit of each row's target: [rows]. */
function targetLogits(tf: TensorFlow, logits: Tensor2D, targets: Int32Array): Tensor1D {
  const vocabulary = logits.shape[1];
  const places = targets.map((target, row) => row * vocabulary + target);
  return tf.gather<Tensor1D>(tf.reshape(logits, [logits.size]), tf.tensor1d(places, 'int32'));
}
