import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { defaultCorpus } from '../../../src/core/configuration';
import { silentLogger } from '../../../src/core/logger';
import { createEngine } from '../../../src/engine/engineService';
import { readWorkspaceMemory } from '../../../src/engine/memory/workspaceReading';
import type { CompletionAnswer, EngineFunctions, MemoryRequest, OpenDocument } from '../../../src/protocol/engine';
import { constantWeights } from '../../inference/testSession';
import { publish, temporaryFolder } from '../modelFolder';

const saved = 'export function oldName(first, second);\n'.repeat(2);
const written = 'import nothing from everything;\n'.repeat(4);
const githubToken = ['ghp', 'wWPw5k4aXcaT4fNP0UcnZwJUVFk6LO0pINUx'].join('_');

let model: string;
let folder: string;
let engine: EngineFunctions;
let warnings: string[];

beforeAll(async () => {
  model = await temporaryFolder('written-model');
  await publish(model, 'uniform-1', constantWeights({}));
});
afterAll(() => rm(model, { recursive: true, force: true }));

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  folder = await temporaryFolder('written');
  await mkdir(join(folder, 'sub'));
  await writeFile(join(folder, 'first.ts'), saved);
  await writeFile(join(folder, 'sub', 'second.ts'), 'const second = secondOfAll(third);\n'.repeat(2));
  warnings = [];
  const logger = { ...silentLogger, warn: (message: string) => void warnings.push(message) };
  engine = createEngine({ evaluated: () => undefined }, logger, readWorkspaceMemory);
});

afterEach(async () => {
  vi.useRealTimers();
  await rm(folder, { recursive: true, force: true });
});

const requestOf = (request: Partial<MemoryRequest>): MemoryRequest => ({
  ...{ folders: [{ directory: folder, name: 'w' }], corpus: defaultCorpus, patient: false },
  ...request,
});

/** Beside a network that knows nothing. */
async function load(request: Partial<MemoryRequest> = {}): Promise<void> {
  await engine.load({ directory: model, provider: 'cpu', memory: requestOf(request) });
  await engine.memoryReady();
}

async function loadAlone(request: Partial<MemoryRequest> = {}): Promise<void> {
  await engine.load({ directory: null, provider: 'cpu', memory: requestOf(request) });
  await engine.memoryReady();
}

type Document = Omit<OpenDocument, 'version' | 'text'>;

const file = (path: string): Document => ({
  uri: pathToFileURL(join(folder, path)).href,
  path,
  remembered: 'as file',
});
const untitled: Document = { uri: 'untitled:Untitled-1', path: 'Untitled-1', remembered: 'beside files' };
const cell: Document = { uri: 'vscode-notebook-cell:/w/a.ipynb#one', path: 'a.ipynb', remembered: 'beside files' };

const open = (document: Document, text: string): void => engine.openDocument({ ...document, version: 1, text });

function edit({ uri }: Document, fromVersion: number, length: number, text: string): void {
  engine.changeDocument({ uri, fromVersion, version: fromVersion + 1, edits: [{ offset: 0, length, text }] });
}

const pass = (milliseconds: number): unknown => vi.advanceTimersByTime(milliseconds);

/** What is expected at the end of a text of an open document. */
function ask({ uri }: Document, version: number, offset: number): Promise<CompletionAnswer> {
  return engine.complete({ uri, version, offset, maxCharacters: 80, minimumConfidence: 0 });
}

const elsewhere: Document = { uri: 'elsewhere', path: 'elsewhere.ts' };

/** The first answer makes the engine look at what was written, the second one comes after it has. */
async function answerElsewhere(text: string): Promise<{ text: string; confidence: number }> {
  open(elsewhere, text);
  await ask(elsewhere, 1, text.length);
  await engine.memoryReady();
  open(elsewhere, text);
  const answer = await ask(elsewhere, 1, text.length);
  if (answer.kind === 'none') return { text: '', confidence: 0 };
  return { text: answer.completion.text, confidence: answer.completion.confidence };
}

const completeElsewhere = async (text: string): Promise<string> => (await answerElsewhere(text)).text;

/** A picture of the memory, taken from a document that holds none of it. */
async function picture(): Promise<unknown> {
  const asked = ['export function old', 'export f', 'import noth', 'const second = sec', 'e', ''];
  const answers = [];
  for (const text of asked) answers.push(await answerElsewhere(text));
  return answers;
}

