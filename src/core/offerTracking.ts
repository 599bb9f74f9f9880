import type { TextEdit } from './textEdit';

/** A suggestion that the editor was given, and how much of it stands in the document by now. */
export interface Offer {
  readonly uri: string;
  /** Where its text begins, in UTF-16 units of the document. */
  readonly start: number;
  readonly text: string;
  /** UTF-16 units of the text that stand in the document: typed, or accepted in parts. */
  readonly typed: number;
  /** Of them, those that were not typed letter by letter. */
  readonly saved: number;
  readonly atMs: number;
  /** Units that the editor's own list of suggestions would insert, where an item of it is selected: that is not ours. */
  readonly listed?: number;
}

/**
 * What an edit says of a suggestion. The editor tells of neither display nor acceptance: a text that comes all at once and
 * goes on with the suggestion was accepted, whole or in part; one letter that does was typed. Something else in its place
 * rejects it; what deletes or replaces the text before it, as a backspace does, says nothing about it.
 */
export type OfferOutcome = 'untouched' | 'typed' | 'partly' | 'accepted' | 'rejected' | 'gone';

export interface OfferChange {
  readonly outcome: OfferOutcome;
  /** How the suggestion stands now; undefined where it has come to its end. */
  readonly offer: Offer | undefined;
}

/** Somebody who types on sooner has not read it: that says nothing about the suggestion. */
const readingMs = 300;
const closingPairs = new Set(['()', '[]', '{}', '""', "''", '``', '<>']);

/** @param nowMs by the clock of {@link Offer.atMs} */
export function afterEdit(offer: Offer, edit: TextEdit, nowMs: number): OfferChange {
  const cursor = offer.start + offer.typed;
  const end = edit.offset + edit.length;
  if (edit.offset > cursor) return { outcome: 'untouched', offer };
  if (end < offer.start || (end === offer.start && end < cursor)) {
    return { outcome: 'untouched', offer: { ...offer, start: offer.start + edit.text.length - edit.length } };
  }
  const typed = typedAfter(offer, edit);
  if (typed === undefined) {
    const typesOver = edit.text !== '' && edit.offset >= offer.start && nowMs - offer.atMs >= readingMs;
    return { outcome: typesOver ? 'rejected' : 'gone', offer: undefined };
  }
  const came = typed - offer.typed;
  // Backspace within what was typed of it: the suggestion may still be meant.
  if (came <= 0) return { outcome: 'untouched', offer: { ...offer, typed, saved: Math.min(offer.saved, typed) } };
  const byLetter = typed === offer.listed || Array.from(offer.text.slice(offer.typed, typed)).length === 1;
  const after = { ...offer, typed, saved: offer.saved + (byLetter ? 0 : came) };
  if (typed === offer.text.length && !byLetter) return { outcome: 'accepted', offer: after };
  if (typed === offer.text.length) return { outcome: 'typed', offer: undefined };
  return { outcome: byLetter ? 'typed' : 'partly', offer: after };
}

/** How much of the suggestion stands there after an edit that ends at the cursor; undefined: something else does. */
function typedAfter({ start, text, typed }: Offer, edit: TextEdit): number | undefined {
  const kept = text.slice(0, Math.max(0, edit.offset - start));
  if (edit.offset < start || edit.offset + edit.length !== start + typed) return undefined;
  const now = kept + edit.text;
  if (text.startsWith(now)) return now.length;
  // The editor closes a bracket or string that was typed: one letter came from the keyboard.
  const opened = kept + edit.text.slice(0, 1);
  return closingPairs.has(edit.text) && text.startsWith(opened) ? opened.length : undefined;
}
