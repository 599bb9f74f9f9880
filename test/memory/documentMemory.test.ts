import { expect, it } from 'vitest';
import { createRandom, type Random } from '../../src/core/random';
import { contextAtGap, createLanguageMemory } from '../../src/memory/languageMemory';
import {
  createDocumentMemory,
  documentLength,
  editDocument,
  moveGap,
  typeToken,
  type DocumentMemory,
} from '../../src/memory/documentMemory';
import { initialWeights } from '../../src/memory/memoryWeights';
import type { TextChains } from '../../src/memory/textChains';
import { randomTokens, seeds, vocabulary } from './memoryText';

/** Everything that an answer can depend on. */
function contentOf({ tokens, length, heads, previous }: TextChains): unknown {
  return {
    tokens: tokens.slice(0, length),
    // Of empty heads there is nothing to say; what was taken back may leave anything where it stood.
    chains: heads.map((positions, chain) =>
      Array.from(positions.entries()).flatMap(([hash, head]) =>
        head > 0 ? [[hash, head, previous[chain]![head - 1]!]] : [],
      ),
    ),
  };
}

const stateOf = ({ before, after }: DocumentMemory): unknown => [contentOf(before), contentOf(after)];

function builtAnew(tokens: readonly number[], gap: number): DocumentMemory {
  const memory = createDocumentMemory(vocabulary.size, Int32Array.from(tokens));
  moveGap(memory, gap);
  return memory;
}

/** The same edit of a memory and of a plain list. */
function edit(memory: DocumentMemory, tokens: number[], random: Random): void {
  const offset = random.integer(tokens.length + 1);
  const deleted = Math.min(random.integer(30), tokens.length - offset);
  const inserted = randomTokens(random, random.integer(8));
  editDocument(memory, offset, deleted, inserted);
  tokens.splice(offset, deleted, ...inserted);
}

it.each(seeds)('is after any edits what it is built anew (seed $seed)', ({ random }) => {
  const tokens = Array.from(randomTokens(random, 200));
  const memory = createDocumentMemory(vocabulary.size, Int32Array.from(tokens));
  for (let round = 0; round < 30; round++) edit(memory, tokens, random);
  expect(documentLength(memory)).toBe(tokens.length);
  const gap = random.integer(tokens.length + 1);
  moveGap(memory, gap);
  expect(stateOf(memory)).toEqual(stateOf(builtAnew(tokens, gap)));
});

it('is after an edit and its undoing as if nothing had happened', () => {
  const tokens = randomTokens(createRandom(1), 200);
  const memory = createDocumentMemory(vocabulary.size, tokens);
  moveGap(memory, 100);
  const untouched = stateOf(memory);
  editDocument(memory, 100, 40, tokens.subarray(0, 7));
  editDocument(memory, 100, 7, tokens.subarray(100, 140));
  moveGap(memory, 100);
  expect(stateOf(memory)).toEqual(untouched);
});

it('moves its gap in steps, and says when it is there', () => {
  const tokens = randomTokens(createRandom(2), 50);
  const memory = createDocumentMemory(vocabulary.size, tokens);
  let moves = 1;
  while (!moveGap(memory, 10, 7)) moves++;
  expect(moves).toBe(Math.ceil((tokens.length - 10) / 7));
  expect(stateOf(memory)).toEqual(stateOf(builtAnew(Array.from(tokens), 10)));
});

it('knows what stands behind the cursor as well as what stands before it', () => {
  const random = createRandom(3);
  const tokens = randomTokens(random, 60);
  const memory = builtAnew([...tokens, ...tokens.subarray(0, 20)], tokens.length + 20);
  const language = createLanguageMemory(vocabulary, undefined, initialWeights());
  const expected = tokens[20]!;
  const context = contextAtGap(memory, 0);
  const before = language.predict(context.tokens, context.end, memory, 'a.ts')[expected]!;
  const turned = builtAnew([...tokens.subarray(0, 20), ...tokens], 20);
  const there = contextAtGap(turned, 0);
  const behind = language.predict(there.tokens, there.end, turned, 'a.ts')[expected]!;
  expect(Math.exp(before)).toBeGreaterThan(0.5);
  expect(Math.exp(behind)).toBeGreaterThan(0.5);
});

it('does not touch another document', () => {
  const tokens = randomTokens(createRandom(4), 100);
  const [first, second] = [builtAnew(Array.from(tokens), 50), builtAnew(Array.from(tokens), 50)];
  const untouched = stateOf(second);
  editDocument(first, 30, 10, tokens.subarray(0, 20));
  typeToken(first, tokens[0]!);
  expect(stateOf(second)).toEqual(untouched);
});
