import type { ModelConfiguration } from '../../../core/configuration';
import { layoutOf, parameterNames, stateCount, valuesOf, type ParameterLayout } from '../../../core/parameters';
import type { Window } from '../../plan/window';
import { dropoutMask } from '../dropout';
import type { Forward, Gradient, State, WindowResult } from '../gradient';
import type { RecurrentPass } from './recurrentCell';
import { recurrentCells } from './recurrentCells';
import { inputGradient, weightsGradient } from './steps';
import { maskedSurprise, softmaxCrossEntropy } from './softmaxCrossEntropy';
import type { Tensor, Tensor1D, Tensor2D, Tensor3D, TensorFlow } from '../../tensorflow/tensorflow';

/** Every parameter by name. */
type Tensors = ReadonlyMap<string, Tensor>;

interface Network {
  readonly tf: TensorFlow;
  readonly model: ModelConfiguration;
  readonly layout: ParameterLayout;
  readonly tensors: Tensors;
}

interface LayerPass {
  readonly pass: RecurrentPass;
  /** What the layer read, [steps·batch, I]; null where it looked up rows of its weights. */
  readonly input: Tensor2D | null;
  /** Dropout on what it gives, [steps·batch, H]. */
  readonly mask: Tensor2D | null;
}

interface NetworkPass {
  readonly layers: readonly LayerPass[];
  /** Of the last layer, after dropout: [steps·batch, H] */
  readonly hidden: Tensor2D;
  /** [steps·batch, V] */
  readonly logits: Tensor2D;
  readonly state: readonly Tensor2D[];
}

/**
 * The gradient on TensorFlow.js's public operations, for every backend.
 * @param dropout share of units dropped between layers and before the output
 */
export function createPortableGradient(
  tf: TensorFlow,
  model: ModelConfiguration,
  vocabularySize: number,
  dropout: number,
): Gradient {
  const layout = layoutOf(model, vocabularySize);
  const networkOf = (parameters: Float32Array): Network => ({
    tf,
    model,
    layout,
    tensors: new Map(layout.parameters.map(({ name, shape }) => [name, tensorOf(tf, layout, parameters, name, shape)])),
  });
  return {
    name: 'portable',
    compute: (parameters, window, state, dropoutSeed, out) =>
      tidily(tf, () =>
        compute(networkOf(parameters), window, state, dropoutSeed === null ? 0 : dropout, dropoutSeed ?? 0, out),
      ),
    forward: (parameters) => createForward(networkOf(parameters)),
  };
}

function tensorOf(
  tf: TensorFlow,
  layout: ParameterLayout,
  parameters: Float32Array,
  name: string,
  shape: readonly number[],
): Tensor {
  return tf.tensor(valuesOf(layout, parameters, name), [...shape], 'float32');
}

function compute(
  network: Network,
  window: Window,
  state: State,
  dropout: number,
  dropoutSeed: number,
  out: Float32Array,
): WindowResult {
  const { tf, layout } = network;
  const pass = forwardPass(network, window, state, dropout, dropoutSeed);
  const loss = softmaxCrossEntropy(tf, pass.logits, window.targets);
  const write = (name: string, tensor: Tensor): void => valuesOf(layout, out, name).set(tensor.dataSync());
  write(parameterNames.outputWeights, weightsGradient(tf, pass.hidden, loss.gradient));
  write(parameterNames.outputBias, tf.sum(loss.gradient, 0));
  const outputWeights = network.tensors.get(parameterNames.outputWeights) as Tensor2D;
  let gradient = inputGradient(tf, loss.gradient, outputWeights); // [steps·batch, H]
  for (let layer = pass.layers.length - 1; layer >= 0; layer--) {
    gradient = layerBackward(network, pass.layers[layer]!, layer, window, gradient, out);
  }
  return { nats: loss.nats.dataSync()[0]!, state: pass.state.map(plain) };
}

/**
 * Writes the gradients of a layer's parameters.
 * @param gradient of what the layer gives: [steps·batch, H]
 * @returns gradient of what the layer reads: [steps·batch, I]; of the first layer it is used up here
 */
function layerBackward(
  network: Network,
  { pass, input, mask }: LayerPass,
  layer: number,
  window: Window,
  gradient: Tensor2D,
  out: Float32Array,
): Tensor2D {
  const { tf, layout, model } = network;
  const write = (name: string, tensor: Tensor): void => valuesOf(layout, out, name).set(tensor.dataSync());
  const dropped = mask === null ? gradient : tf.mul(gradient, mask);
  const outputGradient: Tensor3D = tf.reshape(dropped, [window.steps, window.batch, model.hidden]);
  const back = pass.backward(outputGradient);
  write(parameterNames.hiddenWeights(layer), back.hiddenWeights);
  write(parameterNames.bias(layer), tf.sum(back.projected, 0));
  if (back.newHiddenBias !== null) write(parameterNames.newHiddenBias(layer), back.newHiddenBias);
  const inputName = parameterNames.inputWeights(layer);
  if (input === null) {
    addRows(back.projected, window.ids, valuesOf(layout, out, inputName));
    return gradient;
  }
  write(inputName, weightsGradient(tf, input, back.projected));
  const weights = network.tensors.get(inputName) as Tensor2D;
  const ofInput = inputGradient(tf, back.projected, weights);
  if (layer === 0) addRows(ofInput, window.ids, valuesOf(layout, out, parameterNames.embedding));
  return ofInput;
}

