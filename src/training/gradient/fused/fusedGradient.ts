import { layoutOf, parameterNames, valuesOf } from '../../../core/parameters';
import type { Window } from '../../plan/window';
import type { Binding, TensorId } from './binding';
import { crossEntropy, maskedSurprise } from './crossEntropy';
import { createNetwork, forwardPass, type Dropout, type Network, type PassedLayer } from './fusedNetwork';
import { openScope, typeAttribute, type Operations } from './operations';
import type { Forward, Gradient, GradientSettings, State, WindowResult } from '../gradient';

/**
 * The gradient on the native library's own operations, fused ones where there are any: the same results as the portable
 * one's, faster. With bfloat16, loss and state are the same, and the gradient has eight binary digits.
 */
export function createFusedGradient(
  binding: Binding,
  { model, dropout, precision }: GradientSettings,
  vocabularySize: number,
): Gradient {
  const layout = layoutOf(model, vocabularySize);
  const networkIn = (operations: Operations, parameters: Float32Array): Network =>
    createNetwork(binding, operations, model, layout, vocabularySize, parameters);
  return {
    name: 'fused',
    compute: (parameters, window, state, dropoutSeed, out) =>
      scoped(openScope(binding, precision), (operations) => {
        const dropped = dropout > 0 && dropoutSeed !== null ? { rate: dropout, seed: dropoutSeed } : null;
        return compute(networkIn(operations, parameters), operations, window, state, dropped, out);
      }),
    forward: (parameters) => {
      const operations = openScope(binding);
      return createForward(networkIn(operations, parameters), operations);
    },
  };
}

function compute(
  network: Network,
  operations: Operations,
  window: Window,
  state: State,
  dropout: Dropout | null,
  out: Float32Array,
): WindowResult {
  const { binding, layout, parameters } = network;
  const pass = forwardPass(network, operations, window, state, dropout);
  const rows = window.targets.length;
  const loss = crossEntropy(binding, operations, pass.logits, window.targets);
  const logits = operations.binary('Mul', loss.gradient, operations.floats([], Float32Array.of(1 / rows)));
  const write = (name: string, tensor: TensorId): void => valuesOf(layout, out, name).set(operations.read(tensor));
  write(parameterNames.outputWeights, operations.multiply(pass.hidden, operations.factor(logits), true));
  write(parameterNames.outputBias, operations.biasGradient(logits));
  const outputWeights = operations.transpose(parameters.get(parameterNames.outputWeights)!);
  let gradient = operations.multiply(logits, operations.factor(outputWeights)); // [rows, H]
  for (let layer = pass.layers.length - 1; layer > 0; layer--) {
    gradient = hiddenLayerBackward(network, operations, layer, pass.layers[layer]!, gradient, write);
  }
  firstLayerBackward(network, operations, pass.layers[0]!, window.ids, gradient, write);
  const nats = operations.read(loss.nats).reduce((sum, own) => sum + own, 0) / rows;
  return { nats, state: pass.state.map(operations.read) };
}

type Write = (name: string, tensor: TensorId) => void;

/** @returns the gradient of input · inputWeights + bias: [rows, G·H] */
function recurrentBackward(
  operations: Operations,
  layer: number,
  { pass, mask }: PassedLayer,
  gradient: TensorId,
  write: Write,
): TensorId {
  const back = pass.backward(mask === null ? gradient : operations.binary('Mul', gradient, mask));
  write(parameterNames.hiddenWeights(layer), back.hiddenWeights);
  if (back.newHiddenBias !== null) write(parameterNames.newHiddenBias(layer), back.newHiddenBias);
  return back.projected;
}

/** @returns the gradient of what the layer reads: [rows, H] */
function hiddenLayerBackward(
  { parameters }: Network,
  operations: Operations,
  layer: number,
  passed: PassedLayer,
  gradient: TensorId,
  write: Write,
): TensorId {
  const projected = recurrentBackward(operations, layer, passed, gradient, write);
  write(parameterNames.bias(layer), operations.biasGradient(projected));
  write(parameterNames.inputWeights(layer), operations.multiply(passed.input!, operations.factor(projected), true));
  const inputWeights = operations.transpose(parameters.get(parameterNames.inputWeights(layer))!);
  return operations.multiply(projected, operations.factor(inputWeights));
}

/** The rows of a token are added up first: the products are then those of the vocabulary, not of the window. */
function firstLayerBackward(
  { model, parameters, vocabularySize, binding }: Network,
  operations: Operations,
  passed: PassedLayer,
  ids: Int32Array,
  gradient: TensorId,
  write: Write,
): void {
  const projected = recurrentBackward(operations, 0, passed, gradient, write);
  const table = sumByToken(binding, operations, projected, ids, vocabularySize); // [V, G·H]
  write(parameterNames.bias(0), operations.biasGradient(table));
  const weightsName = parameterNames.inputWeights(0);
  if (model.embedding === 0) {
    write(weightsName, table);
    return;
  }
  write(weightsName, operations.matMul(parameters.get(parameterNames.embedding)!, table, true));
  write(parameterNames.embedding, operations.matMul(table, operations.transpose(parameters.get(weightsName)!)));
}

/**
 * The sum of the rows of each token: [n, width] to [V, width]. The operation for rows in any order takes five times as long
 * as this one, which adds up eight rows at a time but wants them by token.
 */
function sumByToken(
  binding: Binding,
  operations: Operations,
  rows: TensorId,
  ids: Int32Array,
  vocabularySize: number,
): TensorId {
  const { places, tokens } = sortByToken(ids, vocabularySize);
  const attributes = [
    typeAttribute(binding, 'T', binding.TF_FLOAT),
    ...['Tidx', 'Tnumsegments', 'Tsegmentids'].map((name) => typeAttribute(binding, name, binding.TF_INT32)),
  ];
  const inputs = [
    ...[rows, operations.ints([ids.length], places), operations.ints([ids.length], tokens)],
    operations.ints([], Int32Array.of(vocabularySize)),
  ];
  return operations.run('SparseSegmentSumWithNumSegments', attributes, inputs, 1)[0]!;
}

/** The places of each token, token by token, and whose they are: a counting sort. */
function sortByToken(ids: Int32Array, vocabularySize: number): { places: Int32Array; tokens: Int32Array } {
  const starts = new Int32Array(vocabularySize + 1);
  for (const id of ids) starts[id + 1]! += 1;
  for (let token = 0; token < vocabularySize; token++) starts[token + 1]! += starts[token]!;
  const [places, tokens] = [new Int32Array(ids.length), new Int32Array(ids.length)];
  ids.forEach((id, place) => {
    const at = starts[id]!++;
    places[at] = place;
    tokens[at] = id;
  });
  return { places, tokens };
}

function createForward(network: Network, holding: Operations): Forward {
  const { binding, vocabularySize } = network;
  return {
    logits: (window, state) =>
      scoped(openScope(binding), (operations) => {
        const pass = forwardPass(network, operations, window, state, null);
        return { logits: operations.read(pass.logits), state: pass.state.map(operations.read) };
      }),
    surprise: (window, state) =>
      scoped(openScope(binding), (operations) => {
        const pass = forwardPass(network, operations, window, state, null);
        const nats = maskedSurprise(binding, operations, pass.logits, window.targets, vocabularySize);
        return { nats, state: pass.state.map(operations.read) };
      }),
    dispose: () => holding.close(),
  };
}

/** Frees every tensor that the work made and left. */
function scoped<T>(operations: Operations, work: (operations: Operations) => T): T {
  try {
    return work(operations);
  } finally {
    operations.close();
  }
}
