import fc from 'fast-check';
import { expect, it } from 'vitest';
import { beforeUnsafe, harmlessText } from '../../src/core/harmlessText';
import { offerable, completionPlace } from '../../src/offers/completionFilters';
import { fuzzCases } from '../fuzzCases';

/** Written down apart from the code: by name, as Unicode has them. */
const unsafeNumbers = [
  ...Array.from({ length: 0x20 }, (_, code) => code).filter((code) => code !== 0x09 && code !== 0x0a),
  ...Array.from({ length: 0x21 }, (_, code) => 0x7f + code),
  ...[0x2028, 0x2029, 0x202a, 0x202b, 0x202c, 0x202d, 0x202e, 0x2066, 0x2067, 0x2068, 0x2069],
];
const unsafe = unsafeNumbers.map((code) => String.fromCharCode(code));
const holdsNone = (text: string) => unsafe.every((character) => !text.includes(character));
const hostile = fc
  .array(fc.oneof(fc.constantFrom(...unsafe), fc.string({ unit: 'binary', maxLength: 12 })), { maxLength: 12 })
  .map((parts) => parts.join(''));

it('a text for people holds nothing that a terminal would obey, and JSON still says the same', () => {
  fc.assert(
    fc.property(hostile, (text) => {
      expect(holdsNone(harmlessText(text))).toBe(true);
      expect(JSON.parse(harmlessText(JSON.stringify(text)))).toBe(text);
      expect(text.startsWith(beforeUnsafe(text)) && holdsNone(beforeUnsafe(text))).toBe(true);
    }),
    { numRuns: fuzzCases(2_000) },
  );
});

it('a text that holds none of it stays as it is', () => {
  for (const text of ['const größe = "שלום";\n\tナ🙂', '']) expect(harmlessText(text)).toBe(text);
});

it('whatever is drawn, wherever, no completion holds any of it', () => {
  fc.assert(
    fc.property(hostile, hostile, fc.constantFrom('a.ts', 'a.md', 'a.py'), (drawn, around, path) => {
      expect(holdsNone(offerable(drawn, completionPlace(around, Math.floor(around.length / 2), path)))).toBe(true);
    }),
    { numRuns: fuzzCases(2_000) },
  );
});
