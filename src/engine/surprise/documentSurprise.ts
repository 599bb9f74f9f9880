import { scoreDocuments } from '../../inference/scoring';
import { unhurried } from '../../inference/readPrefix';
import type { ModelSession } from '../../inference/session';
import type { LanguageMemory } from '../../memory/languageMemory';
import { emptySurprise, noteSurprise, type CharacterSurprise } from '../../surprise/characterSurprise';
import type { SourceDocument } from '../../text/document';
import { asTyped } from '../measuring/memoryScoring';

/**
 * How surprising each character of a text is to whoever reads it from top to bottom.
 * @param memory of the workspace without this file; undefined: the network alone
 * @param pace asked before every piece of it
 */
export async function documentSurprise(
  session: ModelSession,
  memory: LanguageMemory | undefined,
  document: SourceDocument,
  pace = unhurried(),
): Promise<CharacterSurprise> {
  const surprise = emptySurprise(Array.from(document.text).length);
  let at = 0;
  const note = (logits: Float32Array, offset: number, token: number): void =>
    noteSurprise(surprise, at++, session.vocabulary, logits, offset, token);
  await scoreDocuments(
    session,
    [document],
    () => undefined,
    ({ path }, header) => {
      if (memory === undefined) return note;
      return asTyped(session, memory, path, header, (_, logits, offset, token) =>
        note(memory.mix(logits, offset), 0, token),
      );
    },
    pace,
  );
  return surprise;
}
