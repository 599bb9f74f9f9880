import * as l10n from '@vscode/l10n';
import { createBirpc, type BirpcReturn } from 'birpc';
import { isAborted, UserError } from '../core/errors';
import { createRemoteSignals, type Message } from './remoteSignals';

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
 * Calls to and from the process at the other end of an IPC channel (`serialization: 'advanced'`). An abort signal among the
 * arguments of a call is one on the other side too, and what is aborted there is rejected here as such.
 * @param local what the other side may call
 * @param events functions of the other side that are told, not asked: their calls carry no answer
 * @param onOtherVersion called once where the other side is of another version, when that was told it and what waits for it
 * was rejected
 */
export function connect<RemoteFunctions extends object>(
  endpoint: Endpoint,
  local: object,
  events: readonly (keyof RemoteFunctions & string)[] = [],
  onOtherVersion: (error: UserError) => void = () => undefined,
): Remote<RemoteFunctions> {
  const signals = createRemoteSignals((message) => post(endpoint, { ...message, version: protocolVersion }));
  let receive: (message: ChannelMessage) => void = () => undefined;
  const listener = (message: unknown): void => {
    if (!isOfThisVersion(message)) refuse();
    else if (isWellFormed(message)) receive(message);
  };
  const refuse = (): void => {
    const error = otherVersionError();
    remote.$close(error);
    post(endpoint, { version: protocolVersion }, () => onOtherVersion(error));
  };
  const remote = createBirpc<RemoteFunctions, object>(local, {
    post: (message) => post(endpoint, message),
    on(forward) {
      receive = forward;
      endpoint.on('message', listener);
    },
    off: () => void endpoint.off('message', listener),
    serialize: (message: ChannelMessage) =>
      signals.pack({ ...message, version: protocolVersion, e: packError(message.e) }),
    deserialize: (message: ChannelMessage) => signals.unpack(withError(message)),
    eventNames: [...events],
    // What every object has is no function of a process.
    resolver: (name, found) => (Object.hasOwn(local, name) ? found : undefined),
    // Trainings take as long as they take; whoever must not wait watches the process instead.
    timeout: -1,
  });
  return remote;
}

function otherVersionError(): UserError {
  return new UserError(
    l10n.t('Parts of Recur are of different versions.'),
    l10n.t('Start the program again; if that does not help, install Recur anew.'),
  );
}

interface ChannelMessage extends Message {
  /** Of a call: the name of the function. */
  readonly m?: unknown;
  readonly e?: unknown;
  readonly version?: unknown;
}

function isOfThisVersion(message: unknown): message is ChannelMessage {
  return isObject(message) && message.version === protocolVersion;
}

/** A call, an answer, or word that a call is no longer wanted. Whatever else comes is left lying: nobody waits for an answer to it. */
function isWellFormed({ t, i, m, a, e }: ChannelMessage): boolean {
  const isCall = t === 'q' && typeof m === 'string' && (i === undefined || typeof i === 'string');
  const isAnswer = (t === 's' || t === 'abort') && typeof i === 'string';
  return (isCall || isAnswer) && (a === undefined || Array.isArray(a)) && (e === undefined || isPackedError(e));
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

/** Sends where there is still someone to send to: the end of a process is reported by its exit, not here. */
function post(endpoint: Endpoint, message: unknown, sent: () => void = () => undefined): void {
  if (endpoint.connected && endpoint.send !== undefined) endpoint.send(message, sent);
  else sent();
}

function withError(message: ChannelMessage): ChannelMessage {
  return message.e === undefined ? message : { ...message, e: unpackError(message.e) };
}

interface PackedError {
  readonly message: string;
  readonly remedy: string | null;
  readonly stack: string | undefined;
  readonly aborted?: boolean;
}

function isPackedError(error: unknown): error is PackedError {
  return (
    isObject(error) && typeof error.message === 'string' && (error.remedy === null || typeof error.remedy === 'string')
  );
}

/** Structured clone loses the class and own fields of an error. */
function packError(error: unknown): PackedError | undefined {
  if (error === undefined) return undefined;
  if (!(error instanceof Error)) return { message: `Not an error: ${typeof error}`, remedy: null, stack: undefined };
  const remedy = error instanceof UserError ? error.remedy : null;
  return { message: error.message, remedy, stack: error.stack, aborted: isAborted(error) };
}

function unpackError(packed: unknown): Error {
  const { message, remedy, stack, aborted } = packed as PackedError;
  const error = remedy === null ? new Error(message) : new UserError(message, remedy);
  if (aborted === true) Object.assign(error, { name: 'AbortError' });
  if (stack !== undefined) error.stack = stack;
  return error;
}
