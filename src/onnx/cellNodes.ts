import type { Cell } from '../core/configuration';
import type { NodeProto, TensorProto } from './generated/onnx_pb';
import { integerTensor, node } from './onnxNodes';

/** What a cell's gates get, `[1, batch, gates · hidden]` each, biases included; gates in the order of the operators. */
export interface GateProducts {
  readonly input: string;
  readonly recurrent: string;
}

/** Names of the states before and after the step, `[1, batch, hidden]` each: hidden state, and the LSTM's cell state. */
export interface StepStates {
  readonly before: readonly string[];
  readonly after: readonly string[];
}

interface CellNodes {
  readonly nodes: NodeProto[];
  readonly tensors: TensorProto[];
}

/** One step of a cell in plain operators; the node that makes the hidden state is the last one. */
export function cellNodes(cell: Cell, products: GateProducts, hidden: number, states: StepStates): CellNodes {
  return steps[cell](products, hidden, states);
}

const steps: Readonly<Record<Cell, typeof rnnStep>> = { rnn: rnnStep, gru: gruStep, lstm: lstmStep };

/** Cuts the last axis in two. */
function splitAt(source: string, first: number, second: number, parts: [string, string]): CellNodes {
  const sizes = `${source}_sizes`;
  return {
    nodes: [node('Split', [source, sizes], parts, { axis: 2 })],
    tensors: [integerTensor(sizes, [first, second])],
  };
}

/** h' = tanh(x + h) of the two products. */
function rnnStep({ input, recurrent }: GateProducts, _: number, { after }: StepStates): CellNodes {
  const sum = `${input}_sum`;
  return { nodes: [node('Add', [input, recurrent], [sum]), node('Tanh', [sum], [after[0]!])], tensors: [] };
}

/** Gates i, o, f, c: c' = σ(f) c + σ(i) tanh(c), h' = σ(o) tanh(c'). */
function lstmStep({ input, recurrent }: GateProducts, hidden: number, { before, after }: StepStates): CellNodes {
  const of = (name: string): string => `${input}_${name}`;
  const split = splitAt(of('gates'), 3 * hidden, hidden, [of('iof'), of('candidate')]);
  return {
    nodes: [
      node('Add', [input, recurrent], [of('gates')]),
      ...split.nodes,
      node('Sigmoid', [of('iof')], [of('open')]),
      node('Split', [of('open')], [of('i'), of('o'), of('f')], { axis: 2 }),
      node('Tanh', [of('candidate')], [of('new')]),
      node('Mul', [of('f'), before[1]!], [of('kept')]),
      node('Mul', [of('i'), of('new')], [of('added')]),
      node('Add', [of('kept'), of('added')], [after[1]!]),
      node('Tanh', [after[1]!], [of('shown')]),
      node('Mul', [of('o'), of('shown')], [after[0]!]),
    ],
    tensors: split.tensors,
  };
}

/** Gates z, r, h, the reset gate after the product: n = tanh(x + σ(r) h), h' = n + σ(z) (h - n). */
function gruStep({ input, recurrent }: GateProducts, hidden: number, { before, after }: StepStates): CellNodes {
  const of = (name: string): string => `${input}_${name}`;
  const splits = [
    splitAt(input, 2 * hidden, hidden, [of('zr'), of('x')]),
    splitAt(recurrent, 2 * hidden, hidden, [of('hidden_zr'), of('h')]),
  ];
  return {
    nodes: [
      ...splits.flatMap(({ nodes }) => nodes),
      node('Add', [of('zr'), of('hidden_zr')], [of('gates')]),
      node('Sigmoid', [of('gates')], [of('open')]),
      node('Split', [of('open')], [of('z'), of('r')], { axis: 2 }),
      node('Mul', [of('r'), of('h')], [of('remembered')]),
      node('Add', [of('x'), of('remembered')], [of('candidate')]),
      node('Tanh', [of('candidate')], [of('new')]),
      node('Sub', [before[0]!, of('new')], [of('difference')]),
      node('Mul', [of('z'), of('difference')], [of('kept')]),
      node('Add', [of('new'), of('kept')], [after[0]!]),
    ],
    tensors: splits.flatMap(({ tensors }) => tensors),
  };
}
