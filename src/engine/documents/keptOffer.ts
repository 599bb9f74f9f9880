import type { ModelSession } from '../../inference/session';
import type { LanguageMemory } from '../../memory/languageMemory';
import type { Completion } from '../../protocol/engine';
import type { TextEdit } from '../../text/textEdit';

/** A completion of several lines that was offered last in a document: it stays while it is typed, or accepted in parts. */
export interface KeptOffer {
  /** What drew it. */
  readonly session: ModelSession;
  readonly memory: LanguageMemory | undefined;
  /** What else was asked for, as a text. */
  readonly asked: string;
  /** Where it goes on, in UTF-16 units of the document. */
  readonly offset: number;
  /** What is left of it; lines end in line feeds. */
  readonly text: string;
  readonly confidence: number;
  /** What the editor has closed behind the cursor while it was typed. */
  readonly closed: string;
}

/** The editor closes brackets and quotes by itself; Enter between two brackets puts the second one on a line of its own. */
const closedByEditor = /^(?:[)\]}>'"`]*|\n[ \t]*)$/;
const lineFeeds = (text: string): string => text.replaceAll('\r\n', '\n');

/** The offer after an edit: shorter by what was typed or accepted of it; undefined after any other edit. */
export function keptOfferAfter(kept: KeptOffer, { offset, length, text }: TextEdit): KeptOffer | undefined {
  const inserted = lineFeeds(text);
  let typed = 0;
  while (typed < inserted.length && inserted[typed] === kept.text[typed]) typed++;
  const added = inserted.slice(typed);
  const isTyped = offset === kept.offset && typed > 0 && closedByEditor.test(added);
  // What takes the place of something types over what the editor has closed.
  const isOver = length <= Math.min(typed, kept.closed.length);
  if (!isTyped || (length > 0 && !isOver) || typed === kept.text.length) return undefined;
  const units = typed + (text.length - inserted.length === 0 ? 0 : kept.text.slice(0, typed).split('\n').length - 1);
  const closed = added + kept.closed.slice(length);
  return { ...kept, offset: offset + units, text: kept.text.slice(typed), closed };
}

/**
 * What of an offer may stand in a text now: all that is left, but for an end that the editor has closed already.
 * @param mayReplace whether it may take the place of what the editor has closed
 * @returns undefined where other text stands behind the cursor
 */
export function offerLeft(
  { text: left, offset, confidence, closed }: KeptOffer,
  text: string,
  mayReplace = false,
): KeptCompletion | undefined {
  const after = lineFeeds(text.slice(offset));
  if (!after.startsWith(closed) || !/^[ \t]*(?:\n|$)/.test(after.slice(closed.length))) return undefined;
  if (left.endsWith(closed)) {
    const rest = left.slice(0, left.length - closed.length);
    return rest === '' ? undefined : { text: rest, confidence };
  }
  return mayReplace && holdsInOrder(left, closed) ? { text: left, confidence, replaces: closed.length } : undefined;
}

/** Whether the characters stand in the text in their order, all in one line. */
function holdsInOrder(text: string, characters: string): boolean {
  let from = 0;
  for (const character of characters) from = text.indexOf(character, from) + 1 || Infinity;
  return !characters.includes('\n') && from !== Infinity;
}

export type KeptCompletion = Pick<Completion, 'text' | 'confidence' | 'replaces'>;
