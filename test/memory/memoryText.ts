import { createRandom, type Random } from '../../src/core/random';
import { buildVocabulary, encode, type Vocabulary } from '../../src/text/vocabulary';

const words = ['const ', 'return ', 'value', 'index', '(', ')', ' => ', '{\n  ', '}\n', ' = ', '42', ';\n', 'a', 'b'];

/** Text like code: few words, in random order. */
export function randomText(random: Random, count: number): string {
  return Array.from({ length: count }, () => words[random.integer(words.length)]!).join('');
}

export const vocabulary: Vocabulary = buildVocabulary([words.join('').repeat(2)], 1000);

export function randomTokens(random: Random, count: number): Int32Array {
  return encode(vocabulary, randomText(random, count));
}

export const seeds = Array.from({ length: 8 }, (_, seed) => ({ seed, random: createRandom(seed) }));
