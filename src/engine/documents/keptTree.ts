import type { DrawnLine } from '../../inference/drawnLine';
import type { LineNode } from '../../inference/lineTree';
import type { ModelSession } from '../../inference/session';
import type { LanguageMemory } from '../../memory/languageMemory';
import type { TextEdit } from '../../text/textEdit';
import { tokenOf, tokenText, type Vocabulary } from '../../text/vocabulary';

/** What was drawn of the cursor's line: whoever types what stands in it finds drawn what may follow. */
export interface KeptTree {
  /** What draws it. */
  readonly session: ModelSession;
  readonly memory: LanguageMemory | undefined;
  /** Where the name begins whose members were known; undefined where they were not. */
  readonly membersAt: number | undefined;
  /** Its root, and what of it was typed since then: where they stand in the document, in UTF-16 units, one behind the other. */
  readonly typed: readonly { readonly offset: number; readonly node: LineNode }[];
  /** The line that was drawn last, and where. */
  readonly last?: { readonly offset: number; readonly line: DrawnLine };
}

/** Of the tokens that lines are drawn in: the memory knows characters of the workspace that the network may not know. */
export function drawnVocabulary({ session, memory }: Pick<KeptTree, 'session' | 'memory'>): Vocabulary {
  return memory?.vocabulary ?? session.vocabulary;
}

/** The editor closes brackets and quotes by itself, behind the cursor. */
const closedByEditor = /^[)\]}>'"`]*$/;

/**
 * The tree after an edit that types or takes away again what stands in it; undefined after any other one. A character that takes
 * the place of one to the right is typed too: so the editor types over a bracket that it has closed.
 */
export function keptAfter(kept: KeptTree, { offset, length, text }: TextEdit): KeptTree | undefined {
  const at = kept.typed.findIndex((place) => place.offset === offset);
  if (at < 0) return undefined;
  const vocabulary = drawnVocabulary(kept);
  const typed = kept.typed.slice(0, at + 1);
  let units = 0;
  for (const character of text) {
    const token = tokenOf(vocabulary, character.codePointAt(0)!);
    const node = typed.at(-1)!.node.longer.get(token);
    if (node === undefined) break;
    units += tokenText(vocabulary, token).length;
    typed.push({ offset: offset + units, node });
  }
  const replaced = Math.max(0, offset + length - kept.typed.at(-1)!.offset);
  const isTyped = units > 0 || text === '';
  return isTyped && replaced <= units && closedByEditor.test(text.slice(units)) ? { ...kept, typed } : undefined;
}

/** Where the tree goes on at an offset; undefined where it does not. */
export function nodeAt({ typed }: KeptTree, offset: number): LineNode | undefined {
  return typed.find((place) => place.offset === offset)?.node;
}
