import type { DrawnLine } from '../../inference/drawnLine';
import type { ModelSession } from '../../inference/session';
import type { LanguageMemory } from '../../memory/languageMemory';
import type { TextEdit } from '../../text/textEdit';

/** The line that was drawn last in a document: whoever types what it says needs no other one. */
export interface KeptLine {
  /** What drew it. */
  readonly session: ModelSession;
  readonly memory: LanguageMemory | undefined;
  readonly maxCharacters: number;
  /** Where the name begins whose members were known; undefined where they were not. */
  readonly membersAt: number | undefined;
  /** Where it goes on, in UTF-16 units of the document. */
  readonly offset: number;
  readonly line: DrawnLine;
  /** Whether it ends by itself: a longer one would be no other. */
  readonly isWhole: boolean;
}

/** The editor closes brackets and quotes by itself, behind the cursor. */
const closedByEditor = /^[)\]}>'"`]*$/;

/**
 * The line after an edit: shorter by what was typed where the line says so; undefined after any other edit. A character that
 * takes the place of one to its right is typed too: so the editor types over a bracket that it has closed.
 */
export function keptAfter(kept: KeptLine, { offset, length, text }: TextEdit): KeptLine | undefined {
  if (offset !== kept.offset) return undefined;
  const { alternative } = kept.line;
  const own = lineAfter(kept.line, length, text);
  const other = alternative && lineAfter(alternative, length, text);
  const left = own ?? other;
  if (left === undefined) return undefined;
  // Where both say what was typed, they do so for as long.
  const line = own !== undefined && other?.units === own.units ? { ...own.line, alternative: other.line } : left.line;
  return { ...kept, offset: offset + left.units, line };
}

/** What is left of a line of which the beginning was typed, and the UTF-16 units of that; undefined where it was not. */
function lineAfter(
  { characters, probabilities, ends, state }: DrawnLine,
  length: number,
  text: string,
): { line: DrawnLine; units: number } | undefined {
  let typed = 0;
  let units = 0;
  while (typed < characters.length && text.startsWith(characters[typed]!, units)) units += characters[typed++]!.length;
  if (units === 0 || length > units || !closedByEditor.test(text.slice(units))) return undefined;
  // The state is that behind its end, from which the lines below are drawn.
  const left = { characters: characters.slice(typed), probabilities: probabilities.slice(typed), ends };
  return { line: { ...left, ...(state && { state }) }, units };
}

/** Whether a line is long enough to be offered: one that was broken off goes on where little of it is left. */
export function isLongEnough({ line, maxCharacters, isWhole }: KeptLine): boolean {
  return isWhole || line.characters.length >= maxCharacters / 2;
}
