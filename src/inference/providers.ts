import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as v from 'valibot';
import type { Cell, ModelConfiguration, ProviderChoice } from '../core/configuration';
import { UserError } from '../core/errors';
import { createRandom } from '../core/random';
import type { Vocabulary } from '../core/vocabulary';
import type { ProviderTrial } from '../protocol/engine';
import { createSession, zeroState, type ModelSession, type State, type StepOutput } from './session';

/** A graph that was read and checked, with what is needed to run it. */
export interface CheckedGraph {
  readonly bytes: Uint8Array;
  readonly model: ModelConfiguration;
  readonly vocabulary: Vocabulary;
  /** The same network for single steps on the CPU (onnx/stepGraph.ts). */
  readonly steps?: Uint8Array;
}

/** Makes a session as completions use it. @throws where the provider does not work on this machine */
export function openGraph({ bytes, model, vocabulary, steps }: CheckedGraph, provider: string): Promise<ModelSession> {
  return createSession(bytes, model, vocabulary, { provider, ...(provider === 'cpu' && steps && { steps }) });
}

/** A provider to use, why, and what was tried. */
export interface ProviderDecision {
  readonly provider: string;
  /** One sentence. */
  readonly reason: string;
  readonly trials: readonly ProviderTrial[];
}

const providersOfPlatform: Readonly<Partial<Record<NodeJS.Platform, readonly string[]>>> = {
  linux: ['cpu', 'cuda', 'webgpu'],
  win32: ['cpu', 'dml', 'webgpu', 'cuda'],
  darwin: ['cpu', 'coreml', 'webgpu'],
};

/** What onnxruntime calls each provider in its profile. */
export const profileNames: Readonly<Record<string, string>> = {
  cpu: 'CPUExecutionProvider',
  cuda: 'CUDAExecutionProvider',
  dml: 'DmlExecutionProvider',
  coreml: 'CoreMLExecutionProvider',
  webgpu: 'WebGpuExecutionProvider',
};

const operators: Readonly<Record<Cell, string>> = { lstm: 'LSTM', gru: 'GRU', rnn: 'RNN' };
const prefixCharacters = 512;
const measuringMs = 1_000;
const uncountedRuns = 2;
/** Single steps of a usual completion, to weigh steps against the reading of a prefix. */
const stepsOfCompletion = 32;

/** Tries every provider that this platform may have, one at a time: one that is missing fails those beside it too. */
export async function tryProviders(graph: CheckedGraph): Promise<ProviderTrial[]> {
  const trials: ProviderTrial[] = [];
  for (const provider of providersOfPlatform[process.platform] ?? ['cpu']) {
    trials.push(await tryProvider(graph, provider));
  }
  return trials;
}

/** Makes a session with one provider, looks where its recurrent nodes really run and what they compute, and times it. Never throws. */
export async function tryProvider(graph: CheckedGraph, provider: string): Promise<ProviderTrial> {
  try {
    const elsewhere = await recurrentNodesElsewhere(graph, provider);
    if (elsewhere !== undefined) return failed(provider, elsewhere);
    const wrong = provider === 'cpu' ? undefined : await disagreement(graph, provider);
    if (wrong !== undefined) return failed(provider, wrong);
    const session = await openGraph(graph, provider);
    try {
      return await timed(session);
    } finally {
      await session.release();
    }
  } catch (error) {
    return failed(provider, firstLine(error));
  }
}

function failed(provider: string, detail: string): ProviderTrial {
  return { provider, works: false, detail, stepMilliseconds: null, prefixMilliseconds: null };
}

/** Without the place in onnxruntime's own source that comes before the reason. */
function firstLine(error: unknown): string {
  const message = (error instanceof Error ? error.message : String(error)).replace(
    /^\/onnxruntime_src.* was false\. /,
    '',
  );
  return message.trim().split('\n', 1)[0]!.slice(0, 300);
}

/** Characters of a random text and columns to compare, and the share of the largest logit by which they may differ. */
const agreement = { steps: 32, batch: 1, share: 0.01 };

/** A sentence where a provider computes something else than the CPU. */
export async function disagreement(graph: CheckedGraph, provider: string): Promise<string | undefined> {
  const { largest, difference } = await compareWithCpu(graph, provider, agreement);
  // Not a number is no agreement either.
  if (difference <= agreement.share * largest) return undefined;
  return `Its logits differ from the CPU's by up to ${difference.toPrecision(2)}.`;
}

/** The largest logit on the CPU for the same random text, and the most by which any differs on that provider. */
export async function compareWithCpu(
  graph: CheckedGraph,
  provider: string,
  { steps, batch }: { readonly steps: number; readonly batch: number },
): Promise<{ largest: number; difference: number }> {
  const random = createRandom(1);
  const ids = new Int32Array(steps * batch).map(() => random.integer(graph.vocabulary.size));
  const logitsOn = async (own: string): Promise<Float32Array> => {
    const session = await createSession(graph.bytes, graph.model, graph.vocabulary, { provider: own });
    try {
      return (await session.run(ids, batch, zeroState(graph.model, batch))).logits;
    } finally {
      await session.release();
    }
  };
  const [expected, actual] = [await logitsOn('cpu'), await logitsOn(provider)];
  return {
    largest: expected.reduce((most, logit) => Math.max(most, Math.abs(logit)), 0),
    difference: expected.reduce((most, logit, index) => Math.max(most, Math.abs(logit - actual[index]!)), 0),
  };
}

