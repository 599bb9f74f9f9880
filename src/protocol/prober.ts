import type { ModelConfiguration } from '../core/configuration';
import type { LogLevel } from '../core/logger';
import type { ProviderProfile, ProviderTrial } from './providers';

/** A graph as it travels to another process. */
export interface ProbedGraph {
  readonly bytes: Uint8Array;
  readonly model: ModelConfiguration;
  readonly codePoints: readonly number[];
  readonly steps?: Uint8Array;
}

/** Calls to a process that tries one execution provider and may be lost to it. */
export interface ProberFunctions {
  probe(graph: ProbedGraph, provider: string): Promise<ProviderTrial>;
  profile(graph: ProbedGraph, provider: string): Promise<ProviderProfile>;
}

/** Events from that process. */
export interface ProberEvents {
  log(level: LogLevel, message: string): void;
}
