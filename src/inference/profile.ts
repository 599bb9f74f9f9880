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

/** A sentence where layers of the network ran on another provider than was asked for, which makes that one worth nothing. */
export function misplacedLayers(
  { model }: CheckedGraph,
  provider: string,
  runs: readonly NodeRun[],
): string | undefined {
  const layers = runs.filter(({ operator }) => operator === operators[model.cell]);
  if (layers.length === 0) return 'Its profile shows no recurrent node.';
  const elsewhere = new Set(layers.map((run) => run.provider).filter((name) => name !== profileNameOf(provider)));
  return elsewhere.size === 0 ? undefined : `Its recurrent nodes ran on ${[...elsewhere].join(', ')} instead.`;
}

const fewCharacters = 4;

/** As {@link misplacedLayers}, by a few characters that are run for it. @throws where the provider does not work */
export async function layersElsewhere(graph: CheckedGraph, provider: string): Promise<string | undefined> {
  const few = (session: ModelSession): Promise<unknown> =>
    session.run(new Int32Array(fewCharacters), 1, zeroState(graph.model));
  return misplacedLayers(graph, provider, await profileRuns(graph, provider, few));
}
