import { expect, it } from 'vitest';
import { decode, encode } from '../../../src/text/vocabulary';
import { characterKindsOf } from '../../../src/memory/code/characterKinds';
import { createCodeIndex, type CodeIndex } from '../../../src/memory/code/codeIndex';
import { bringUpTo } from '../../../src/memory/code/codeScanning';
import { createNamesWithKeywords } from '../../../src/memory/code/keywords';
import { lettersOf } from '../../../src/memory/code/names';
import { createStructuralMatching } from '../../../src/memory/code/structuralMatch';
import { randomCode, seeds, vocabulary } from './codeText';

const names = createNamesWithKeywords(vocabulary);
const kinds = characterKindsOf(vocabulary, '_$');
const match = createStructuralMatching(names);

/** The names at both ends count too. */
function indexOf(text: string, direction: -1 | 1 = -1): CodeIndex {
  const index = createCodeIndex(direction, 8);
  const encoded = encode(vocabulary, ` ${text} `);
  const tokens = Uint16Array.from(direction < 0 ? encoded : encoded.toReversed());
  bringUpTo(index, { tokens, kinds, indented: false, names }, 0, tokens.length);
  return index;
}

const cases: readonly (readonly [string, string, number, string])[] = [
  ['this.foo = foo;', 'this.bar = bar;', 6, 'foo bar'],
  // One name there is two here, and the other way round.
  ['this.foo = foo;', 'this.bar = index;', 3, 'foo index'],
  ['this.foo = index;', 'this.bar = bar;', 3, 'index bar'],
  // Keywords and names of another form are what they are.
  ['return foo;', 'this foo;', 2, ''],
  ['call(Foo)', 'call(foo)', 1, ''],
  ['f(a, b)', 'f(a; b)', 2, ''],
];

it.each(cases)('%s and %s have %i tokens in common', (there, here, length, pairs) => {
  const source = indexOf(there);
  const found = match(source, source.length, indexOf(here));
  expect(found.length).toBe(length);
  expect(found.pairs.map((name) => decode(vocabulary, lettersOf(names, name))).join(' ')).toBe(pairs);
});

it.each(seeds)('finds as much in a text with other names, and the same backwards (seed $seed)', ({ random }) => {
  const text = randomCode(random, 6);
  const other = text.replaceAll(/item/g, 'thing').replaceAll(/Item/g, 'Thing');
  const [own, source] = [indexOf(text), indexOf(other)];
  const found = { ...match(source, source.length, own) };
  expect(found.length).toBe(Math.min(40, own.length));
  for (const [index, name] of found.pairs.entries()) {
    const written = decode(vocabulary, lettersOf(names, name)).toLowerCase();
    expect(written).toContain(index % 2 === 0 ? 'thing' : 'item');
  }
  // A text that stands backwards says the same of a place in its middle.
  const place = Math.floor(source.length / 2);
  const backwards = indexOf(other, 1);
  const forwards = { ...match(source, place, own) };
  expect(match(backwards, backwards.length - 1 - place, own).length).toBe(forwards.length);
});
