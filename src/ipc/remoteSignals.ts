/** What passes of birpc's messages here: a call, an answer, or our own word that a call is no longer wanted. */
export interface Message {
  /** `q`: a call; `s`: an answer; `abort`: a call is no longer wanted, which concerns nobody but us. */
  readonly t?: string;
  /** Of the call. */
  readonly i?: string;
  readonly a?: readonly unknown[];
}

/** Carries the abort signal among the arguments of a call to the other side: it is one there too, and aborts with this one. */
export interface RemoteSignals {
  /** A message as it is sent. */
  readonly pack: <Sent extends Message>(message: Sent) => Sent;
  /** A message as it came. */
  readonly unpack: <Came extends Message>(message: Came) => Came;
}

/** In place of a signal in the arguments: structured clone knows none. */
interface PackedSignal {
  readonly abortSignal: { readonly aborted: boolean };
}

/** @param post sends a message of our own */
export function createRemoteSignals(post: (message: Message) => void): RemoteSignals {
  /** By call of ours: ends watching its signal. */
  const watched = new Map<string, () => void>();
  /** By call of the other side that is not answered yet. */
  const controllers = new Map<string, AbortController>();

  function watch(call: string, signal: AbortSignal): PackedSignal {
    const abort = (): void => post({ t: 'abort', i: call });
    signal.addEventListener('abort', abort, { once: true });
    watched.set(call, () => signal.removeEventListener('abort', abort));
    return { abortSignal: { aborted: signal.aborted } };
  }

  function signalOf(call: string, { abortSignal }: PackedSignal): AbortSignal {
    const controller = new AbortController();
    controllers.set(call, controller);
    if (abortSignal.aborted) controller.abort();
    return controller.signal;
  }

  return {
    pack(message) {
      const { t, i, a } = message;
      if (i === undefined) return message;
      if (t === 's') controllers.delete(i);
      if (a?.some((argument) => argument instanceof AbortSignal) !== true) return message;
      return { ...message, a: a.map((argument) => (argument instanceof AbortSignal ? watch(i, argument) : argument)) };
    },
    unpack(message) {
      const { t, i, a } = message;
      if (i === undefined) return message;
      if (t === 'abort') controllers.get(i)?.abort();
      if (t === 's') watched.get(i)?.();
      if (t === 's') watched.delete(i);
      if (a?.some(isPackedSignal) !== true) return message;
      return { ...message, a: a.map((argument) => (isPackedSignal(argument) ? signalOf(i, argument) : argument)) };
    },
  };
}

function isPackedSignal(argument: unknown): argument is PackedSignal {
  if (typeof argument !== 'object' || argument === null || !('abortSignal' in argument)) return false;
  return typeof argument.abortSignal === 'object' && argument.abortSignal !== null;
}
