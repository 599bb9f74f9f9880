import { join } from 'node:path';
import { defaultLearningRates, defaultTraining, type TrainingConfiguration } from '../../src/core/configuration';
import { createRandom } from '../../src/core/random';
import { createWeights } from '../../src/training/state/initialWeights';
import { createNewtonSchulz } from '../../src/training/optimizers/newtonSchulz';
import { createPortableGradient } from '../../src/training/gradient/portable/portableGradient';
import { createReplicaStepper } from '../../src/training/threads/replicaStepper';
import { createSession, sessionBatches } from '../../src/training/loop/trainingSession';
import { createLocalStepper, type Stepper } from '../../src/training/threads/stepper';
import { loadTensorFlow } from '../../src/training/tensorflow/tensorflow';
import { embedding, modelOf, sequence, vocabularySize, type Result, type Task } from './measurement';

const warmUpSteps = 3;

/** Does the task in this process. @param root folder of the project */
export async function measureHere(task: Task, root: string): Promise<Result> {
  if (task.trainer === 'peak') return measurePeak(task);
  const { perSecond, coresUsed } = task.trainer === 'layers' ? await trainLayers(task) : await trainOurs(task, root);
  return { charactersPerSecond: perSecond, coresUsed, peakMegabytes: peakMegabytes() };
}

function peakMegabytes(): number {
  return process.resourceUsage().maxRSS / 1024;
}

interface Speed {
  readonly perSecond: number;
  readonly coresUsed: number;
}

/** Times the steps after the first ones. @param amount of each step: characters */
async function timeSteps(seconds: number, amount: number, step: () => Promise<unknown>): Promise<Speed> {
  for (let done = 0; done < warmUpSteps; done++) await step();
  const began = performance.now();
  const processor = process.cpuUsage();
  let steps = 0;
  while (performance.now() - began < seconds * 1000) {
    await step();
    steps += 1;
  }
  const took = (performance.now() - began) / 1000;
  const { user, system } = process.cpuUsage(processor);
  return { perSecond: (steps * amount) / took, coresUsed: (user + system) / 1e6 / took };
}

/** Whole steps, optimizer included, as in a training. */
async function trainOurs(task: Task, root: string): Promise<Speed> {
  const { batch, optimizer, precision, seconds } = task;
  const learningRate = defaultLearningRates[optimizer];
  const configuration: TrainingConfiguration = {
    ...{ ...defaultTraining, model: modelOf(task), batch, sequence, optimizer, precision, learningRate },
  };
  const random = createRandom(1);
  const tokens = Int32Array.from({ length: 64 * batch * sequence + 1 }, () => random.integer(vocabularySize));
  const initial = createWeights(configuration.model, vocabularySize, 'default', 1);
  const stepper = await stepperOf(task, configuration, initial, root);
  const session = createSession(stepper, configuration, sessionBatches(configuration, [tokens], null), initial, null);
  const speed = await timeSteps(seconds, batch * sequence, () => session.advance(learningRate));
  await stepper.dispose();
  return speed;
}

async function stepperOf(
  { trainer, batch, threads }: Task,
  configuration: TrainingConfiguration,
  initial: ReturnType<typeof createWeights>,
  root: string,
): Promise<Stepper> {
  if (trainer === 'replicas') {
    const replicas = { entry: join(root, 'dist/replica.js'), count: threads };
    return createReplicaStepper(replicas, configuration, initial, batch, undefined);
  }
  const { tf } = await loadTensorFlow('tensorflow');
  const gradient = createPortableGradient(tf, configuration.model, vocabularySize, 0);
  return createLocalStepper(gradient, configuration, initial, batch, createNewtonSchulz(tf), undefined);
}

/** TensorFlow.js's own LSTM layer. */
async function trainLayers({ hidden, batch, seconds }: Task): Promise<Speed> {
  const { tf } = await loadTensorFlow('tensorflow');
  const model = tf.sequential();
  model.add(tf.layers.embedding({ inputDim: vocabularySize, outputDim: embedding, inputLength: sequence }));
  model.add(tf.layers.lstm({ units: hidden, returnSequences: true, recurrentActivation: 'sigmoid' }));
  model.add(tf.layers.dense({ units: vocabularySize, activation: 'softmax' }));
  model.compile({ optimizer: tf.train.adam(4e-3), loss: 'sparseCategoricalCrossentropy' });
  const inputs = tf.randomUniform([batch, sequence], 0, vocabularySize, 'int32');
  const targets = tf.cast(tf.randomUniform([batch, sequence, 1], 0, vocabularySize, 'int32'), 'float32');
  return timeSteps(seconds, batch * sequence, () => model.trainOnBatch(inputs, targets));
}

/** The fastest product of large matrices that the library makes, with as many threads as it likes. */
async function measurePeak({ seconds }: Task): Promise<Result> {
  const { tf } = await loadTensorFlow('tensorflow');
  const side = 2048;
  const [a, b] = [tf.randomNormal([side, side]), tf.randomNormal([side, side])];
  const { perSecond, coresUsed } = await timeSteps(seconds, 1, async () => {
    const product = tf.matMul(a, b);
    await product.data();
    product.dispose();
  });
  const gigaflops = (perSecond * 2 * side ** 3) / 1e9;
  return { charactersPerSecond: 0, coresUsed, gigaflops, peakMegabytes: peakMegabytes() };
}
