import type { ModelConfiguration } from '../../../core/configuration';
import { parameterNames, parameterOf, stateCount, type ParameterLayout } from '../../../core/parameters';
import type { Window } from '../../plan/window';
import { dropoutMask } from '../dropout';
import type { State } from '../gradient';
import type { Binding, TensorId } from './binding';
import { gruLayer } from './fusedGru';
import { blockLstmLayer, projectedLstmLayer } from './fusedLstm';
import type { Operations } from './operations';
import type { LayerInput, LayerPass } from './recurrentLayer';
import { rnnLayer } from './fusedRnn';

/** A model whose parameters are tensors of the native library. */
export interface Network {
  readonly binding: Binding;
  readonly model: ModelConfiguration;
  readonly layout: ParameterLayout;
  readonly vocabularySize: number;
  readonly parameters: ReadonlyMap<string, TensorId>;
  /** For each layer of an LSTM, inputWeights above hiddenWeights: [I + H, 4H] */
  readonly stacked: readonly TensorId[];
}

/** Units to drop: the share, and what names them. */
export interface Dropout {
  readonly rate: number;
  readonly seed: number;
}

export interface PassedLayer {
  readonly pass: LayerPass;
  /** What the layer read, [steps·batch, H]; null for the first one, which looks up rows. */
  readonly input: TensorId | null;
  /** [steps·batch, H] */
  readonly mask: TensorId | null;
}

export interface NetworkPass {
  readonly layers: readonly PassedLayer[];
  /** Of the last layer, after dropout: [steps·batch, H] */
  readonly hidden: TensorId;
  /** [steps·batch, V] */
  readonly logits: TensorId;
  readonly state: readonly TensorId[];
}

/** @param values flat; not written to before the scope is closed */
export function createNetwork(
  binding: Binding,
  operations: Operations,
  model: ModelConfiguration,
  layout: ParameterLayout,
  vocabularySize: number,
  values: Float32Array,
): Network {
  const parameters = new Map(
    layout.parameters.map(({ name, shape, offset, size }) => [
      name,
      operations.floats(shape, values.subarray(offset, offset + size)),
    ]),
  );
  const stacks = model.cell === 'lstm' ? Array.from({ length: model.layers }, (_, layer) => layer) : [];
  const stacked = stacks.map((layer) => stackWeights(operations, layout, layer, values, parameters));
  return { binding, model, layout, vocabularySize, parameters, stacked };
}

/** The two matrices lie one after the other, but for padding between them. */
function stackWeights(
  operations: Operations,
  layout: ParameterLayout,
  layer: number,
  values: Float32Array,
  parameters: ReadonlyMap<string, TensorId>,
): TensorId {
  const input = parameterOf(layout, parameterNames.inputWeights(layer));
  const hidden = parameterOf(layout, parameterNames.hiddenWeights(layer));
  const rows = input.shape[0]! + hidden.shape[0]!;
  if (hidden.offset === input.offset + input.size) {
    return operations.floats([rows, input.shape[1]!], values.subarray(input.offset, hidden.offset + hidden.size));
  }
  return operations.concat([parameters.get(input.name)!, parameters.get(hidden.name)!], 0);
}

/** Runs the network over a window. */
export function forwardPass(
  network: Network,
  operations: Operations,
  window: Window,
  state: State,
  dropout: Dropout | null,
): NetworkPass {
  const { model, parameters } = network;
  const { batch } = window;
  const perLayer = stateCount(model.cell);
  const ids = operations.ints([window.ids.length], window.ids);
  const states = state.map((values) => operations.floats([batch, model.hidden], values));
  const layers: PassedLayer[] = [];
  let hidden: TensorId | null = null; // [steps·batch, H]
  for (let layer = 0; layer < model.layers; layer++) {
    const own = states.slice(layer * perLayer, (layer + 1) * perLayer);
    const pass = passLayer(network, operations, layer, window, hidden ?? ids, own);
    const mask = dropout === null ? null : maskFor(operations, window, model.hidden, dropout, layer);
    layers.push({ pass, input: hidden, mask });
    hidden = mask === null ? pass.outputs : operations.binary('Mul', pass.outputs, mask);
  }
  const product = operations.matMul(hidden!, parameters.get(parameterNames.outputWeights)!);
  const logits = operations.binary('BiasAdd', product, parameters.get(parameterNames.outputBias)!);
  return { layers, hidden: hidden!, logits, state: layers.flatMap(({ pass }) => pass.state) };
}

function maskFor(
  operations: Operations,
  { steps, batch }: Window,
  hidden: number,
  { rate, seed }: Dropout,
  layer: number,
): TensorId {
  return operations.floats([steps * batch, hidden], dropoutMask(steps * batch * hidden, rate, seed + layer));
}

/** @param input ids [steps·batch] for the first layer, [steps·batch, H] for the others */
function passLayer(
  network: Network,
  operations: Operations,
  layer: number,
  { steps, batch }: Window,
  input: TensorId,
  state: readonly TensorId[],
): LayerPass {
  const { model, parameters, binding } = network;
  const own: LayerInput = {
    ...{ binding, operations, state, shape: { steps, batch, hidden: model.hidden } },
    hiddenWeights: parameters.get(parameterNames.hiddenWeights(layer))!,
    newHiddenBias: parameters.get(parameterNames.newHiddenBias(layer)) ?? null,
  };
  if (model.cell === 'lstm' && (layer > 0 || model.embedding > 0)) {
    const rows = layer > 0 ? input : operations.gather(parameters.get(parameterNames.embedding)!, input);
    const width = layer > 0 ? model.hidden : model.embedding;
    const bias = parameters.get(parameterNames.bias(layer))!;
    return blockLstmLayer(own, rows, width, network.stacked[layer]!, bias);
  }
  const projected = project(network, operations, layer, input);
  if (model.cell === 'lstm') return projectedLstmLayer(own, projected);
  return model.cell === 'gru' ? gruLayer(own, projected) : rnnLayer(own, projected);
}

/**
 * input · inputWeights + bias for all steps: [steps·batch, G·H]. The first layer multiplies every token of the vocabulary
 * once, which are fewer than the rows of a window, and looks the products up.
 */
function project({ model, parameters }: Network, operations: Operations, layer: number, input: TensorId): TensorId {
  const weights = parameters.get(parameterNames.inputWeights(layer))!;
  const bias = parameters.get(parameterNames.bias(layer))!;
  if (layer > 0) return operations.binary('BiasAdd', operations.matMul(input, weights), bias);
  const table = model.embedding > 0 ? operations.matMul(parameters.get(parameterNames.embedding)!, weights) : weights;
  return operations.gather(operations.binary('BiasAdd', table, bias), input);
}
