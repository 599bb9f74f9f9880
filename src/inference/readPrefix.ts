import type { ModelSession, State } from './session';

/** The state after some text, and the logits `[vocabulary]` of the character that comes next. */
export interface Position {
  readonly state: State;
  readonly logits: Float32Array;
}

/** How long native code may keep the process from its messages. */
const sliceMs = 3;
const firstSliceCharacters = 32;
const largestSliceCharacters = 4096;

/** Characters that each session reads in a slice, from what the last one took. */
const sliceCharacters = new WeakMap<ModelSession, number>();

/** Lets messages in: a newer request or edit may come between two slices. */
export function giveWay(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/**
 * Asked before each piece of long work, of some milliseconds: resolves when it may be done. The signal is aborted as soon as
 * somebody waits; what is under way then may be broken off and done again. Rejected where nobody wants the work any more.
 */
export type Pace = () => Promise<AbortSignal>;

/** For a process that does nothing else: goes on until the signal aborts. */
export function unhurried(signal = new AbortController().signal): Pace {
  return async () => {
    await giveWay();
    signal.throwIfAborted();
    return signal;
  };
}

/** Gives way each time that {@link sliceMs} have passed. */
export function createPacer(): () => Promise<void> {
  let startMs = performance.now();
  return async () => {
    if (performance.now() - startMs < sliceMs) return;
    await giveWay();
    startMs = performance.now();
  };
}

/** Feeds one slice of about {@link sliceMs}. */
async function readSlice(
  session: ModelSession,
  tokens: Int32Array,
  state: State,
): Promise<{ position: Position; read: number }> {
  const characters = sliceCharacters.get(session) ?? firstSliceCharacters;
  const slice = tokens.subarray(0, characters);
  const startMs = performance.now();
  const output = await session.run(slice, 1, state);
  if (slice.length === characters) adapt(session, characters, performance.now() - startMs);
  const logits = output.logits.slice(-session.vocabulary.size);
  return { position: { state: output.state, logits }, read: slice.length };
}

/** Towards the wished duration, by a factor of two at most: one slow slice says little. */
function adapt(session: ModelSession, characters: number, tookMs: number): void {
  const factor = Math.min(2, Math.max(0.5, sliceMs / Math.max(tookMs, 0.1)));
  const next = Math.round(characters * factor);
  sliceCharacters.set(session, Math.min(largestSliceCharacters, Math.max(16, next)));
}

/**
 * Feeds a text in slices of a few milliseconds, between which other work of the process gets its turn.
 * @param tokens at least one
 * @returns undefined where it was aborted between two slices
 */
export async function readPrefix(
  session: ModelSession,
  tokens: Int32Array,
  state: State,
  signal: AbortSignal | undefined,
): Promise<Position | undefined> {
  let position: Position | undefined;
  for (let start = 0; start < tokens.length;) {
    if (start > 0) await giveWay();
    if (signal?.aborted === true) return undefined;
    const slice = await readSlice(session, tokens.subarray(start), position?.state ?? state);
    position = slice.position;
    start += slice.read;
  }
  return position;
}
