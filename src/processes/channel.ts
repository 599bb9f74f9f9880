import { createBirpc, type BirpcReturn } from 'birpc';
import { UserError } from '../core/errors';

/** Raised when a message changes its meaning; processes of different builds refuse each other. */
export const protocolVersion = 1;

/** A process or child process with an IPC channel. */
export interface Endpoint {
  readonly connected: boolean;
  send?(message: unknown, callback: (error: Error | null) => void): boolean;
  on(event: 'message', listener: (message: unknown) => void): unknown;
  off(event: 'message', listener: (message: unknown) => void): unknown;
}

/** Calls to the functions on the other side. */
export type Remote<Functions extends object> = BirpcReturn<Functions, object>;

/**
 * Calls to and from the process at the other end of an IPC channel (`serialization: 'advanced'`).
 * @param local what the other side may call
 * @param events functions of the other side that are told, not asked: their calls carry no answer
 */
export function connect<RemoteFunctions extends object>(
  endpoint: Endpoint,
  local: object,
  events: readonly (keyof RemoteFunctions & string)[] = [],
): Remote<RemoteFunctions> {
  return createBirpc<RemoteFunctions, object>(local, {
    post: (message) => post(endpoint, message),
    on: (listener) => void endpoint.on('message', listener),
    off: (listener) => void endpoint.off('message', listener),
    serialize: (message: Message) => ({ ...message, version: protocolVersion, e: packError(message.e) }),
    deserialize: unpackMessage,
    eventNames: [...events],
    // Trainings take as long as they take; whoever must not wait watches the process instead.
    timeout: -1,
  });
}

interface Message {
  e?: unknown;
  version?: unknown;
}

/** Sends where there is still someone to send to: the end of a process is reported by its exit, not here. */
function post(endpoint: Endpoint, message: unknown): void {
  if (endpoint.connected) endpoint.send?.(message, () => undefined);
}

function unpackMessage(message: Message): Message {
  if (message.version !== protocolVersion) {
    throw new Error(`A process of another version of Recur answered (${String(message.version)}).`);
  }
  return message.e === undefined ? message : { ...message, e: unpackError(message.e) };
}

interface PackedError {
  readonly message: string;
  readonly remedy: string | null;
  readonly stack: string | undefined;
}

/** Structured clone loses the class and own fields of an error. */
function packError(error: unknown): PackedError | undefined {
  if (error === undefined) return undefined;
  if (!(error instanceof Error)) return { message: `Not an error: ${typeof error}`, remedy: null, stack: undefined };
  return { message: error.message, remedy: error instanceof UserError ? error.remedy : null, stack: error.stack };
}

function unpackError(packed: unknown): Error {
  const { message, remedy, stack } = packed as PackedError;
  const error = remedy === null ? new Error(message) : new UserError(message, remedy);
  if (stack !== undefined) error.stack = stack;
  return error;
}