describe('what is written in another document and not saved', () => {
  it.each([
    { name: 'a file', document: () => file('first.ts') },
    { name: 'a new file that is on the disk, empty', document: () => file('empty.ts') },
    { name: 'an untitled document', document: () => untitled },
    { name: 'a cell of a notebook', document: () => cell },
    { name: 'a file outside', document: () => ({ ...file('outside.ts'), remembered: 'beside files' }) as const },
  ])('is proposed: $name', async ({ document }) => {
    await writeFile(join(folder, 'empty.ts'), '');
    await load();
    open(document(), '');
    edit(document(), 1, 0, written);
    pass(1_000);
    expect(await completeElsewhere('import noth')).toBe('ing from everything;');
    expect(warnings).toEqual([]);
  });

  it('stands in place of what is saved', async () => {
    await loadAlone();
    expect(await completeElsewhere('export function old')).toBe('Name(first, second);');
    open(file('first.ts'), written);
    expect(await completeElsewhere('export function old')).not.toBe('Name(first, second);');
  });

  it('is known to an index that is built afterwards, though the workspace fills it', async () => {
    open(untitled, written);
    open(file('first.ts'), 'const αβγ = βγα;\n'.repeat(2));
    await loadAlone({ maxCharacters: saved.length + 100 });
    expect(await completeElsewhere('import noth')).toBe('ing from everything;');
    expect(await completeElsewhere('const αβ')).toBe('γ = βγα;');
    expect(await completeElsewhere('export function old')).not.toBe('Name(first, second);');
  });

  it('brings new characters into a vocabulary that is that of the workspace', async () => {
    await loadAlone();
    open(untitled, 'const λόγος = 42;\n'.repeat(2));
    expect(await completeElsewhere('const λό')).toBe('γος = 42;');
  });

  it('goes in when it comes to rest', async () => {
    await loadAlone();
    open(untitled, '');
    edit(untitled, 1, 0, written);
    expect(await completeElsewhere('import noth')).not.toBe('ing from everything;');
    pass(999);
    expect(await completeElsewhere('import noth')).not.toBe('ing from everything;');
    pass(1);
    expect(await completeElsewhere('import noth')).toBe('ing from everything;');
  });

  it('is not proposed where the editor does not ask for it', async () => {
    await loadAlone();
    open({ uri: 'request:first.ts', path: 'first.ts' }, written);
    expect(await completeElsewhere('import noth')).not.toBe('ing from everything;');
    expect(await completeElsewhere('export function old')).toBe('Name(first, second);');
  });
});

describe('the memory is as if nothing had been written', () => {
  const documents = [
    { name: 'a file', document: () => file('first.ts') },
    { name: 'an untitled document', document: () => untitled },
  ];

  it.each(documents)('after what was inserted is undone, $name', async ({ document }) => {
    await load();
    open(document(), saved);
    const before = await picture();
    edit(document(), 1, 0, written);
    pass(1_000);
    expect(await picture()).not.toEqual(before);
    edit(document(), 2, written.length, '');
    pass(1_000);
    expect(await picture()).toEqual(before);
  });

  it.each(documents)('after the document is closed without being saved, $name', async ({ document }) => {
    await load();
    const before = await picture();
    open(document(), written);
    expect(await picture()).not.toEqual(before);
    engine.closeDocument(document().uri);
    expect(await picture()).toEqual(before);
  });

  it('save for the other documents that are still open', async () => {
    await load();
    open(untitled, written);
    const before = await picture();
    open(file('first.ts'), 'something(else);\n'.repeat(3));
    open(cell, 'export function cellular(membrane);\n'.repeat(3));
    expect(await picture()).not.toEqual(before);
    engine.closeDocument(cell.uri);
    engine.closeDocument(file('first.ts').uri);
    expect(await picture()).toEqual(before);
    expect(await completeElsewhere('import noth')).toBe('ing from everything;');
  });
});

it.each([
  { name: 'a file', document: () => file('first.ts') },
  { name: 'an untitled document', document: () => untitled },
])('a text is not counted twice in itself, $name', async ({ document }) => {
  await load();
  const text = `import nothing from everything;\n${saved}import n`;
  const { uri, path } = document();
  const alone = { uri, path };
  open(alone, text);
  const before = await ask(alone, 1, text.length);
  engine.closeDocument(uri);
  open(document(), text);
  expect(await completeElsewhere('import nothing fr')).toBe('om everything;');
  const confidenceOf = (answer: CompletionAnswer): number =>
    answer.kind === 'none' ? 0 : answer.completion.confidence;
  expect(confidenceOf(before)).toBeGreaterThan(0);
  expect(confidenceOf(await ask(document(), 1, text.length))).toBe(confidenceOf(before));
  // Elsewhere it is known again.
  expect(await completeElsewhere('import nothing fr')).toBe('om everything;');
});

