import * as ort from 'onnxruntime-node';
import type { ModelConfiguration } from '../../src/core/configuration';
import { stateCount } from '../../src/core/parameters';

/** What one run of a graph gives: logits `[steps, batch, vocabulary]`, and the states by their input names. */
export interface GraphOutput {
  readonly logits: Float32Array;
  readonly states: Readonly<Record<string, ort.Tensor>>;
}

export type Graph = (ids: number[][], states: Readonly<Record<string, ort.Tensor>>) => Promise<GraphOutput>;

/** The exported file as a function of ids `[steps][batch]` and states, with nothing of ours in between. */
export async function openGraph(bytes: Uint8Array): Promise<Graph> {
  const session = await ort.InferenceSession.create(bytes, { intraOpNumThreads: 1 });
  return async (ids, states) => {
    const data = BigInt64Array.from(ids.flat(), BigInt);
    const outputs = await session.run({ ids: new ort.Tensor('int64', data, [ids.length, ids[0]!.length]), ...states });
    const next = Object.keys(states).map((name) => [name, outputs[name.replace('_in', '_out')]!] as const);
    return { logits: outputs.logits!.data as Float32Array, states: Object.fromEntries(next) };
  };
}

export function zeroStates({ cell, layers, hidden }: ModelConfiguration, batch: number): Record<string, ort.Tensor> {
  const names = ['h_in', 'c_in'].slice(0, stateCount(cell));
  const zeros = (): ort.Tensor =>
    new ort.Tensor('float32', new Float32Array(layers * batch * hidden), [layers, batch, hidden]);
  return Object.fromEntries(names.map((name) => [name, zeros()]));
}

/** Largest difference as a share of the largest value. */
export function relativeDifference(actual: Float32Array, expected: Float32Array): number {
  if (actual.length !== expected.length) throw new Error(`${actual.length} values instead of ${expected.length}`);
  const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return actual.reduce((most, value, index) => Math.max(most, Math.abs(value - expected[index]!)), 0) / largest;
}
