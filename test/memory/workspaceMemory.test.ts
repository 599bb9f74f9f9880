import { expect, it } from 'vitest';
import { encodeDocument, tokenOf } from '../../src/text/vocabulary';
import { createDocumentMemory } from '../../src/memory/documentMemory';
import { createLanguageMemory } from '../../src/memory/languageMemory';
import { initialWeights } from '../../src/memory/memoryWeights';
import { buildWorkspaceMemory, replaceDocument, type WorkspaceMemory } from '../../src/memory/workspaceMemory';
import { randomText, seeds, vocabulary } from './memoryText';

/** What the memory expects at every place of a text, the frequencies of characters aside. */
function answers(memory: WorkspaceMemory, text: string, path = 'asking.ts'): number[][] {
  const frequencies = memory.frequencies.fill(1 / memory.frequencies.length);
  const language = createLanguageMemory(vocabulary, { ...memory, frequencies }, initialWeights());
  const tokens = encodeDocument(vocabulary, path, text);
  const document = createDocumentMemory(vocabulary.size, tokens.subarray(0, 20));
  return Array.from({ length: tokens.length }, (_, end) => Array.from(language.predict(tokens, end, document, path)));
}

it.each(seeds)(
  'answers after any replacements as if it had been built with the new texts last (seed $seed)',
  ({ random }) => {
    const texts = new Map(['a.ts', 'b.ts', 'c.ts', 'd.ts'].map((path) => [path, randomText(random, 30)]));
    const memory = buildWorkspaceMemory(
      vocabulary,
      Array.from(texts, ([path, text]) => ({ path, text })),
    );
    const paths = [...texts.keys(), 'new.ts'];
    for (let round = 0; round < 6; round++) {
      const path = paths[random.integer(paths.length)]!;
      const text = random.integer(4) === 0 ? undefined : randomText(random, 30);
      expect(replaceDocument(memory, path, text)).toBe(true);
      texts.delete(path);
      if (text !== undefined) texts.set(path, text);
    }
    const anew = buildWorkspaceMemory(
      vocabulary,
      Array.from(texts, ([path, text]) => ({ path, text })),
    );
    const asked = randomText(random, 40);
    expect(answers(memory, asked)).toEqual(answers(anew, asked));
    expect(answers(memory, asked, 'b.ts')).toEqual(answers(anew, asked, 'b.ts'));
  },
);

it('takes no room for a text that it holds already, and says when there is none left', () => {
  const text = 'value = index;\n'.repeat(1_000);
  const memory = buildWorkspaceMemory(vocabulary, [{ path: 'a.ts', text }]);
  const { length } = memory.chains;
  expect(replaceDocument(memory, 'a.ts', text)).toBe(true);
  expect(memory.chains.length).toBe(length);
  let saves = 0;
  while (replaceDocument(memory, 'a.ts', text + 'a'.repeat(++saves))) expect(saves).toBeLessThan(1_000);
  expect(saves).toBeGreaterThan(10);
  // The last text that was taken is still there.
  const { from, to } = memory.ranges.get('a.ts')!;
  expect(Array.from(memory.chains.tokens.subarray(to - saves + 1, to))).toEqual(
    Array<number>(saves - 1).fill(tokenOf(vocabulary, 0x61)),
  );
  expect(to - from).toBe(encodeDocument(vocabulary, 'a.ts', text).length + saves - 1);
});