describe('what the corpus leaves out', () => {
  it.each([
    { name: 'with a secret', document: () => untitled, text: `${written}const token = '${githubToken}';\n` },
    { name: 'generated', document: () => untitled, text: `// @generated\n${written}` },
    { name: 'too large', document: () => untitled, text: written.repeat(100) },
    { name: 'named like a secret', document: () => ({ ...untitled, path: '.env' }), text: written },
    { name: 'excluded', document: () => file('sub/second.ts'), text: written },
    { name: 'not on the disk', document: () => file('missing.ts'), text: written },
  ])('never goes in: $name', async ({ document, text }) => {
    const corpus = { ...defaultCorpus, exclude: ['sub/**'], maxFileBytes: 1_000 };
    await loadAlone({ corpus });
    open(document(), text);
    expect(await completeElsewhere('import noth')).not.toBe('ing from everything;');
    await loadAlone({ corpus, maxCharacters: 5_000 });
    expect(await completeElsewhere('import noth')).not.toBe('ing from everything;');
  });

  it('is taken out as soon as there is a secret in it, until it is closed', async () => {
    await load();
    open(file('first.ts'), saved);
    expect(await completeElsewhere('export function old')).toBe('Name(first, second);');
    edit(file('first.ts'), 1, 0, `const token = '${githubToken}';\n`);
    pass(1_000);
    expect(await completeElsewhere('export function old')).not.toBe('Name(first, second);');
    engine.closeDocument(file('first.ts').uri);
    expect(await completeElsewhere('export function old')).toBe('Name(first, second);');
  });
});

describe('what lies on the clipboard', () => {
  const take = (text: string | null, ending = '.ts'): Promise<void> =>
    engine.takeClipboard(text === null ? null : { text, ending });
  const greeting = 'if (isOpen(guest)) { greet(guest, garden); }\n';

  it('is continued in another document, from the first line on', async () => {
    await load();
    await take(written);
    expect(await completeElsewhere('import noth')).toBe('ing from everything;');
    expect(warnings).toEqual([]);
  });

  it('is renamed', async () => {
    await loadAlone();
    await take(greeting.repeat(2));
    expect(await completeElsewhere('if (isOpen(visitor)) { greet(vis')).toMatch(/^itor/);
  });

  it('is no place of the workspace', async () => {
    await load();
    await take(written);
    expect(await completeElsewhere('import noth')).toBe('ing from everything;');
    expect(await engine.expected(elsewhere.uri, 1, 'import '.length)).toMatchObject({
      words: [{ text: 'nothing' }],
      ...{ count: 0, places: [] },
    });
  });

  it('is known to an index that is built afterwards', async () => {
    await take(written);
    await loadAlone();
    expect(await completeElsewhere('import noth')).toBe('ing from everything;');
  });

  it('has no index built anew for its characters, and is continued as far as they are known', async () => {
    await loadAlone();
    await take('const αβγ = everything(nothing);\n'.repeat(2));
    expect(await completeElsewhere('const αβγ = every')).toBe('thing(nothing);');
    expect(await completeElsewhere('const α')).not.toMatch(/^βγ/);
  });

  it.each([
    { name: 'nothing lies there', next: null },
    { name: 'another text lies there', next: 'const another = text(there);\n' },
    { name: 'a text lies there that may not be used', next: `const token = '${githubToken}';\n` },
  ])('is gone, and never asked again, when $name', async ({ next }) => {
    await load();
    await take(next);
    const before = await picture();
    await take(written);
    expect(await picture()).not.toEqual(before);
    await take(next);
    // Not by the time that the engine has looked at what has changed, but now.
    open(elsewhere, 'import noth');
    expect(await ask(elsewhere, 1, 11)).not.toMatchObject({ completion: { text: 'ing from everything;' } });
    expect(await picture()).toEqual(before);
  });

  it.each([
    { name: 'a secret', text: `${written}const token = '${githubToken}';\n` },
    { name: 'a password', text: `${written}login({ password: 'Xk9mQ2vL' });\n` },
  ])('never goes in with $name in it', async ({ text }) => {
    await loadAlone();
    await take(text);
    expect(await completeElsewhere('import noth')).not.toBe('ing from everything;');
  });

  it('goes in only as what lies there last, however fast that changes', async () => {
    await loadAlone();
    await Promise.all([take(written), take('const another = text(there);\n'.repeat(2))]);
    expect(await completeElsewhere('const anoth')).toBe('er = text(there);');
    expect(await completeElsewhere('import noth')).not.toBe('ing from everything;');
  });
});