/** A sentence where recurrent nodes ran on another provider, by onnxruntime's own profile. */
async function recurrentNodesElsewhere(graph: CheckedGraph, provider: string): Promise<string | undefined> {
  const providers = await recurrentProviders(graph, provider);
  const wanted = profileNames[provider] ?? provider;
  const others = providers.filter((name) => name !== wanted);
  if (others.length > 0) return `Its recurrent nodes ran on ${[...new Set(others)].join(', ')} instead.`;
  return providers.length === 0 ? 'Its profile shows no recurrent node.' : undefined;
}

/**
 * Runs a few characters with profiling and reads who ran the LSTM, GRU or RNN nodes.
 * @returns the provider of each run of a recurrent node, for instance `CPUExecutionProvider`
 */
export async function recurrentProviders(graph: CheckedGraph, provider: string): Promise<string[]> {
  const directory = await mkdtemp(join(tmpdir(), 'recur-profile-'));
  try {
    const options = { provider, profilePrefix: join(directory, 'profile') };
    const session = await createSession(graph.bytes, graph.model, graph.vocabulary, options);
    try {
      await session.run(new Int32Array(4), 1, zeroState(graph.model));
      session.endProfiling();
    } finally {
      await session.release();
    }
    return await readProfile(directory, operators[graph.model.cell]);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

const profileSchema = v.array(
  v.object({
    cat: v.optional(v.string()),
    args: v.optional(v.object({ op_name: v.optional(v.string()), provider: v.optional(v.string()) })),
  }),
);

async function readProfile(directory: string, operator: string): Promise<string[]> {
  const [file] = await readdir(directory);
  if (file === undefined) return [];
  const events = v.parse(profileSchema, JSON.parse(await readFile(join(directory, file), 'utf8')));
  const runs = events.filter(({ cat, args }) => cat === 'Node' && args?.op_name === operator);
  return runs.flatMap(({ args }) => args?.provider ?? []);
}

async function timed(session: ModelSession): Promise<ProviderTrial> {
  const step = Int32Array.of(3 % session.vocabulary.size);
  const prefix = new Int32Array(prefixCharacters).fill(step[0]!);
  const stepMilliseconds = await medianMilliseconds(session.model, 40, (state) => session.step(step, state));
  const prefixMilliseconds = await medianMilliseconds(session.model, 3, (state) => session.run(prefix, 1, state));
  const detail = `${stepMilliseconds.toFixed(3)} ms a step, ${prefixMilliseconds.toFixed(1)} ms for ${prefixCharacters} characters.`;
  return { provider: session.provider, works: true, detail, stepMilliseconds, prefixMilliseconds };
}

/** The first runs, which prepare kernels, are not counted. One that takes long is measured less often. */
async function medianMilliseconds(
  model: ModelConfiguration,
  runs: number,
  run: (state: State) => Promise<StepOutput>,
): Promise<number> {
  let state = zeroState(model);
  const times: number[] = [];
  const endMs = performance.now() + measuringMs;
  for (let done = 0; done < runs + uncountedRuns; done++) {
    const startMs = performance.now();
    ({ state } = await run(state));
    times.push(performance.now() - startMs);
    if (times.length > uncountedRuns && performance.now() > endMs) break;
  }
  const counted = times.slice(uncountedRuns).sort((a, b) => a - b);
  return counted[counted.length >> 1]!;
}

/**
 * Which provider to use for a graph. `auto` takes the one that is fastest at a usual completion (a prefix of 512 characters and
 * 32 single steps) among those that work.
 * @throws UserError where the provider that was asked for does not work here
 */
export async function chooseProvider(graph: CheckedGraph, choice: ProviderChoice): Promise<ProviderDecision> {
  if (choice !== 'auto') {
    const trial = await tryProvider(graph, choice);
    if (trial.works) return { provider: choice, reason: `Set by the user: ${trial.detail}`, trials: [trial] };
    const message = `The execution provider '${choice}' does not work here: ${trial.detail}`;
    throw new UserError(message, "Set the provider to 'auto' or 'cpu'.");
  }
  return fastest(await tryProviders(graph));
}

/** The decision of `auto`, from what was tried. */
export function fastest(trials: readonly ProviderTrial[]): ProviderDecision {
  const working = trials.filter((trial) => trial.works).sort((a, b) => completionMs(a) - completionMs(b));
  const best = working[0];
  if (best === undefined) {
    const details = trials.map(({ provider, detail }) => `${provider}: ${detail}`).join(' ');
    throw new UserError(`No execution provider works here. ${details}`, 'Reinstall Recur for this platform.');
  }
  const others = trials.filter((trial) => trial !== best);
  const why = others.map(
    ({ provider, works, detail }) => `${provider} ${works ? 'is slower' : 'does not work'} (${detail})`,
  );
  return { provider: best.provider, reason: [`Fastest: ${best.detail}`, ...why].join(' '), trials };
}

function completionMs({ stepMilliseconds, prefixMilliseconds }: ProviderTrial): number {
  return stepsOfCompletion * (stepMilliseconds ?? Infinity) + (prefixMilliseconds ?? Infinity);
}
