import type { TextEdit } from '../text/textEdit';

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
  /** Other texts that the editor was given at the same place: who takes one of them takes it for this one. */
  readonly others?: readonly string[];
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
export function afterEdit(offered: Offer, edit: TextEdit, nowMs: number): OfferChange {
  const offer = meantBy(offered, edit);
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
  const byLetter = typed === offer.listed || isOneKey(offer.text.slice(offer.typed, typed));
  const after = { ...offer, typed, saved: offer.saved + (byLetter ? 0 : came) };
  if (typed === offer.text.length && !byLetter) return { outcome: 'accepted', offer: after };
  if (typed === offer.text.length) return { outcome: 'typed', offer: undefined };
  return { outcome: byLetter ? 'typed' : 'partly', offer: after };
}

/** The offer with the one of its texts that an edit goes on with. */
function meantBy(offer: Offer, edit: TextEdit): Offer {
  const typed = offer.text.slice(0, offer.typed);
  const texts = [offer.text, ...(offer.others ?? []).filter((text) => text.startsWith(typed))];
  const meant = texts.find((text) => typedAfter({ ...offer, text }, edit) !== undefined);
  return meant === undefined ? offer : { ...offer, text: meant };
}

/** One character, or Enter with the indentation that the editor adds. */
function isOneKey(text: string): boolean {
  return Array.from(text).length === 1 || /^\r?\n[ \t]*$/.test(text);
}

/** How much of the suggestion stands there after an edit that ends at the cursor; undefined: something else does. */
function typedAfter({ start, text, typed }: Offer, edit: TextEdit): number | undefined {
  const kept = text.slice(0, Math.max(0, edit.offset - start));
  const over = edit.offset + edit.length - (start + typed);
  // A character that takes the place of one to its right types over a bracket that the editor has closed.
  if (edit.offset < start || over < 0 || over > edit.text.length) return undefined;
  const now = kept + edit.text;
  if (text.startsWith(now)) return now.length;
  // The editor closes a bracket or string that was typed: one letter came from the keyboard.
  const opened = kept + edit.text.slice(0, 1);
  return closingPairs.has(edit.text) && text.startsWith(opened) ? opened.length : undefined;
}
