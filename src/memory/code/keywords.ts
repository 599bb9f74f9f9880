import { commonKeywords } from '../../text/commonKeywords';
import { encode, otherToken, type Vocabulary } from '../../text/vocabulary';
import { characterKindsOf } from './characterKinds';
import { createNames, numberOf, type Names } from './names';

/** A table in which the words that are common to many languages are frequent. */
export function createNamesWithKeywords(vocabulary: Vocabulary): Names {
  const names = createNames(vocabulary.size);
  markKeywords(names, vocabulary);
  return names;
}

/** Makes the words frequent that are common to many languages. */
export function markKeywords(names: Names, vocabulary: Vocabulary): void {
  const kinds = characterKindsOf(vocabulary, '');
  for (const keyword of commonKeywords) {
    const letters = encode(vocabulary, keyword);
    if (!letters.includes(otherToken)) names.frequent[numberOf(names, kinds, letters, 0, letters.length)] = 1;
  }
}
