import { expect, it } from 'vitest';
import { createRandom } from '../../../src/core/random';
import { decode, encode } from '../../../src/text/vocabulary';
import { characterKindsOf } from '../../../src/memory/code/characterKinds';
import { createNames, lettersOf, numberOf, unknownName } from '../../../src/memory/code/names';
import { vocabulary } from './codeText';

const kinds = characterKindsOf(vocabulary, '_');
const numberIn = (names: ReturnType<typeof createNames>, name: string): number =>
  numberOf(names, kinds, encode(vocabulary, name), 0, name.length);

it('numbers names as a map does, forwards and backwards, however many there are', () => {
  const names = createNames(vocabulary.size);
  const numbers = new Map<string, number>();
  const random = createRandom(3);
  for (let count = 0; count < 5_000; count++) {
    const name = `a${random.integer(3_000).toString(36).replace(/\d/g, 'x')}`;
    const number = numberIn(names, name);
    expect(numbers.get(name) ?? number).toBe(number);
    numbers.set(name, number);
    expect(decode(vocabulary, lettersOf(names, number))).toBe(name);
    const backwards = encode(vocabulary, name).toReversed();
    expect(numberOf(names, kinds, backwards, name.length - 1, name.length, -1)).toBe(number);
  }
  expect(new Set(numbers.values()).size).toBe(numbers.size);
  expect(names.size).toBe(numbers.size + 1);
});

it.each([
  ['foo', 0],
  ['_foo', 0],
  ['Foo', 1],
  ['F', 1],
  ['FOO_BAR', 2],
  ['__FB', 2],
  ['12', 3],
  ['__', 0],
])('%s has shape %i', (name, shape) => {
  const names = createNames(vocabulary.size);
  expect(names.shapes[numberIn(names, name)]).toBe(shape);
});

it('has no number for what is too long to be a name', () => {
  expect(numberIn(createNames(vocabulary.size), 'a'.repeat(1_000))).toBe(unknownName);
});
