import type { Precision } from '../../../core/configuration';
import type { Attribute, Binding, TensorId } from './binding';

/** A float tensor in the precision that a gradient's products have. */
export interface Factor {
  readonly rounded: TensorId;
}

/**
 * TensorFlow's operations on tensors of the native library, by their names there. The library frees no tensor by itself:
 * each belongs to the scope that made it, and is freed by `free` or when the scope is closed.
 */
export interface Operations {
  /** The values must not be written to while the tensor lives: it may lie on their memory. */
  readonly floats: (shape: readonly number[], values: Float32Array) => TensorId;
  readonly ints: (shape: readonly number[], values: Int32Array) => TensorId;
  /** A scalar of 64 bits. */
  readonly long: (value: number) => TensorId;
  readonly run: (
    name: string,
    attributes: readonly Attribute[],
    inputs: readonly TensorId[],
    outputs: number,
  ) => TensorId[];
  /** a · b, a transposed first where asked. */
  readonly matMul: (a: TensorId, b: TensorId, transposeA?: boolean) => TensorId;
  /** The right factor for `multiply`: that of several products is rounded once. */
  readonly factor: (tensor: TensorId) => Factor;
  /** a · b of a gradient, a transposed first where asked: added up in float32, and rounded as the factors are. */
  readonly multiply: (a: TensorId, b: Factor, transposeA?: boolean) => TensorId;
  /** Operations of one or two float tensors and no attribute but their type: Sigmoid, Mul, TanhGrad, … */
  readonly unary: (name: 'Sigmoid' | 'Tanh', input: TensorId) => TensorId;
  readonly binary: (name: BinaryName, a: TensorId, b: TensorId) => TensorId;
  /** Rows of a table: [rows, width] and [n] to [n, width]. */
  readonly gather: (table: TensorId, rows: TensorId) => TensorId;
  readonly reshape: (input: TensorId, shape: readonly number[]) => TensorId;
  readonly transpose: (matrix: TensorId) => TensorId;
  /** Along the first axis, without copying where the parts are aligned. */
  readonly unpack: (stacked: TensorId, count: number) => TensorId[];
  readonly concat: (parts: readonly TensorId[], axis: number) => TensorId;
  /** Equal parts. */
  readonly split: (input: TensorId, count: number, axis: number) => TensorId[];
  readonly slice: (input: TensorId, begin: readonly number[], size: readonly number[]) => TensorId;
  /** The sum over all rows. */
  readonly biasGradient: (rows: TensorId) => TensorId;
  readonly read: (id: TensorId) => Float32Array;
  readonly free: (...ids: readonly TensorId[]) => void;
  /** Frees what is left. */
  readonly close: () => void;
}

export type BinaryName = 'AddV2' | 'Sub' | 'Mul' | 'SigmoidGrad' | 'TanhGrad' | 'BiasAdd';

/** Opens a scope. @param precision of the factors of `multiply` */
export function openScope(binding: Binding, precision: Precision = 'float32'): Operations {
  const attribute = attributesOf(binding);
  const { float, indices } = attribute;
  const live = new Set<TensorId>();
  const keep = (id: TensorId): TensorId => {
    live.add(id);
    return id;
  };
  const run: Operations['run'] = (name, attributes, inputs, outputs) =>
    binding.executeOp(name, attributes, inputs, outputs).map(({ id }) => keep(id));
  const one = (name: string, attributes: readonly Attribute[], ...inputs: TensorId[]): TensorId =>
    run(name, attributes, inputs, 1)[0]!;
  const ints: Operations['ints'] = (shape, values) => keep(binding.createTensor(shape, binding.TF_INT32, values));
  const list = (...values: number[]): TensorId => ints([values.length], Int32Array.from(values));
  const scalar = (value: number): TensorId => ints([], Int32Array.of(value));
  const free = (...ids: readonly TensorId[]): void => {
    for (const id of ids) if (live.delete(id)) binding.deleteTensor(id);
  };
  const matMul: Operations['matMul'] = (a, b, transposeA = false) =>
    one('MatMul', attribute.matMul(attribute.float32, transposeA), a, b);
  const products = precision === 'float32' ? floatProducts(matMul) : bfloat16Products(one, attribute, free);
  return {
    ...products,
    floats: (shape, values) => keep(binding.createTensor(shape, binding.TF_FLOAT, values)),
    ints,
    long: (value) => keep(binding.createTensor([], binding.TF_INT64, Int32Array.of(value, 0))),
    run,
    matMul,
    unary: (name, input) => one(name, [float], input),
    binary: (name, a, b) => one(name, [float], a, b),
    gather: (table, rows) => one('GatherV2', attribute.gather, table, rows, scalar(0)),
    reshape: (input, shape) => one('Reshape', [float, indices('Tshape')], input, list(...shape)),
    transpose: (matrix) => one('Transpose', [float, indices('Tperm')], matrix, list(1, 0)),
    unpack: (stacked, count) =>
      run('Unpack', [float, attribute.int('num', count), attribute.firstAxis], [stacked], count),
    concat: (parts, axis) =>
      parts.length === 1
        ? one('Identity', [float], ...parts)
        : one('ConcatV2', [float, attribute.int('N', parts.length), indices('Tidx')], ...parts, scalar(axis)),
    split: (input, count, axis) =>
      run('Split', [float, attribute.int('num_split', count)], [scalar(axis), input], count),
    slice: (input, begin, size) => one('Slice', [float, indices('Index')], input, list(...begin), list(...size)),
    biasGradient: (rows) => one('BiasAddGrad', [float], rows),
    read: (id) => binding.tensorDataSync(id) as Float32Array,
    free,
    close: () => free(...live),
  };
}

