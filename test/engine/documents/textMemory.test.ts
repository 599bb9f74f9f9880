import { expect, it } from 'vitest';
import { createRandom } from '../../../src/core/random';
import { buildVocabulary } from '../../../src/text/vocabulary';
import { contextAtGap, createLanguageMemory } from '../../../src/memory/languageMemory';
import type { DocumentMemory } from '../../../src/memory/documentMemory';
import { initialWeights } from '../../../src/memory/memoryWeights';
import { createTextMemory } from '../../../src/engine/documents/textMemory';

const pieces = ['let ', 'x', ' = ', '😀', 'é', '\r\n', '\n', '\r', 'call(', ')', '\ud83d', '\ude00', '  '];
const vocabulary = buildVocabulary([pieces.join('').repeat(2)], 100);

const held = ({ before, after }: DocumentMemory): number[][] =>
  [before, after].map(({ tokens, length }) => Array.from(tokens.subarray(0, length)));

function predicted(memory: DocumentMemory): Float32Array {
  const { tokens, end } = contextAtGap(memory, 0);
  return createLanguageMemory(vocabulary, undefined, initialWeights()).predict(tokens, end, memory, 'a.ts');
}

it.each(Array.from({ length: 8 }, (_, seed) => ({ seed })))(
  'holds after any edits what a memory of the same text holds at the same place (seed $seed)',
  async ({ seed }) => {
    const random = createRandom(seed);
    const some = (most: number): string =>
      Array.from({ length: random.integer(most) }, () => pieces[random.integer(pieces.length)]!).join('');
    const edited = createTextMemory(vocabulary, 'a.ts');
    let text = some(200);
    for (let round = 0; round < 40; round++) {
      const [offset, cursor] = [random.integer(text.length + 1), random.integer(text.length + 1)];
      await edited.at(text, cursor);
      text = text.slice(0, offset) + some(6) + text.slice(offset + random.integer(10));
      const place = random.integer(text.length + 1);
      const memory = await edited.at(text, place);
      const fresh = await createTextMemory(vocabulary, 'a.ts').at(text, place);
      expect(held(memory)).toEqual(held(fresh));
      expect(predicted(memory)).toEqual(predicted(fresh));
    }
  },
);
