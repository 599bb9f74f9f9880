import type { InferenceSession, Tensor } from 'onnxruntime-node';
import type { ModelConfiguration } from '../core/configuration';
import { stateCount } from '../core/parameters';
import type { Random } from '../core/random';
import type { Vocabulary } from '../text/vocabulary';
import { isProcessor, onnxRuntime, type OnnxRuntime } from './runtime';

/** Hidden state and, for the LSTM, cell state: each `[layers, batch, hidden]`. Never written to once made. */
export type State = readonly Float32Array[];

export interface StepOutput {
  /** `[steps, batch, vocabulary]` */
  readonly logits: Float32Array;
  readonly state: State;
}

/** A network that is ready to run. */
export interface ModelSession {
  readonly model: ModelConfiguration;
  readonly vocabulary: Vocabulary;
  /** Execution provider asked for. */
  readonly provider: string;
  /** Texts that are best read side by side where many are to be read: one pass over the weights serves all of them. */
  readonly columns: number;
  /**
   * Feeds tokens, synchronously in native code.
   * @param ids `[steps, batch]`
   * @param state of `batch` columns
   */
  run(ids: Int32Array, batch: number, state: State): Promise<StepOutput>;
  /**
   * Feeds one token to each column, as `run` does, by the graph of {@link SessionOptions.steps} where there is one. What it
   * gives back is rounded then: it is for drawing, not for states that are kept.
   * @param ids `[batch]`
   */
  step(ids: Int32Array, state: State): Promise<StepOutput>;
  /** Ends a session made with `profile` and gives back where the profile lies. */
  endProfiling(): void;
  release(): Promise<void>;
}

export interface SessionOptions {
  readonly provider: string;
  /** A graph of the same network for single steps (onnx/stepGraph.ts). */
  readonly steps?: Uint8Array;
  /** Where to write onnxruntime's profile: a path that it completes. */
  readonly profilePrefix?: string;
}

// NVIDIA's libraries round the factors of products to ten binary digits where this does not forbid it, which moves logits by 0.01.
process.env.NVIDIA_TF32_OVERRIDE ??= '0';

/** States are named by their input: outputs end in `_out` instead. */
const stateNames = ['h', 'c'] as const;

/**
 * Makes a session of an exported graph. Only checked bytes belong here: native code reads them.
 * @throws where the provider does not work on this machine
 */
export async function createSession(
  graph: Uint8Array,
  model: ModelConfiguration,
  vocabulary: Vocabulary,
  options: SessionOptions,
): Promise<ModelSession> {
  const { ort } = await onnxRuntime();
  const whole = await openGraph(ort, graph, options);
  const single = options.steps === undefined ? undefined : await openGraph(ort, options.steps, options);
  const names = stateNames.slice(0, stateCount(model.cell));
  const runOn = async (
    session: InferenceSession,
    ids: Int32Array,
    batch: number,
    state: State,
  ): Promise<StepOutput> => {
    const outputs = await session.run(feeds(ort, { names, model, ids, batch, state }));
    const read = (name: string): Float32Array => outputs[name]!.data as Float32Array;
    return { logits: read('logits'), state: names.map((name) => read(`${name}_out`)) };
  };
  return {
    model,
    vocabulary,
    provider: options.provider,
    columns: columnsOn(options.provider),
    run: (ids, batch, state) => runOn(whole, ids, batch, state),
    step: (ids, state) => runOn(single ?? whole, ids, ids.length, state),
    endProfiling: () => whole.endProfiling(),
    async release() {
      await whole.release();
      await single?.release();
    },
  };
}

/** A GPU has room for many columns, and takes as long for few. */
function columnsOn(provider: string): number {
  return isProcessor(provider) ? 8 : 256;
}

function openGraph(
  ort: OnnxRuntime,
  graph: Uint8Array,
  { provider, profilePrefix }: SessionOptions,
): Promise<InferenceSession> {
  return ort.InferenceSession.create(graph, {
    executionProviders: [provider],
    // One thread: more gain little when the machine is idle and lose much when it is busy.
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    logSeverityLevel: 4,
    ...(profilePrefix === undefined ? {} : { enableProfiling: true, profileFilePrefix: profilePrefix }),
  });
}

interface Inputs {
  readonly names: readonly string[];
  readonly model: ModelConfiguration;
  readonly ids: Int32Array;
  readonly batch: number;
  readonly state: State;
}

function feeds({ Tensor }: OnnxRuntime, { names, model, ids, batch, state }: Inputs): Record<string, Tensor> {
  const dimensions = [model.layers, batch, model.hidden];
  const tensors: Record<string, Tensor> = {
    ids: new Tensor('int64', BigInt64Array.from(ids, BigInt), [ids.length / batch, batch]),
  };
  names.forEach((name, index) => (tensors[`${name}_in`] = new Tensor('float32', state[index]!, dimensions)));
  return tensors;
}

/** The state before the first character: zeros. */
export function zeroState({ cell, layers, hidden }: ModelConfiguration, batch = 1): State {
  return Array.from({ length: stateCount(cell) }, () => new Float32Array(layers * batch * hidden));
}

/** A state drawn from a standard normal, for text that starts anywhere. */
export function normalState(model: ModelConfiguration, random: Random): State {
  return zeroState(model).map((zeros) => zeros.map(() => random.normal()));
}
