import { expect, it } from 'vitest';
import type { Random } from '../../../src/core/random';
import { encode, encodeHeader, otherToken } from '../../../src/text/vocabulary';
import {
  createDocumentMemory,
  editDocument,
  moveGap,
  typeToken,
  type DocumentMemory,
} from '../../../src/memory/documentMemory';
import { mixedModels } from '../../../src/memory/experts/expertTable';
import { contextAtGap, createLanguageMemory, type LanguageMemory } from '../../../src/memory/languageMemory';
import { initialWeights } from '../../../src/memory/memoryWeights';
import { buildWorkspaceMemory, replaceDocument } from '../../../src/memory/workspaceMemory';
import { randomCode, seeds, vocabulary } from './codeText';

/** Weights under which every reading counts. */
function evenWeights(): ReturnType<typeof initialWeights> {
  const { trust, exponents } = initialWeights();
  return { trust, exponents: exponents.map((value, index) => value + (index % mixedModels.length >= 4 ? 0.1 : 0)) };
}

const logits = Float32Array.from({ length: vocabulary.size }, (_, token) => (token % 7) / 3);

function ask(language: LanguageMemory, document: DocumentMemory, path: string, drawn: Int32Array): Float32Array {
  const { tokens, end } = contextAtGap(document, drawn.length);
  tokens.set(drawn, end);
  language.predict(tokens, end + drawn.length, document, path, drawn.length);
  return language.mix(logits, 0).slice();
}

interface Edited {
  readonly path: string;
  readonly header: Int32Array;
  readonly tokens: number[];
  readonly memory: DocumentMemory;
}

function openDocument(path: string, text: string): Edited {
  const header = encodeHeader(vocabulary, path);
  const tokens = [...encode(vocabulary, text)];
  return {
    path,
    header,
    tokens,
    memory: createDocumentMemory(vocabulary.size, Int32Array.from([...header, ...tokens])),
  };
}

const gapOf = ({ memory, header }: Edited): number => memory.before.length - header.length;

/** An edit anywhere, a move of the gap, or a few typed characters. */
function change({ memory, header, tokens }: Edited, random: Random): void {
  const gap = memory.before.length - header.length;
  const from = random.integer(tokens.length);
  const some = tokens.slice(from, from + random.integer(12));
  const at = random.integer(3) > 0 ? gap : random.integer(tokens.length + 1);
  if (random.integer(3) === 0) moveGap(memory, header.length + at);
  else if (random.integer(2) === 0) {
    const deleted = Math.min(random.integer(20), tokens.length - at);
    editDocument(memory, header.length + at, deleted, Int32Array.from(some));
    tokens.splice(at, deleted, ...some);
  } else {
    for (const token of some) typeToken(memory, token);
    tokens.splice(gap, 0, ...some);
  }
}

function anew(edited: Edited): DocumentMemory {
  const { header, tokens } = edited;
  const memory = createDocumentMemory(vocabulary.size, Int32Array.from([...header, ...tokens]));
  moveGap(memory, header.length + gapOf(edited));
  return memory;
}

/** What stands behind the gap, or elsewhere: so many tokens as if they were drawn. */
function drawnAt({ tokens, memory, header }: Edited, random: Random): Int32Array {
  const from = random.integer(2) === 0 ? random.integer(tokens.length) : memory.before.length - header.length;
  return Int32Array.from(tokens.slice(from, from + 25));
}

/** The largest of the differences of two answers, markers left out. */
function difference(a: Float32Array, b: Float32Array): number {
  return a.reduce((most, value, token) => (token < otherToken ? most : Math.max(most, Math.abs(value - b[token]!))), 0);
}

it.each(seeds)('answers after any edits, moves and drawings to the bit as if read anew (seed $seed)', ({ random }) => {
  const workspace = buildWorkspaceMemory(
    vocabulary,
    Array.from({ length: 5 }, (_, index) => ({ path: `src/file-${index}.ts`, text: randomCode(random, 20) })),
  );
  const language = createLanguageMemory(vocabulary, workspace, evenWeights());
  const fresh = createLanguageMemory(vocabulary, workspace, evenWeights());
  const documents = ['src/file-1.ts', 'other.css', 'new.py', 'new.yml'].map((path) =>
    openDocument(path, randomCode(random, 12)),
  );
  for (let step = 0; step < 60; step++) {
    const edited = documents[random.integer(documents.length)]!;
    change(edited, random);
    if (random.integer(20) === 0) replaceDocument(workspace, 'src/file-2.ts', randomCode(random, 10));
    for (let reads = random.integer(3); reads > 0; reads--) language.read(edited.memory, edited.path);
    // Several lines are drawn in turn, as a beam does.
    const lines = Array.from({ length: 1 + random.integer(2) }, () => drawnAt(edited, random));
    const most = random.integer(25);
    for (let length = 0; length <= most; length++) {
      for (const line of lines) {
        const drawn = line.subarray(0, length);
        const answer = ask(language, edited.memory, edited.path, drawn);
        if (length === most) expect(difference(answer, ask(fresh, anew(edited), edited.path, drawn))).toBe(0);
      }
    }
  }
});

it.each([
  ['of prose', 'notes.md', false],
  ['of data', 'table.csv', false],
  ['of code', 'a.ts', true],
])('reads the names and signs %s: %s', (_, path, isRead) => {
  const language = createLanguageMemory(vocabulary, buildWorkspaceMemory(vocabulary, []), evenWeights());
  const { memory } = openDocument(path, randomCode(seeds[0]!.random, 12));
  ask(language, memory, path, new Int32Array(0));
  expect(language.read(memory, path)).toBe(true);
  expect(memory.code !== undefined).toBe(isRead);
});

it.each([
  ['that is asked about for the first time', ''],
  ['most of which was pasted since it was asked about', 'let item = other;\n'],
])('answers at the end of a long document %s', (_, before) => {
  const [language, fresh] = [0, 1].map(() => createLanguageMemory(vocabulary, undefined, evenWeights())) as [
    LanguageMemory,
    LanguageMemory,
  ];
  const pasted = encode(vocabulary, 'let item = call(item, other);\n'.repeat(12_000));
  const drawn = encode(vocabulary, 'item');
  const edited = openDocument('long.ts', before);
  const { memory, path, tokens } = edited;
  if (before !== '') ask(language, memory, path, drawn);
  for (const token of pasted) {
    typeToken(memory, token);
    tokens.push(token);
  }
  expect(difference(ask(language, memory, path, drawn), ask(fresh, anew(edited), path, drawn))).toBe(0);
});
