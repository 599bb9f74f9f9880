import type { LogLevel } from '../core/logger';
import type { SentGraph } from './graph';
import type { ProviderProfile, ProviderTrial } from './providers';

/** Calls to a process that tries one execution provider and may be lost to it. */
export interface ProberFunctions {
  probe(graph: SentGraph, provider: string): Promise<ProviderTrial>;
  profile(graph: SentGraph, provider: string): Promise<ProviderProfile>;
}

/** Events from that process. */
export interface ProberEvents {
  log(level: LogLevel, message: string): void;
}
