import { fromBinary } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { ModelProtoSchema } from '../../src/onnx/generated/onnx_pb';
import { exportModel } from '../../src/onnx/exportModel';
import { openGraph, relativeDifference, zeroStates } from './onnxGraph';
import { asciiVocabulary, randomWeights, shapeName, shapes } from './randomWeights';

const size = 20;
const metadata = { step: 3, validation: null, test: null };
const exported = (shape: (typeof shapes)[number]): Uint8Array =>
  exportModel(randomWeights(shape, size), asciiVocabulary(size), metadata);

describe.each(shapes.map((shape) => ({ name: shapeName(shape), shape })))('$name', ({ shape }) => {
  it('carries its state: one step at a time gives what all steps at once give', async () => {
    const graph = await openGraph(exported(shape));
    const ids = Array.from({ length: 9 }, (_, step) => [step % size, (5 * step + 2) % size]);
    const whole = await graph(ids, zeroStates(shape, 2));
    const stepwise: number[] = [];
    let states = zeroStates(shape, 2);
    for (const row of ids) {
      const output = await graph([row], states);
      stepwise.push(...output.logits);
      states = { ...output.states };
    }
    expect(relativeDifference(Float32Array.from(stepwise), whole.logits)).toBeLessThan(1e-5);
    for (const [name, state] of Object.entries(whole.states)) {
      const difference = relativeDifference(states[name]!.data as Float32Array, state.data as Float32Array);
      expect(difference).toBeLessThan(1e-5);
    }
  });

  it('treats the columns of a batch apart', async () => {
    const graph = await openGraph(exported(shape));
    const first = [1, 4, 9, 2];
    const second = [7, 7, 0, 3];
    const alone = await graph(
      first.map((id) => [id]),
      zeroStates(shape, 1),
    );
    const together = await graph(
      first.map((id, step) => [id, second[step]!]),
      zeroStates(shape, 2),
    );
    const column = first.flatMap((_, step) => [...together.logits.subarray(2 * step * size, (2 * step + 1) * size)]);
    expect(relativeDifference(Float32Array.from(column), alone.logits)).toBeLessThan(1e-5);
  });
});

it('declares opset 17, IR 8, the contract of inputs and outputs, and its metadata', () => {
  const shape = { cell: 'lstm', hidden: 12, layers: 2, embedding: 5 } as const;
  const vocabulary = asciiVocabulary(size);
  const model = fromBinary(ModelProtoSchema, exported(shape));
  expect([model.irVersion, model.opsetImport[0]!.version]).toEqual([8n, 17n]);
  expect(model.graph!.input.map((value) => value.name)).toEqual(['ids', 'h_in', 'c_in']);
  expect(model.graph!.output.map((value) => value.name)).toEqual(['logits', 'h_out', 'c_out']);
  const properties = Object.fromEntries(
    model.metadataProps.map(({ key, value }) => [key, JSON.parse(value) as unknown]),
  );
  expect(properties).toEqual({
    'recur.vocabulary': vocabulary.codePoints,
    'recur.configuration': shape,
    'recur.quality': metadata,
  });
});