type Products = Pick<Operations, 'factor' | 'multiply'>;
type One = (name: string, attributes: readonly Attribute[], ...inputs: TensorId[]) => TensorId;

function floatProducts(matMul: Operations['matMul']): Products {
  return {
    factor: (tensor) => ({ rounded: tensor }),
    multiply: (a, b, transposeA) => matMul(a, b.rounded, transposeA),
  };
}

/** Of TensorFlow's types; the binding has no name for it. */
const bfloat16 = 14;

function bfloat16Products(one: One, { cast, matMul, float32 }: Attributes, free: Operations['free']): Products {
  const round = (tensor: TensorId): TensorId => one('Cast', cast(float32, bfloat16), tensor);
  return {
    factor: (tensor) => ({ rounded: round(tensor) }),
    multiply: (a, b, transposeA = false) => {
      const rounded = round(a);
      const product = one('MatMul', matMul(bfloat16, transposeA), rounded, b.rounded);
      const result = one('Cast', cast(bfloat16, float32), product);
      free(rounded, product); // the next ones take their memory while it is in the cache
      return result;
    },
  };
}

interface Attributes {
  /** Number of the type. */
  readonly float32: number;
  readonly float: Attribute;
  readonly firstAxis: Attribute;
  readonly gather: readonly Attribute[];
  readonly int: (name: string, value: number) => Attribute;
  readonly indices: (name: string) => Attribute;
  readonly cast: (from: number, to: number) => readonly Attribute[];
  readonly matMul: (type: number, transposeA: boolean) => readonly Attribute[];
}

function attributesOf(binding: Binding): Attributes {
  const type = (name: string, value: number): Attribute => ({ name, type: binding.TF_ATTR_TYPE, value });
  const flag = (name: string, value: boolean): Attribute => ({ name, type: binding.TF_ATTR_BOOL, value });
  const int = (name: string, value: number): Attribute => ({ name, type: binding.TF_ATTR_INT, value });
  const indices = (name: string): Attribute => type(name, binding.TF_INT32);
  const float = type('T', binding.TF_FLOAT);
  return {
    float32: binding.TF_FLOAT,
    float,
    firstAxis: int('axis', 0),
    gather: [type('Tparams', binding.TF_FLOAT), indices('Tindices'), indices('Taxis'), int('batch_dims', 0)],
    int,
    indices,
    cast: (from, to) => [type('SrcT', from), type('DstT', to), flag('Truncate', false)],
    matMul: (of, transposeA) => [type('T', of), flag('transpose_a', transposeA), flag('transpose_b', false)],
  };
}

/** Attributes of the operations that only one place uses. */
export function floatAttribute(binding: Binding, name: string, value: number): Attribute {
  return { name, type: binding.TF_ATTR_FLOAT, value };
}

export function flagAttribute(binding: Binding, name: string, value: boolean): Attribute {
  return { name, type: binding.TF_ATTR_BOOL, value };
}

export function typeAttribute(binding: Binding, name: string, value: number): Attribute {
  return { name, type: binding.TF_ATTR_TYPE, value };
}
