import { setTimeout } from 'node:timers/promises';
import { isAborted } from '../../core/errors';
import type { Logger } from '../../core/logger';
import { sentGraph, type CheckedGraph } from '../../inference/checkedGraph';
import { failedTrial, reasonOf } from '../../inference/providerTrial';
import { startChild, type Child } from '../../ipc/childProcess';
import type { ProberEvents, ProberFunctions } from '../../protocol/prober';
import type { ProviderProfile, ProviderTrial } from '../../protocol/providers';

type Probing<Result> = (graph: CheckedGraph, provider: string, signal: AbortSignal) => Promise<Result>;

/** Tries a provider on a graph. Rejected only where the signal aborts. */
export type Probe = Probing<ProviderTrial>;
/** Says where the nodes of a graph run. Rejected only where the signal aborts. */
export type Profile = Probing<ProviderProfile>;

export interface ProbeOptions {
  /** Absolute path of the prober's bundle. */
  readonly entry: string;
  readonly logger: Logger;
  /** A driver that takes longer does not answer at all. */
  readonly limitMs?: number;
}

/** The first use of a GPU may compile kernels, on a machine that has other things to do. */
const defaultLimitMs = 120_000;

/** In a child process of its own for each trial: a driver's fault, or one that never answers, costs nothing but that child. */
export function createProbe(options: ProbeOptions): Probe {
  return (graph, provider, signal) =>
    inChild(
      options,
      signal,
      ({ probe }) => probe(sentGraph(graph), provider),
      (detail) => failedTrial(provider, detail),
    );
}

/** As {@link createProbe}. */
export function createProfile(options: ProbeOptions): Profile {
  return (graph, provider, signal) =>
    inChild(
      options,
      signal,
      ({ profile }) => profile(sentGraph(graph), provider),
      (problem) => ({ provider, nodes: [], problem }),
    );
}

type Remote = Child<ProberFunctions>['remote'];

/** @param failed what is answered where the child does not, with the reason */
async function inChild<Result>(
  { entry, logger, limitMs = defaultLimitMs }: ProbeOptions,
  signal: AbortSignal,
  ask: (remote: Remote) => Promise<Result>,
  failed: (detail: string) => Result,
): Promise<Result> {
  signal.throwIfAborted();
  const events: ProberEvents = { log: (level, message) => logger[level](message) };
  const child = startChild<ProberFunctions>({ entry, logger }, events);
  // One that hangs does not notice that its parent is gone.
  process.once('exit', child.kill);
  const over = new AbortController();
  try {
    return await Promise.race([
      ask(child.remote).catch(async (error: unknown) => failed(await howItEnded(child, error))),
      limit(limitMs, over.signal).then(() => failed(`It did not answer within ${limitMs / 1_000} seconds.`)),
      aborted(signal, over.signal),
    ]);
  } finally {
    over.abort();
    process.off('exit', child.kill);
    child.kill();
  }
}

async function howItEnded(child: Child<ProberFunctions>, error: unknown): Promise<string> {
  const how = await Promise.race([child.exited, setTimeout(1_000, undefined, { ref: false })]);
  return how === undefined
    ? `It could not be tried: ${reasonOf(error)}`
    : `The process that tried it has ended (${how}).`;
}

async function limit(milliseconds: number, over: AbortSignal): Promise<void> {
  await setTimeout(milliseconds, undefined, { signal: over }).catch((error: unknown) => {
    if (!isAborted(error)) throw error;
  });
}

/** Rejected as soon as the signal aborts. */
function aborted(signal: AbortSignal, over: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true, signal: over });
  });
}
