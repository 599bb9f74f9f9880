import type { NodeShare, ProviderProfile } from '../protocol/providers';
import type { CheckedGraph } from './checkedGraph';
import { misplacedLayers, profileRuns, type NodeRun } from './profile';
import { zeroState, type ModelSession } from './session';

const readCharacters = 1_024;
const drawnCharacters = 64;

/** Reads a prefix and feeds single characters with onnxruntime's profiler. @throws where the provider does not work */
export async function profileProvider(graph: CheckedGraph, provider: string): Promise<ProviderProfile> {
  const runs = await profileRuns(graph, provider, readAndStep);
  return { provider, nodes: sharesOf(runs), problem: misplacedLayers(graph, provider, runs) ?? null };
}

async function readAndStep(session: ModelSession): Promise<void> {
  let { state } = await session.run(new Int32Array(readCharacters), 1, zeroState(session.model));
  for (let drawn = 0; drawn < drawnCharacters; drawn++) ({ state } = await session.run(new Int32Array(1), 1, state));
}

/** By provider and operator, what took most first. */
function sharesOf(runs: readonly NodeRun[]): NodeShare[] {
  const total = runs.reduce((sum, { microseconds }) => sum + microseconds, 0);
  const shares = new Map<string, NodeShare>();
  for (const { operator, provider, microseconds } of runs) {
    const key = `${provider} ${operator}`;
    const before = shares.get(key) ?? { operator, provider, runs: 0, share: 0 };
    shares.set(key, { ...before, runs: before.runs + 1, share: before.share + microseconds / Math.max(1, total) });
  }
  return [...shares.values()].sort((a, b) => b.share - a.share);
}
