import { defaultTraining } from '../../core/configuration';
import { silentLogger } from '../../core/logger';
import { createRandom } from '../../core/random';
import type { TrainerProbe } from '../../protocol/trainer';
import { chooseGradient } from '../choice/gradientChoice';
import { createWeights } from '../state/initialWeights';
import { createNewtonSchulz } from '../optimizers/newtonSchulz';
import { createSession, sessionBatches } from '../loop/trainingSession';
import { createLocalStepper } from '../threads/stepper';
import { loadTensorFlow, type LoadedTensorFlow } from '../tensorflow/tensorflow';

/** Operations of the native library that fused gradients are made of. */
const fusedOps = [
  'BlockLSTM',
  'LSTMBlockCell',
  'LSTMBlockCellGrad',
  'GRUBlockCell',
  'SparseSoftmaxCrossEntropyWithLogits',
] as const;

const probedVocabulary = 100;

/** What trains on this machine, and how fast. */
export async function probeTraining(): Promise<TrainerProbe> {
  const tensorflow = await loadTensorFlow();
  return {
    backend: tensorflow.backend,
    version: tensorflow.version,
    fusedOps: Object.fromEntries(fusedOps.map((name) => [name, hasOp(tensorflow, name)])),
    stepMilliseconds: await timeStep(tensorflow),
    warnings: tensorflow.warning === null ? [] : [tensorflow.warning],
  };
}

/** Status of a call to an operation that the library does not have: NOT_FOUND of TensorFlow's error codes. */
const notFound = 'TF_Status: 5';

/** Whether the library has an operation: called without inputs, one that it has fails for another reason. */
function hasOp({ tf, backend }: LoadedTensorFlow, name: string): boolean {
  if (backend !== 'tensorflow') return false;
  const { binding } = tf.backend() as unknown as {
    binding: { executeOp(name: string, attributes: unknown[], inputs: number[], outputs: number): { id: number }[] };
  };
  try {
    binding.executeOp(name, [], [], 1);
    return true;
  } catch (error) {
    return !String(error).includes(notFound);
  }
}

/** Median milliseconds of one training step at the default configuration. */
async function timeStep(tensorflow: LoadedTensorFlow): Promise<number> {
  const { tf, backend } = tensorflow;
  const { model, batch, sequence, seed } = defaultTraining;
  const random = createRandom(seed);
  const tokens = Int32Array.from({ length: 4 * batch * sequence + 1 }, () => random.integer(probedVocabulary));
  const gradient = chooseGradient(tensorflow, defaultTraining, probedVocabulary, silentLogger);
  const weights = createWeights(model, probedVocabulary, 'default', seed);
  const batches = sessionBatches(defaultTraining, [tokens], null);
  const orthogonalize = createNewtonSchulz(tf);
  const stepper = createLocalStepper(gradient, defaultTraining, weights, batch, orthogonalize, undefined);
  const session = createSession(stepper, defaultTraining, batches, weights, null);
  const repeats = backend === 'tensorflow' ? 9 : 1;
  await session.advance(0); // kernels are made at the first step
  const times: number[] = [];
  while (times.length < repeats) {
    const began = performance.now();
    await session.advance(0);
    times.push(performance.now() - began);
  }
  return times.sort((a, b) => a - b)[Math.floor(repeats / 2)]!;
}
