import { mayCompleteAt } from '../offers/completionRules';
import { mostSuggestions, type Completion, type CompletionAnswer } from '../protocol/engine';
import { agreeingText, isCompletionWanted, type CompletionSituation } from './completionPolicy';
import type { Engine, EngineHost } from './engineHost';
import type { OfferTracker } from './offerTracker';
import type { CompletionSettings } from './settings';

/** Tells that an answer is not wanted any more, as VS Code and the language server protocol do. */
export interface Cancellation {
  readonly isCancellationRequested: boolean;
  readonly onCancellationRequested: (listener: () => void) => { dispose(): void };
}

/** A place of a document that a completion is asked for at. */
export interface AskedPlace {
  readonly uri: string;
  /** That the offset belongs to. */
  readonly version: number;
  /** Cursor, in UTF-16 units. */
  readonly offset: number;
  /** The cursor's line up to the cursor, and from it on. */
  readonly before: string;
  readonly after: string;
  readonly situation: CompletionSituation;
  /** Names of the members behind the access at the cursor, where they are known. */
  readonly members?: readonly string[] | undefined;
  /** An item of the editor's list of suggestions is selected. */
  readonly hasSelectedItem: boolean;
  /** The engine, knowing the document as it is now; undefined where nothing may be completed in it. */
  engine(): Promise<Engine | undefined>;
  /** Sends the whole text again: the engine has lost track. */
  resend(engine: Engine): void;
}

export interface OfferSources {
  readonly engines: EngineHost;
  readonly offers: OfferTracker;
}

/** Those who wait for an answer that they have not asked for by a command wait so long. */
export const mostMs = 250;

/**
 * What is offered at a place by these settings, soon, the surest first: several lines where somebody asks by a command. Nothing
 * where none is sure enough, or nobody wants it any more.
 */
export async function completionsAt(
  sources: OfferSources,
  place: AskedPlace,
  settings: CompletionSettings,
  token: Cancellation,
): Promise<readonly Completion[]> {
  const { situation, before, after } = place;
  if (!isCompletionWanted(situation, settings) || !mayCompleteAt(before, after)) return [];
  const work = (signal: AbortSignal) => complete(sources, place, settings, signal);
  // Whoever asks by a command waits for the answer.
  if (situation.invoked) return (await untilCancelled(token, work)) ?? [];
  if (!(await staysFor(settings.debounceMs, token)) || sources.engines.status.answers === null) return [];
  return (await untilCancelled(token, work, mostMs)) ?? [];
}

async function complete(
  { offers }: OfferSources,
  place: AskedPlace,
  settings: CompletionSettings,
  signal: AbortSignal,
): Promise<readonly Completion[]> {
  const engine = await place.engine();
  if (engine === undefined || signal.aborted) return [];
  // Whoever asks gets an answer, however many were rejected before.
  const minimumConfidence = place.situation.invoked
    ? settings.minimumConfidence
    : offers.minimumConfidence(settings.minimumConfidence);
  const answer = await ask(engine, place, { ...settings, minimumConfidence }, signal);
  const others = answer.others ?? [];
  return answer.kind === 'completion' ? [answer.completion, ...others] : [];
}

async function ask(
  engine: Engine,
  place: AskedPlace,
  { maxCharacters, minimumConfidence, prose, multiline }: CompletionSettings,
  signal: AbortSignal,
): Promise<CompletionAnswer> {
  const { uri, version, offset, situation, members } = place;
  // What is selected in the list of suggestions says itself which part of the text it replaces.
  const completions = { maxCharacters, minimumConfidence, prose, multiline, mayReplace: !place.hasSelectedItem };
  const suggestions = situation.invoked ? mostSuggestions : 1;
  const request = {
    uri,
    version,
    offset,
    languageId: situation.languageId,
    ...completions,
    suggestions,
    ...(members && { members }),
  };
  const answer = await engine.complete(request, signal);
  if (answer.kind !== 'none' || answer.reason !== 'resend' || signal.aborted) return answer;
  place.resend(engine);
  return engine.complete(request, signal);
}

/**
 * Works until the answer is not wanted any more, or for so long; the signal is aborted then, down to the engine.
 * @returns undefined where it was
 */
async function untilCancelled<Value>(
  token: Cancellation,
  work: (signal: AbortSignal) => Promise<Value>,
  milliseconds?: number,
): Promise<Value | undefined> {
  const controller = new AbortController();
  const { signal } = controller;
  const aborted = new Promise<undefined>((resolve) => signal.addEventListener('abort', () => resolve(undefined)));
  const subscription = token.onCancellationRequested(() => controller.abort());
  const timer = milliseconds === undefined ? undefined : setTimeout(() => controller.abort(), milliseconds);
  try {
    return isStale(token) ? undefined : await Promise.race([work(signal), aborted]);
  } finally {
    clearTimeout(timer);
    subscription.dispose();
  }
}

function isStale(token: Cancellation): boolean {
  return token.isCancellationRequested;
}

/** Waits; false as soon as a newer key has made the request stale. */
function staysFor(milliseconds: number, token: Cancellation): Promise<boolean> {
  if (isStale(token)) return Promise.resolve(false);
  return new Promise((resolve) => {
    const end = (stays: boolean) => {
      clearTimeout(timer);
      subscription.dispose();
      resolve(stays);
    };
    const timer = setTimeout(() => end(true), milliseconds);
    const subscription = token.onCancellationRequested(() => end(false));
  });
}

/** Completions as the editor is given them. */
export interface CountedOffer {
  /** Each replaces a range. */
  readonly items: readonly { readonly whole: string; readonly completion: Completion }[];
  /** For {@link OfferTracker.acceptedByCommand}. */
  readonly number: number;
}

/** Where a completion goes in the document: what is replaced ends at the cursor or holds it. */
export interface ReplacedRange {
  readonly uri: string;
  /** In UTF-16 units. */
  readonly start: number;
  /** What it holds up to the cursor. */
  readonly typed: string;
  /** What is selected in the editor's list of suggestions would insert there; undefined: nothing is selected. */
  readonly selected: string | undefined;
  readonly lineEnd: '\n' | '\r\n';
}

/** The texts that replace a range, counted as one offer; undefined where all contradict what is selected. */
export function countedOffer(
  completions: readonly Completion[],
  { uri, start, typed, selected, lineEnd }: ReplacedRange,
  offers: OfferTracker,
): CountedOffer | undefined {
  const items = completions.flatMap((completion) => {
    const { text } = completion;
    const whole = selected === undefined ? text : agreeingText(text, { text: selected, typed });
    return whole === undefined ? [] : [{ whole, completion }];
  });
  // As the document will have them.
  const [text, ...others] = items.map(({ whole }) => (lineEnd === '\n' ? whole : whole.replaceAll('\n', lineEnd)));
  if (text === undefined) return undefined;
  const number = offers.offered({
    ...{ uri, start, text, others },
    typed: typed.length,
    ...(selected !== undefined && { listed: selected.length }),
  });
  return { items, number };
}
