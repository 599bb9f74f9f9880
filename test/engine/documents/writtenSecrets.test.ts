import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, it, afterAll } from 'vitest';
import { defaultCorpus } from '../../../src/core/configuration';
import type { Logger } from '../../../src/core/logger';
import { createEngine } from '../../../src/engine/engineService';
import { readWorkspaceMemory } from '../../../src/engine/memory/workspaceReading';
import type { EngineFunctions } from '../../../src/protocol/engine';
import { writeFiles } from '../../corpus/temporaryFolder';
import {
  brokenLiterals,
  createDraw,
  fakeSecrets,
  keyLayouts,
  leaks,
  privateKeys,
  type FakeSecret,
} from '../../corpus/secrets/fakeSecrets';

// The memory alone answers: it copies whatever it holds, where nothing keeps it from that.
const fakes = fakeSecrets(29).filter(({ secret }) => !secret.includes('PRIVATE KEY'));
const code = 'export const value = compute(first, second);\n'.repeat(20);
const other = 'const answer = computeTheAnswer(question, 42);\n';
const uri = 'file:///typed.py';

let workspace: string;
let engine: EngineFunctions;
let logged: string;

beforeAll(() => {
  workspace = mkdtempSync(join(tmpdir(), 'recur-secrets-'));
  // Its characters are those that can be completed.
  const characters = Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index));
  writeFiles(workspace, { 'characters.txt': [...characters, ...characters].join('\n') });
});
afterAll(() => rmSync(workspace, { recursive: true, force: true }));

beforeEach(() => {
  logged = '';
  const log = (message: string): void => void (logged += `${message}\n`);
  const logger: Logger = { debug: log, info: log, warn: log, error: log };
  engine = createEngine({}, logger, readWorkspaceMemory);
});

async function loadMemory(): Promise<void> {
  const memory = { folders: [{ directory: workspace, name: 'w' }], corpus: defaultCorpus, patient: false };
  await engine.load({ directory: null, provider: 'cpu', memory });
  await engine.memoryReady();
}

/** Half of the secret's line, as somebody types it who knows so much. */
function begun({ line, secret }: FakeSecret): string {
  const middle = line.indexOf(secret) + Math.ceil(secret.length / 2);
  return line.slice(0, middle);
}

/** What follows a beginning that is put at the end of the document, all that is drawn, however unsure. */
async function askedIn(version: number, offset: number): Promise<string> {
  const request = { uri, version, offset, maxCharacters: 80, minimumConfidence: 0 };
  const answer = await engine.complete(request);
  return answer.kind === 'none' ? '' : answer.completion.text;
}

function expectNothingOf({ secret }: FakeSecret, text: string): void {
  const rest = secret.slice(Math.ceil(secret.length / 2));
  expect(leaks(text, rest, 4), text).toBe(false);
  expect(leaks(logged, rest, 4), logged).toBe(false);
}

it('completes what is no secret at the same places', async () => {
  await loadMemory();
  const text = `${other}${code}${other.slice(0, 19)}`;
  engine.openDocument({ uri, path: 'typed.py', version: 1, text });
  expect(await askedIn(1, text.length)).toContain('uteTheAnswer(question');
});

describe.each(fakes)('a secret ($kind) is never completed', (fake) => {
  it.each([
    ['in the same document', (line: string) => line],
    ['marked as generated', (line: string) => `// @generated\n${line}`],
    ['in a minified file', (line: string) => `${'var a=1;f(a,b);'.repeat(500)}\n${line}`],
    ['in a notebook', (line: string) => JSON.stringify({ cells: [{ source: [`${line}\n`] }] }, null, 1)],
  ])('%s', async (_, write) => {
    await loadMemory();
    const text = `${write(fake.line)}\n${code}${begun(fake)}`;
    engine.openDocument({ uri, path: 'typed.py', version: 1, text });
    expectNothingOf(fake, await askedIn(1, text.length));
  });

  it('broken over two lines', async () => {
    await loadMemory();
    const first = begun(fake);
    const broken = brokenLiterals['joined by +']!;
    const text = `${broken(first, fake.line.slice(first.length))}\n${code}${broken(first, '')}`;
    engine.openDocument({ uri, path: 'typed.py', version: 1, text });
    expectNothingOf(fake, await askedIn(1, text.length));
  });

  it('that was typed letter by letter, or pasted, a moment ago', async () => {
    await loadMemory();
    for (const pieces of [Array.from(fake.line), [fake.line]]) {
      engine.openDocument({ uri, path: 'typed.py', version: 1, text: `${code}\n` });
      let [version, offset] = [1, code.length];
      for (const text of [...pieces, '\n', begun(fake)]) {
        const edits = [{ offset, length: 0, text }];
        engine.changeDocument({ uri, fromVersion: version, version: version + 1, edits });
        version++;
        offset += text.length;
      }
      expectNothingOf(fake, await askedIn(version, offset));
    }
  });

  it('from another document, and from the disk', async () => {
    writeFiles(workspace, { 'saved.py': `${fake.line}\n${code}` });
    await loadMemory();
    const other = { uri: 'untitled:1', path: 'other.py', version: 1, remembered: 'beside files' as const };
    engine.openDocument({ ...other, text: `${code}${fake.line}\n` });
    engine.openDocument({ uri, path: 'typed.py', version: 1, text: begun(fake) });
    expectNothingOf(fake, await askedIn(1, begun(fake).length));
    await loadMemory();
    expectNothingOf(fake, await askedIn(1, begun(fake).length));
  });
});

describe('a private key is never completed', () => {
  const key = privateKeys(3)['RSA (PKCS #8)']!;

  it.each(Object.entries(keyLayouts))('%s', async (_, write) => {
    await loadMemory();
    const written = write(key);
    const text = `${written}\n${code}${written.slice(0, Math.ceil(written.length / 2))}`;
    engine.openDocument({ uri, path: 'typed.py', version: 1, text });
    const answer = await askedIn(1, text.length);
    expect(leaks(answer, written.slice(Math.floor(written.length / 2)), 8), answer).toBe(false);
  });
});

it('goes on completing in a document whose password it left out', async () => {
  await loadMemory();
  const word = createDraw(4)('abcdefghijkmnopq23456789', 12);
  const text = `password = "${word}4"\n${other}${code}${other.slice(0, 19)}`;
  engine.openDocument({ uri, path: 'typed.py', version: 1, text });
  expect(await askedIn(1, text.length)).toContain('uteTheAnswer(question');
});
