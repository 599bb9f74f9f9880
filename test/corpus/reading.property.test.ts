import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultCorpus } from '../../src/core/configuration';
import { silentLogger } from '../../src/core/logger';
import { secretMark } from '../../src/core/secretMark';
import { scanContent } from '../../src/corpus/contentRules';
import { decodeBytes, looksLikeText } from '../../src/corpus/decoding';
import { leftOutByPath } from '../../src/corpus/pathRules';
import { readCorpus } from '../../src/corpus/readCorpus';
import { holdsKeyOrToken, withoutSecrets } from '../../src/corpus/secrets/secretScan';
import { fuzzCases } from '../fuzzCases';
import { fakeSecrets, leaks } from './secrets/fakeSecrets';
import { git } from './temporaryFolder';

const anyText = fc.string({ unit: 'binary', maxLength: 400 });
/** Signs that the rules for secrets, lines and ignore files look at, among other text. */
const signs = [
  '"',
  "'",
  '`',
  '\\',
  '\n',
  '\r',
  '=',
  ':',
  '//',
  '@',
  '#',
  '*',
  '!',
  '/',
  '-----BEGIN PRIVATE',
  'password',
  'token',
  'key',
];
const code = fc
  .array(fc.oneof(fc.constantFrom(...signs), fc.string({ maxLength: 30 }), fc.base64String({ maxLength: 60 })), {
    maxLength: 40,
  })
  .map((parts) => parts.join(''));

describe('bytes of a file', () => {
  it('give a text or nothing, whatever they are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), (bytes) => {
        const decoded = decodeBytes(bytes);
        if (decoded === null) return;
        expect(looksLikeText(decoded.text)).toBe(true);
        expect(decoded.text).not.toContain('\r');
        expect(decoded.text.length).toBeLessThanOrEqual(bytes.length);
      }),
      { numRuns: fuzzCases(2_000) },
    );
  });

  it('give the text that was written in UTF-8, and in UTF-16 with its mark', () => {
    const written = fc
      .string({ unit: 'binary', maxLength: 200 })
      .filter((text) => looksLikeText(text) && !/[\r\uFEFF]/.test(text));
    fc.assert(
      fc.property(written, (text) => {
        expect(decodeBytes(Buffer.from(text))?.text).toBe(text);
        const marked = Buffer.from(`\uFEFF${text}`, 'utf16le');
        // FF FE 00 00 begins UTF-32; a text of zeros is none.
        expect(decodeBytes(marked)?.text).toBe(text);
        expect(decodeBytes(Buffer.from(marked).swap16())?.text).toBe(text);
      }),
      { numRuns: fuzzCases(1_000) },
    );
  });

  it('are judged whatever they say', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(anyText, code), async (text) => {
        expect([null, 'binary', 'secret content', 'generated']).toContain(await scanContent(text));
      }),
      { numRuns: fuzzCases(1_000) },
    );
  });
});

describe('secrets', () => {
  it('are marked unit by unit: all else, and every offset, stays', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(anyText, code), fc.constantFrom('a.ts', 'b.yml'), async (text, path) => {
        const marked = await withoutSecrets(path, text);
        expect(marked.length).toBe(text.length);
        const unmarked = Array.from({ length: text.length }, (_, unit) =>
          marked[unit] === secretMark && text[unit] !== '\n' ? text[unit] : marked[unit],
        );
        expect(unmarked.join('')).toBe(text);
      }),
      { numRuns: fuzzCases(1_000) },
    );
  });

  it('are found between whatever lines', async () => {
    // Some are left out alone: no other line may take part of one for its own.
    const lines = fc.array(
      fc.string({ maxLength: 60 }).map((line) => line.replace(/["'`\\]/g, '')),
      { maxLength: 8 },
    );
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0 }), lines, lines, async (seed, before, after) => {
        for (const { kind, secret, line } of fakeSecrets(seed)) {
          const text = [...before, line, ...after].join('\n');
          const learned = holdsKeyOrToken(text) ? '' : await withoutSecrets('src/a.py', text);
          expect(leaks(learned, secret.slice(-40)), `${kind}: ${text}`).toBe(false);
        }
      }),
      // The few cases of a usual run are the same each time: of a million fakes one or the other may look like words.
      { numRuns: fuzzCases(20, 0.01), ...(fuzzCases(0) === 0 ? { seed: 7 } : {}) },
    );
  });
});

describe('files of a folder', () => {
  const name = fc
    .oneof(
      fc.uint8Array({ minLength: 1, maxLength: 20 }),
      fc.string({ minLength: 1, maxLength: 12 }).map((text) => Buffer.from(text)),
    )
    .map((bytes) => Buffer.from(bytes.map((byte) => (byte === 0 || byte === 0x2f ? 0x61 : byte))))
    .filter((bytes) => !['.', '..', '.git', '.gitignore'].includes(bytes.toString('latin1')));
  const content = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    anyText.map((text) => Buffer.from(text)),
    code.map((text) => Buffer.from(text)),
  );
  const files = fc.array(fc.tuple(name, content), { maxLength: 6 });

  it('are read or left out, whatever their names, contents and ignore rules', async () => {
    await fc.assert(
      fc.asyncProperty(files, fc.oneof(code, anyText), fc.boolean(), async (written, rules, withGit) => {
        const directory = mkdtempSync(join(tmpdir(), 'recur-property-'));
        try {
          if (withGit) git(directory, 'init', '-q');
          for (const [file, bytes] of written)
            writeFileSync(Buffer.concat([Buffer.from(`${directory}/`), file]), bytes);
          writeFileSync(join(directory, '.gitignore'), rules);
          const { documents } = await readCorpus([{ directory, name: 'w' }], defaultCorpus, silentLogger);
          const names = new Set([...written.map(([file]) => file.toString()), '.gitignore']);
          for (const { path } of documents) expect([...names]).toContain(path);
        } finally {
          rmSync(directory, { recursive: true, force: true });
        }
      }),
      { numRuns: fuzzCases(30, 0.01) },
    );
  });

  it('are judged by their paths whatever these are', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (path) => {
        expect([null, 'secret name', 'generated']).toContain(leftOutByPath(path));
      }),
      { numRuns: fuzzCases(1_000) },
    );
  });
});
