import { begunName, isOfName } from '../../text/nameCharacters';
import { decode, tokenText, type Vocabulary } from '../../text/vocabulary';
import type { Mixing } from '../../inference/drawnLine';

/** Subtracted from the logits of what is no member: nothing outweighs it. */
const exclusion = 25;
const longestName = 128;

/** Where the name at a cursor begins: at the cursor where there is none. */
export function nameStart(text: string, offset: number): number {
  return offset - begunName(text.slice(Math.max(0, offset - longestName), offset)).length;
}

/**
 * A mixing in which the name at the cursor is one of the members that there are.
 * @param begun what is written of the name
 */
export function amongMembers(mix: Mixing, vocabulary: Vocabulary, begun: string, members: readonly string[]): Mixing {
  const areOfName = Array.from({ length: vocabulary.size }, (_, token) => isOfName(tokenText(vocabulary, token)));
  return (logits, drawn) => {
    const mixed = mix(logits, drawn);
    if (!drawn.every((token) => areOfName[token])) return mixed;
    const name = begun + decode(vocabulary, drawn);
    const left = members.filter((member) => member.startsWith(name)).map((member) => member.slice(name.length));
    // It is another name already, which somebody is about to add.
    if (left.length === 0) return mixed;
    const next = new Set(left.map((rest) => Array.from(rest)[0]));
    const mayEnd = left.includes('');
    return mixed.map((logit, token) => {
      const fits = areOfName[token] ? next.has(tokenText(vocabulary, token)) : mayEnd;
      return fits ? logit : logit - exclusion;
    });
  };
}
