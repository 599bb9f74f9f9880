import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as v from 'valibot';
import type { Cell } from '../core/configuration';
import { profileNameOf } from '../core/executionProviders';
import type { CheckedGraph } from './checkedGraph';
import { createSession, zeroState, type ModelSession } from './session';

const operators: Readonly<Record<Cell, string>> = { lstm: 'LSTM', gru: 'GRU', rnn: 'RNN' };

/** One run of one node, as onnxruntime's profiler saw it. */
export interface NodeRun {
  readonly operator: string;
  /** For instance `CPUExecutionProvider`. */
  readonly provider: string;
  readonly microseconds: number;
}

/** Runs something with onnxruntime's profiler, and reads what every node did. */
export async function profileRuns(
  graph: CheckedGraph,
  provider: string,
  work: (session: ModelSession) => Promise<unknown>,
): Promise<NodeRun[]> {
  const directory = await mkdtemp(join(tmpdir(), 'recur-profile-'));
  try {
    const options = { provider, profilePrefix: join(directory, 'profile') };
    const session = await createSession(graph.bytes, graph.model, graph.vocabulary, options);
    try {
      await work(session);
      session.endProfiling();
    } finally {
      await session.release();
    }
    return await readProfile(directory);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

const profileSchema = v.array(
  v.object({
    cat: v.optional(v.string()),
    dur: v.optional(v.number()),
    args: v.optional(v.object({ op_name: v.optional(v.string()), provider: v.optional(v.string()) })),
  }),
);

async function readProfile(directory: string): Promise<NodeRun[]> {
  const [file] = await readdir(directory);
  if (file === undefined) return [];
  const events = v.parse(profileSchema, JSON.parse(await readFile(join(directory, file), 'utf8')));
  return events.flatMap(({ cat, dur = 0, args }) =>
    cat === 'Node' && args?.op_name !== undefined && args.provider !== undefined
      ? [{ operator: args.op_name, provider: args.provider, microseconds: dur }]
      : [],
  );
}

/**
 * Runs a few characters with profiling and reads who ran the LSTM, GRU or RNN nodes.
 * @returns the provider of each run of a recurrent node, for instance `CPUExecutionProvider`
 */
export async function recurrentProviders(graph: CheckedGraph, provider: string): Promise<string[]> {
  const runs = await profileRuns(graph, provider, (session) =>
    session.run(new Int32Array(4), 1, zeroState(graph.model)),
  );
  return runs.filter((run) => isRecurrent(graph, run)).map((run) => run.provider);
}

/** Whether a node is one of the network's layers. */
export function isRecurrent({ model }: CheckedGraph, { operator }: Pick<NodeRun, 'operator'>): boolean {
  return operator === operators[model.cell];
}

/** A sentence where recurrent nodes ran on another provider, by onnxruntime's own profile. */
export async function recurrentNodesElsewhere(graph: CheckedGraph, provider: string): Promise<string | undefined> {
  const providers = await recurrentProviders(graph, provider);
  const wanted = profileNameOf(provider);
  const others = providers.filter((name) => name !== wanted);
  if (others.length > 0) return `Its recurrent nodes ran on ${[...new Set(others)].join(', ')} instead.`;
  return providers.length === 0 ? 'Its profile shows no recurrent node.' : undefined;
}