/** The gradient of a row lookup. In plain code: not every backend can, and this order of additions is always the same. */
function addRows(rows: Tensor2D, ids: Int32Array, out: Float32Array): void {
  const width = rows.shape[1];
  const values = rows.dataSync();
  out.fill(0);
  ids.forEach((id, row) => {
    for (let column = 0; column < width; column++) out[id * width + column]! += values[row * width + column]!;
  });
}

function forwardPass(
  network: Network,
  window: Window,
  state: State,
  dropout: number,
  dropoutSeed: number,
): NetworkPass {
  const { tf, model, tensors } = network;
  const layers: LayerPass[] = [];
  const perLayer = stateCount(model.cell);
  const states = state.map((values) => tf.tensor2d(values, [window.batch, model.hidden]));
  let hidden: Tensor2D | null = null; // [steps·batch, H]
  for (let layer = 0; layer < model.layers; layer++) {
    const { projected, input } = project(network, layer, window, hidden);
    const shaped: Tensor3D = tf.reshape(projected, [window.steps, window.batch, -1]);
    const own = states.slice(layer * perLayer, (layer + 1) * perLayer);
    const pass = recurrentCells[model.cell](tf, shaped, recurrentWeights(tensors, layer), own);
    const outputs = tf.concat2d([...pass.outputs], 0); // [steps·batch, H]
    const mask = dropout > 0 ? maskLike(tf, outputs, dropout, dropoutSeed + layer) : null;
    hidden = mask === null ? outputs : tf.mul(outputs, mask);
    layers.push({ pass, input, mask });
  }
  const outputWeights = tensors.get(parameterNames.outputWeights) as Tensor2D;
  const logits: Tensor2D = tf.add(tf.matMul(hidden!, outputWeights), tensors.get(parameterNames.outputBias)!);
  return { layers, hidden: hidden!, logits, state: layers.flatMap(({ pass }) => pass.state) };
}

/** input · inputWeights + bias for all steps at once: [steps·batch, G·H]. */
function project(
  { tf, model, tensors }: Network,
  layer: number,
  { ids }: Window,
  hidden: Tensor2D | null,
): { projected: Tensor2D; input: Tensor2D | null } {
  const weights = tensors.get(parameterNames.inputWeights(layer)) as Tensor2D;
  const bias = tensors.get(parameterNames.bias(layer)) as Tensor1D;
  const rowsOf = (table: Tensor): Tensor2D => tf.gather<Tensor2D>(table as Tensor2D, tf.tensor1d(ids, 'int32'));
  const lookedUp = layer === 0 && model.embedding === 0;
  const input = lookedUp ? null : layer === 0 ? rowsOf(tensors.get(parameterNames.embedding)!) : hidden!;
  const product: Tensor2D = input === null ? rowsOf(weights) : tf.matMul(input, weights);
  return { projected: tf.add(product, bias), input };
}

function recurrentWeights(
  tensors: Tensors,
  layer: number,
): { hiddenWeights: Tensor2D; newHiddenBias: Tensor1D | null } {
  return {
    hiddenWeights: tensors.get(parameterNames.hiddenWeights(layer)) as Tensor2D,
    newHiddenBias: (tensors.get(parameterNames.newHiddenBias(layer)) as Tensor1D | undefined) ?? null,
  };
}

function maskLike(tf: TensorFlow, like: Tensor2D, rate: number, seed: number): Tensor2D {
  return tf.tensor2d(dropoutMask(like.size, rate, seed), like.shape);
}

function createForward(network: Network): Forward {
  const { tf, tensors } = network;
  const pass = (window: Window, state: State): NetworkPass => forwardPass(network, window, state, 0, 0);
  return {
    logits: (window, state) =>
      tidily(tf, () => {
        const { logits, state: after } = pass(window, state);
        return { logits: plain(logits), state: after.map(plain) };
      }),
    surprise: (window, state) =>
      tidily(tf, () => {
        const { logits, state: after } = pass(window, state);
        return { nats: plain(maskedSurprise(tf, logits, window.targets)), state: after.map(plain) };
      }),
    dispose: () => tensors.forEach((tensor) => tensor.dispose()),
  };
}

/** A copy of a tensor's values that outlives it. */
function plain(tensor: Tensor): Float32Array {
  return new Float32Array(tensor.dataSync());
}

/** `tf.tidy` for what returns no tensors: it would search the result for them. */
function tidily<T>(tf: TensorFlow, work: () => T): T {
  let result: { value: T } | undefined;
  tf.tidy(() => {
    result = { value: work() };
  });
  return result!.value;
}
