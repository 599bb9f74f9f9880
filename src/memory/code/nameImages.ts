import { decode, encode, otherToken, type Vocabulary } from '../../text/vocabulary';
import { lettersOf, unknownName, type Names } from './names';
import { bindingOf, partsOf, renamed } from './renaming';

type Letters = Uint16Array | Uint32Array | Int32Array;

/** Vocabulary tokens of what a name becomes where the names of a match differ; undefined where it stays as it is. */
export type NameImage = (name: number, pairs: readonly number[]) => Letters | undefined;

/** Pairs whose parts are looked for in other names. */
const mostPairs = 8;
/** Results that are kept of each kind, the newest of those that share a place: as many as stand near one another. */
const slots = 4096;

export function createNameImages(vocabulary: Vocabulary, names: Names): NameImage {
  const partsAt = kept((name) => partsOf(decode(vocabulary, lettersOf(names, name))));
  const bindingBetween = kept((there, here) => bindingOf(partsAt(there, 0, 0), partsAt(here, 0, 0)));
  const imageBy = kept((there, here, name): Letters | undefined => {
    const binding = bindingBetween(there, here, 0);
    const text = binding && renamed(partsAt(name, 0, 0), binding);
    if (text === undefined) return undefined;
    const letters = encode(vocabulary, text);
    return letters.includes(otherToken) ? undefined : letters;
  });

  return (name, pairs) => {
    if (pairs.length === 0 || name === unknownName || names.frequent[name] === 1) return undefined;
    for (let index = 0; index < pairs.length; index += 2) {
      if (pairs[index] === name) return lettersOf(names, pairs[index + 1]!);
    }
    for (let index = 0; index < pairs.length && index < 2 * mostPairs; index += 2) {
      const image = imageBy(pairs[index]!, pairs[index + 1]!, name);
      if (image !== undefined) return image;
    }
    return undefined;
  };
}

type OfNumbers<Value> = (first: number, second: number, third: number) => Value;

/** A function of three numbers that remembers its newest results. */
function kept<Value>(make: OfNumbers<Value>): OfNumbers<Value> {
  const firsts = new Int32Array(slots).fill(-1);
  const seconds = new Int32Array(slots);
  const thirds = new Int32Array(slots);
  const values: Value[] = [];
  return (first, second, third) => {
    const hash = Math.imul(first, 0x9e3779b1) ^ Math.imul(second, 0x85ebca6b) ^ Math.imul(third, 0xc2b2ae35);
    const slot = hash >>> 20;
    if (firsts[slot] !== first || seconds[slot] !== second || thirds[slot] !== third) {
      values[slot] = make(first, second, third);
      firsts[slot] = first;
      seconds[slot] = second;
      thirds[slot] = third;
    }
    return values[slot]!;
  };
}
