import { tokenText, type Vocabulary } from '../../text/vocabulary';
import { blank, isOfName, lineEnd, opener, type CharacterKinds } from './characterKinds';
import { firstName } from './codeIndex';

/** What kind of place a cursor stands at, as far as what may come there differs. */
export const placeKinds = [
  'second letter',
  'third to fourth letter',
  'later letter',
  'start of a line',
  'behind its indentation',
  'behind a dot',
  'behind a name',
  'behind a name and blanks',
  'behind a bracket',
  'behind a quote',
  'behind a sign',
  'behind a sign and blanks',
  'no code',
] as const;
export const noCode: number = placeKinds.indexOf('no code');

/** Coarser: in a name, at the start of a line, behind a name, elsewhere. */
export const coarsePlaces = 4;
export function coarsePlace(kind: number): number {
  if (kind <= 2) return 0;
  if (kind <= 4) return 1;
  return kind === 6 || kind === 7 ? 2 : 3;
}

/**
 * @param last the last whole code token; undefined at the start of a text
 * @param typed vocabulary tokens behind it: blanks and the beginning of a name
 */
export function placeKind(
  vocabulary: Vocabulary,
  kinds: CharacterKinds,
  last: number | undefined,
  typed: ArrayLike<number>,
): number {
  let letters = 0;
  while (letters < typed.length && isOfName(kinds[typed[typed.length - 1 - letters]!]!)) letters++;
  if (letters > 0) return letters === 1 ? 0 : letters < 4 ? 1 : 2;
  const isApart = typed.length > 0 && kinds[typed[typed.length - 1]!] === blank ? 1 : 0;
  if (last === undefined) return 3 + isApart;
  if (last >= firstName) return 6 + isApart;
  const kind = kinds[last];
  if (kind === lineEnd) return 3 + isApart;
  if (kind === opener) return 8;
  const character = tokenText(vocabulary, last);
  if (character === '.') return 5;
  return '"\'`'.includes(character) && character !== '' ? 9 : 10 + isApart;
}
