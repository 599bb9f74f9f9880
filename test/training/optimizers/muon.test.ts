import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  cells,
  defaultLearningRates,
  defaultTraining,
  type ModelConfiguration,
  type OptimizerName,
} from '../../../src/core/configuration';
import { gates, layoutOf } from '../../../src/core/parameters';
import { createRandom } from '../../../src/core/random';
import { buildVocabulary, encodeDocument } from '../../../src/text/vocabulary';
import { createWeights } from '../../../src/training/state/initialWeights';
import { gateMatrices, otherParameters, type GateMatrix } from '../../../src/training/optimizers/gateMatrices';
import { matrixUpdates } from '../../../src/training/optimizers/muon';
import { createNewtonSchulz, type Orthogonalize } from '../../../src/training/optimizers/newtonSchulz';
import { createOptimizer } from '../../../src/training/optimizers/optimizer';
import { createPortableGradient } from '../../../src/training/gradient/portable/portableGradient';
import { createSession, sessionBatches } from '../../../src/training/loop/trainingSession';
import { createLocalStepper } from '../../../src/training/threads/stepper';
import { loadTensorFlow, type LoadedTensorFlow } from '../../../src/training/tensorflow/tensorflow';

const vocabularySize = 11;
const models: ModelConfiguration[] = cells.flatMap((cell) => [
  { cell, hidden: 6, layers: 1, embedding: 4 },
  { cell, hidden: 5, layers: 2, embedding: 0 },
  { cell, hidden: 3, layers: 2, embedding: 7 },
  { cell, hidden: 160, layers: 1, embedding: 4 },
]);

let tensorflow: LoadedTensorFlow;
let orthogonalize: Orthogonalize;

beforeAll(async () => {
  tensorflow = await loadTensorFlow();
  orthogonalize = createNewtonSchulz(tensorflow.tf);
});

function normals(length: number, seed: number): Float32Array {
  const random = createRandom(seed);
  return Float32Array.from({ length }, () => random.normal());
}

/** Where the values of a matrix lie in the flat array. */
function placesOf({ offset, inputs, outputs, stride }: GateMatrix): number[] {
  return Array.from({ length: inputs * outputs }, (_, i) => offset + Math.floor(i / outputs) * stride + (i % outputs));
}

describe.each(models)('the matrices of %o', (model) => {
  const layout = layoutOf(model, vocabularySize);
  const matrices = gateMatrices(layout, model);
  const others = otherParameters(layout, model);

  it('are those of every gate, apart from rows that characters look up, in blocks of at least 64 units', () => {
    const inputs = model.embedding > 0 ? model.layers : model.layers - 1;
    const blocks = model.hidden === 160 ? 2 : 1;
    expect(matrices).toHaveLength(gates[model.cell].length * (inputs + model.layers) * blocks);
    expect(new Set(matrices.map(({ outputs }) => outputs))).toEqual(new Set([model.hidden / blocks]));
  });

  it('are together with the other parameters every value once', () => {
    const counts = new Uint8Array(layout.length);
    for (const matrix of matrices) for (const place of placesOf(matrix)) counts[place]! += 1;
    for (const { offset, size } of others) for (let index = 0; index < size; index++) counts[offset + index]! += 1;
    const expected = new Uint8Array(layout.length);
    for (const { offset, size } of layout.parameters) expected.fill(1, offset, offset + size);
    expect(counts).toEqual(expected);
  });

  it('are updated alone as they are updated together', () => {
    const gradient = normals(layout.length, 1);
    const update = (shares: GateMatrix[][]): [Float32Array, Float32Array] => {
      const [parameters, momentum] = [normals(layout.length, 2), normals(layout.length, 3)];
      const all = shares.flatMap((share) => matrixUpdates(share, orthogonalize));
      for (const apply of all) apply(parameters, gradient, momentum, { rate: 0.1, weightDecay: 0.1 });
      return [parameters, momentum];
    };
    const together = update([matrices]);
    const alone = update(matrices.map((matrix) => [matrix]));
    together.forEach((values, which) => {
      values.forEach((value, index) => expect(alone[which]![index]!).toBeCloseTo(value, 5));
    });
  });
});

