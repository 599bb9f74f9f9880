import type { TrainingConfiguration } from '../core/configuration';
import type { Logger } from '../core/logger';
import type { Weights } from '../core/parameters';
import { createRandom } from '../core/random';
import type { Sample } from '../store/files';
import type { EncodedDocument } from '../text/encodedDocument';
import { drawToken } from '../text/tokenDrawing';
import { decode, endOfHeader, startOfFile, tokenOf, type Vocabulary } from '../text/vocabulary';
import { chooseGradient } from '../training/choice/gradientChoice';
import { zeroState, type Forward, type State } from '../training/gradient/gradient';
import type { LoadedTensorFlow } from '../training/tensorflow/tensorflow';

/** Lets weights write from one beginning and one seed, so that one sees what they have learnt since. */
export type WriteSample = (weights: Weights, step: number) => Sample;

const length = 400;
const temperature = 0.5;
const seed = 1;
/** The training waits meanwhile: a large network writes less. */
const mostMs = 1_500;
/** Beginnings are this long at most, and end with a line where they can. */
const prefixLength = 160;

export function createSampleWriter(
  tensorflow: LoadedTensorFlow,
  configuration: TrainingConfiguration,
  data: { readonly vocabulary: Vocabulary; readonly validation: readonly EncodedDocument[] },
  logger: Logger,
): WriteSample {
  const { vocabulary } = data;
  const gradient = chooseGradient(tensorflow, configuration, vocabulary.size, logger);
  const prefix = prefixOf(vocabulary, data.validation);
  return (weights, step) => {
    const forward = gradient.forward(weights.values);
    try {
      const drawn = write(forward, prefix, zeroState(weights.model, 1));
      const [start, text] = [decode(vocabulary, prefix), decode(vocabulary, drawn)];
      return { step, at: Date.now(), prefix: start, text, temperature, seed };
    } finally {
      forward.dispose();
    }
  };
}

function write(forward: Forward, prefix: Int32Array, initial: State): number[] {
  const random = createRandom(seed);
  const began = performance.now();
  const read = (ids: Int32Array, state: State) =>
    forward.logits({ steps: ids.length, batch: 1, ids, targets: new Int32Array(ids.length) }, state);
  let { logits, state } = read(Int32Array.of(startOfFile, endOfHeader, ...prefix), initial);
  const width = logits.length / (prefix.length + 2);
  const drawn: number[] = [];
  while (drawn.length < length && performance.now() - began < mostMs) {
    const token = drawToken(logits.subarray(logits.length - width), temperature, random);
    drawn.push(token);
    ({ logits, state } = read(Int32Array.of(token), state));
  }
  return drawn;
}

/** The first lines of the first held-out file that is long enough to show what it is about. */
function prefixOf(vocabulary: Vocabulary, validation: readonly EncodedDocument[]): Int32Array {
  const long = validation.find(({ tokens, headerLength }) => tokens.length - headerLength >= 2 * prefixLength);
  const { tokens, headerLength } = long ?? validation[0]!;
  const start = tokens.subarray(headerLength, headerLength + prefixLength);
  const lineEnd = start.lastIndexOf(tokenOf(vocabulary, 0x0a));
  return Int32Array.from(start.subarray(0, lineEnd < 0 ? start.length : lineEnd + 1));
}
