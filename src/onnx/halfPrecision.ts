import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import {
  ModelProtoSchema,
  TensorProto_DataType,
  TensorProtoSchema,
  type GraphProto,
  type ModelProto,
  type NodeProto,
  type TensorProto,
} from './generated/onnx_pb';
import { floatTensor, node } from './onnxNodes';

/** What ends the name of a weight that is stored in float16. */
const storedSuffix = '_float16';

/**
 * An export with its weights stored in float16, half as large: a Cast, which onnxruntime computes once when it loads the
 * graph, makes each float32 again. Names, inputs and outputs stay.
 */
export function storeInHalf(exported: Uint8Array): Uint8Array {
  const model = fromBinary(ModelProtoSchema, exported);
  const graph = model.graph!;
  const float: number = TensorProto_DataType.FLOAT;
  const isFloat = ({ dataType }: TensorProto): boolean => dataType === float;
  const floats = graph.initializer.filter(isFloat);
  const casts = floats.map(({ name }) => node('Cast', [name + storedSuffix], [name], { to: float }));
  return toBinary(ModelProtoSchema, {
    ...model,
    graph: {
      ...graph,
      node: [...casts, ...graph.node],
      initializer: [...graph.initializer.filter((tensor) => !isFloat(tensor)), ...floats.map(halfTensor)],
    },
  });
}

/** An export as it was before {@link storeInHalf}, but for rounding; any other export as it is. */
export function readExport(file: Uint8Array): ModelProto {
  const model = fromBinary(ModelProtoSchema, file);
  const { graph } = model;
  if (graph === undefined) return model;
  return { ...model, graph: { ...graph, ...withFloats(graph) } };
}

function withFloats(graph: GraphProto): Pick<GraphProto, 'node' | 'initializer'> {
  const stored = new Map(graph.initializer.map((tensor) => [tensor.name, tensor]));
  const isCast = ({ opType, input }: NodeProto): boolean =>
    opType === 'Cast' && stored.get(input[0] ?? '')?.dataType === TensorProto_DataType.FLOAT16;
  const casts = new Map(graph.node.filter(isCast).map(({ input, output }) => [input[0]!, output[0]!]));
  return {
    node: graph.node.filter((candidate) => !isCast(candidate)),
    initializer: graph.initializer.map((tensor) => {
      const name = casts.get(tensor.name);
      return name === undefined ? tensor : floatTensor(name, tensor.dims.map(Number), floatsOfHalf(tensor));
    }),
  };
}

function halfTensor({ name, dims, rawData }: TensorProto): TensorProto {
  const values = new Float32Array(Uint8Array.from(rawData).buffer);
  const halves = Uint16Array.from(values, toHalf);
  return create(TensorProtoSchema, {
    ...{ name: name + storedSuffix, dims, dataType: TensorProto_DataType.FLOAT16 },
    rawData: new Uint8Array(halves.buffer),
  });
}

function floatsOfHalf({ rawData }: TensorProto): Float32Array {
  return Float32Array.from(new Uint16Array(Uint8Array.from(rawData).buffer), fromHalf);
}

const leastNormalExponent = -14;
const largestExponent = 15;
/** Binary digits of a significand behind its point. */
const digits = 10;
const infinity = 0x7c00;

/**
 * The nearest binary16 (IEEE 754), ties to even, as its bits.
 * @throws Error for a value beyond its range: a weight of 65,520 is none
 */
export function toHalf(value: number): number {
  const magnitude = Math.abs(value);
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const exponent = Math.max(leastNormalExponent, Math.floor(Math.log2(magnitude || 1e-9)));
  const unit = 2 ** (exponent - digits);
  // Of a subnormal there are fewer than 2^10 units; a carry into the next exponent is what the bits do by themselves.
  const bits = roundToEven(magnitude / unit) + (exponent - leastNormalExponent) * 2 ** digits;
  if (!(exponent <= largestExponent && bits < infinity)) throw new Error(`${value} is beyond the range of float16.`);
  return sign | bits;
}

function roundToEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  return rest > 0.5 || (rest === 0.5 && floor % 2 === 1) ? floor + 1 : floor;
}

/** The value of a binary16, of finite ones. */
export function fromHalf(bits: number): number {
  const [exponent, significand] = [(bits >> digits) & 0x1f, bits & 0x3ff];
  const magnitude =
    exponent === 0
      ? significand * 2 ** (leastNormalExponent - digits)
      : (1 + significand / 2 ** digits) * 2 ** (exponent + leastNormalExponent - 1);
  return bits & 0x8000 ? -magnitude : magnitude;
}
