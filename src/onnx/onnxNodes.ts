import { create, type MessageInitShape } from '@bufbuild/protobuf';
import {
  AttributeProto_AttributeType,
  AttributeProtoSchema,
  NodeProtoSchema,
  TensorProto_DataType,
  TensorProtoSchema,
  ValueInfoProtoSchema,
  type AttributeProto,
  type NodeProto,
  type TensorProto,
  type ValueInfoProto,
} from './generated/onnx_pb';

/**
 * A node: operator, named inputs ('' leaves an optional one out), named outputs, attributes.
 * @param domain '' is ONNX's own
 */
export function node(
  opType: string,
  input: string[],
  output: string[],
  attributes: Readonly<Record<string, number>> = {},
  domain = '',
): NodeProto {
  const attribute = Object.entries(attributes).map(([name, value]) => integerAttribute(name, value));
  return create(NodeProtoSchema, { name: output[0] ?? output.join(), opType, input, output, attribute, domain });
}

function integerAttribute(name: string, value: number): AttributeProto {
  return create(AttributeProtoSchema, { name, type: AttributeProto_AttributeType.INT, i: BigInt(value) });
}

/** A float32 initializer; ONNX stores raw data little-endian, as every platform of Node does. */
export function floatTensor(name: string, shape: readonly number[], values: Float32Array): TensorProto {
  const rawData = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  return tensor({ name, dims: shape.map(BigInt), dataType: TensorProto_DataType.FLOAT, rawData });
}

/** An int8 initializer. */
export function byteTensor(name: string, shape: readonly number[], values: Int8Array): TensorProto {
  const rawData = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  return tensor({ name, dims: shape.map(BigInt), dataType: TensorProto_DataType.INT8, rawData });
}

/** A one-dimensional int64 initializer. */
export function integerTensor(name: string, values: readonly number[]): TensorProto {
  const rawData = new Uint8Array(BigInt64Array.from(values, BigInt).buffer);
  return tensor({ name, dims: [BigInt(values.length)], dataType: TensorProto_DataType.INT64, rawData });
}

function tensor(fields: MessageInitShape<typeof TensorProtoSchema>): TensorProto {
  return create(TensorProtoSchema, fields);
}

/** Declares an input or output; a name as extent is symbolic. */
export function valueInfo(
  name: string,
  elemType: TensorProto_DataType,
  shape: readonly (number | string)[],
): ValueInfoProto {
  const dim = shape.map((extent) => ({
    value:
      typeof extent === 'string'
        ? { case: 'dimParam' as const, value: extent }
        : { case: 'dimValue' as const, value: BigInt(extent) },
  }));
  return create(ValueInfoProtoSchema, {
    name,
    type: { value: { case: 'tensorType', value: { elemType, shape: { dim } } } },
  });
}
