import { endOfHeader, startOfFile, tokenText, type Vocabulary } from '../../text/vocabulary';

/** What kind of character a token of the vocabulary is; those from {@link firstOfName} to {@link lastOfName} make up names. */
export const sign = 0;
export const firstOfName = 1;
export const lowerCase = 1;
export const upperCase = 2;
export const digit = 3;
/** `_` and what else holds a name together in a language. */
export const joint = 4;
/** A joint that is a sign where it stands alone. */
export const hyphen = 5;
export const lastOfName = 5;
export const blank = 6;
/** Ends a line; the header's end does too. */
export const lineEnd = 7;
export const opener = 8;
export const closer = 9;
export const comma = 10;
/** Where it ends a line, what follows further in belongs to that line, in languages whose blocks are indented alone. */
export const colon = 11;
/** Nothing that stands before it belongs to the same text. */
export const fileStart = 12;

/** `[vocabulary]`: the kind of each token. */
export type CharacterKinds = Uint8Array;

const known = new WeakMap<Vocabulary, Map<string, CharacterKinds>>();

/**
 * The kinds of a vocabulary's tokens.
 * @param joints characters that belong to names in a language, beside letters and digits
 */
export function characterKindsOf(vocabulary: Vocabulary, joints: string): CharacterKinds {
  let byJoints = known.get(vocabulary);
  if (byJoints === undefined) known.set(vocabulary, (byJoints = new Map<string, CharacterKinds>()));
  let kinds = byJoints.get(joints);
  if (kinds === undefined) {
    kinds = Uint8Array.from({ length: vocabulary.size }, (_, token) => kindOf(tokenText(vocabulary, token), joints));
    kinds[startOfFile] = fileStart;
    kinds[endOfHeader] = lineEnd;
    byJoints.set(joints, kinds);
  }
  return kinds;
}

function kindOf(character: string, joints: string): number {
  if (character === '') return sign;
  if (joints.includes(character)) return character === '-' ? hyphen : joint;
  if (character === '\n') return lineEnd;
  if (/^[ \t\r]$/.test(character)) return blank;
  if (/^\p{Nd}$/u.test(character)) return digit;
  if (/^\p{Lu}$/u.test(character)) return upperCase;
  if (/^\p{L}$/u.test(character)) return lowerCase;
  if ('([{'.includes(character)) return opener;
  if (')]}'.includes(character)) return closer;
  if (character === ':') return colon;
  return character === ',' ? comma : sign;
}

/** Whether a character of a kind belongs to a name. */
export function isOfName(kind: number): boolean {
  return kind >= firstOfName && kind <= lastOfName;
}
