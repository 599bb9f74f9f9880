import type { LogLevel } from '../core/logger';
import type { CharacterSurprise } from '../surprise/characterSurprise';
import type { SentGraph } from './graph';

/** Where the network stands, and what it expects next. */
interface SentPosition {
  readonly state: readonly Float32Array[];
  readonly logits: Float32Array;
}

/** A part of a text that is to be read. */
export interface UnreadPart {
  readonly tokens: Int32Array;
  /** Before the first of them. */
  readonly before: SentPosition;
}

/** How surprising it was, and where the network stands behind it. */
export interface ReadPart {
  readonly surprise: CharacterSurprise;
  readonly after: SentPosition;
}

/** Calls to a process that reads parts of a text beside the engine. */
export interface ReaderFunctions {
  /** @throws where the provider does not work */
  open(graph: SentGraph, provider: string): Promise<void>;
  /** Reads them side by side. */
  read(parts: readonly UnreadPart[]): Promise<ReadPart[]>;
}

/** Events from that process. */
export interface ReaderEvents {
  log(level: LogLevel, message: string): void;
}
