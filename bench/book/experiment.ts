import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { defaultTraining, type BatchOrder, type Cell, type TrainingConfiguration } from '../../src/core/configuration';
import { silentLogger } from '../../src/core/logger';
import { buildVocabulary, encode } from '../../src/text/vocabulary';
import { chooseGradient } from '../../src/training/choice/gradientChoice';
import { createWeights } from '../../src/training/state/initialWeights';
import { createSession, sessionBatches, type Session } from '../../src/training/loop/trainingSession';
import { chooseStepper } from '../../src/training/choice/stepperChoice';
import type { LoadedTensorFlow } from '../../src/training/tensorflow/tensorflow';

/** One row of the table. */
export interface Experiment {
  readonly name: string;
  readonly cell: Cell;
  readonly hidden: number;
  readonly batches: BatchOrder;
  /** Largest norm of a gradient; 0: gradients are taken as they are. */
  readonly clip: number;
  readonly epochs: number;
  readonly seed: number;
}

/** The chapters' own figures: plain SGD at a constant rate, batches of 32 windows of 35 characters, weights N(0, 0.01²). */
export function configurationOf({ cell, hidden, batches, clip, epochs, seed }: Experiment): TrainingConfiguration {
  return {
    ...defaultTraining,
    model: { cell, hidden, layers: 1, embedding: 0 },
    budget: { epochs },
    batch: 32,
    sequence: 35,
    batches,
    optimizer: 'sgd',
    learningRate: 1,
    clip,
    seed,
    initialWeights: 'classic',
  };
}

/**
 * Trains on a whole text, nothing held out, by the modules of `recur train`.
 * @param root folder of the project, with the bundles built
 * @returns the training perplexity of each epoch; a loss that is no longer finite ends it early
 */
export async function perplexities(
  tensorflow: LoadedTensorFlow,
  experiment: Experiment,
  text: string,
  root: string,
): Promise<number[]> {
  const configuration = configurationOf(experiment);
  const { model, seed, initialWeights, learningRate } = configuration;
  const vocabulary = buildVocabulary([text], configuration.maxVocabulary);
  const initial = createWeights(model, vocabulary.size, initialWeights, seed);
  const batches = sessionBatches(configuration, [encode(vocabulary, text)], null);
  const gradient = chooseGradient(tensorflow, configuration, vocabulary.size, silentLogger);
  const start = { configuration, initial, batch: batches.batch, carried: undefined };
  const replicas = { entry: join(root, 'dist/replica.js'), count: availableParallelism() };
  const stepper = await chooseStepper(tensorflow.tf, gradient, start, replicas, silentLogger);
  try {
    const session = createSession(stepper, configuration, batches, initial, null);
    const perEpoch: number[] = [];
    while (perEpoch.length < experiment.epochs) {
      const nats = await trainEpoch(session, batches.windowsPerEpoch, learningRate);
      if (nats === null) break;
      perEpoch.push(Math.exp(nats));
    }
    return perEpoch;
  } finally {
    await stepper.dispose();
  }
}

/** The mean loss while an epoch is trained; null where it is not finite. */
async function trainEpoch(session: Session, windows: number, learningRate: number): Promise<number | null> {
  let sum = 0;
  for (let window = 0; window < windows; window++) {
    const { nats, isFinite } = await session.advance(learningRate);
    if (!isFinite) return null;
    sum += nats;
  }
  return sum / windows;
}