describe.each(models)('Muon on %o', (model) => {
  const layout = layoutOf(model, vocabularySize);

  it('leaves everything but the matrices to Adam at its own rate, and padding zero', () => {
    const start = createWeights(model, vocabularySize, 'default', 1).values;
    const after = (optimizer: OptimizerName, learningRate: number): Float32Array => {
      const settings = { optimizer, learningRate, weightDecay: 0 };
      const own = createOptimizer(settings, { model, layout }, orthogonalize);
      const parameters = start.slice();
      for (let update = 1; update <= 3; update++) {
        const gradient = new Float32Array(layout.length);
        const values = normals(layout.length, update);
        for (const { offset, size } of layout.parameters) gradient.set(values.subarray(offset, offset + size), offset);
        own.apply(parameters, gradient, learningRate / update, update);
      }
      const inUse = new Set(
        layout.parameters.flatMap(({ offset, size }) => [...Array(size).keys()].map((i) => offset + i)),
      );
      for (const array of [parameters, ...own.moments]) {
        array.forEach((value, index) => expect(inUse.has(index) || value === 0).toBe(true));
      }
      return parameters;
    };
    const [muon, adam] = [after('muon', 0.05), after('adam', defaultLearningRates.adam)];
    for (const { offset, size } of otherParameters(layout, model)) {
      muon.subarray(offset, offset + size).forEach((value, i) => expect(value).toBeCloseTo(adam[offset + i]!, 6));
    }
    for (const matrix of gateMatrices(layout, model)) {
      const changes = placesOf(matrix).map((place) => Math.abs(muon[place]! - start[place]!));
      expect(Math.max(...changes)).toBeGreaterThan(0.01);
    }
  });

  it('changes nothing at a learning rate of 0', () => {
    const settings = { optimizer: 'muon', learningRate: 0, weightDecay: 0.1 } as const;
    const parameters = normals(layout.length, 1);
    const before = parameters.slice();
    createOptimizer(settings, { model, layout }, orthogonalize).apply(parameters, normals(layout.length, 2), 0, 1);
    expect(parameters).toEqual(before);
  });
});

describe('Muon on a real text', () => {
  const text = readFileSync(new URL('../../../src/onnx/generated/onnx.proto', import.meta.url), 'utf8');
  const vocabulary = buildVocabulary([text], 200);
  const tokens = encodeDocument(vocabulary, 'onnx.proto', text);
  const model: ModelConfiguration = { cell: 'lstm', hidden: 48, layers: 1, embedding: 16 };
  const steps = 150;

  /** Mean loss of the last steps. */
  async function train(optimizer: OptimizerName): Promise<number> {
    const learningRate = defaultLearningRates[optimizer];
    const configuration = { ...defaultTraining, model, optimizer, learningRate, batch: 16, sequence: 32 };
    const gradient = createPortableGradient(tensorflow.tf, model, vocabulary.size, 0);
    const initial = createWeights(model, vocabulary.size, 'default', 1);
    const batches = sessionBatches(configuration, [tokens], null);
    const stepper = createLocalStepper(gradient, configuration, initial, batches.batch, orthogonalize, undefined);
    const session = createSession(stepper, configuration, batches, initial, null);
    const losses: number[] = [];
    while (losses.length < steps) losses.push((await session.advance(learningRate)).nats);
    return losses.slice(-20).reduce((sum, nats) => sum + nats, 0) / 20;
  }

  it('learns faster than Adam, step by step', async () => {
    const [muon, adam] = [await train('muon'), await train('adam')];
    expect(muon).toBeLessThan(adam - 0.25);
  });
});
