import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { defaultCorpus } from '../../../src/core/configuration';
import { silentLogger } from '../../../src/core/logger';
import { readWorkspaceMemory } from '../../../src/engine/memory/workspaceReading';
import { createEngine } from '../../../src/engine/engineService';
import type { CompletionAnswer, EngineFunctions, EngineStatus, MemoryRequest } from '../../../src/protocol/engine';
import { constantWeights } from '../../inference/testSession';
import { publish, recordRun, temporaryFolder } from '../modelFolder';

const line = 'const answer = computeTheAnswer(question, 42);';
const files = [
  { path: 'src/known.ts', text: `import x from 'x';\n${line}\n`, part: 'training' as const },
  { path: 'src/held.ts', text: `${line}\nexport { answer };\n`, part: 'validation' as const },
  { path: 'src/.env', text: 'FISH=swordfish is the word\n', part: 'training' as const },
];

let model: string;
let workspace: string;
let engine: EngineFunctions;
let warnings: string[];

beforeAll(async () => {
  model = await temporaryFolder('memory-model');
  workspace = await temporaryFolder('memory-workspace');
  // A network that knows nothing: whatever is completed comes from the memory.
  await publish(model, 'uniform-1', constantWeights({}));
  await recordRun(model, { directory: workspace, name: 'w' }, files);
});

afterAll(async () => {
  for (const directory of [model, workspace]) await rm(directory, { recursive: true, force: true });
});

beforeEach(() => {
  warnings = [];
  const logger = { ...silentLogger, warn: (message: string) => void warnings.push(message) };
  engine = createEngine({ evaluated: () => undefined }, logger, readWorkspaceMemory);
});

const requestOf = (directory: string): MemoryRequest => ({
  folders: [{ directory, name: 'w' }],
  corpus: defaultCorpus,
  patient: false,
});

async function load(directory = workspace): Promise<EngineStatus> {
  const status = await engine.load({ directory: model, provider: 'cpu', memory: requestOf(directory) });
  await engine.memoryReady();
  return status;
}

/** As before any training. */
async function loadAlone(directory = workspace): Promise<EngineStatus> {
  const status = await engine.load({ directory: null, provider: 'cpu', memory: requestOf(directory) });
  await engine.memoryReady();
  return status;
}

function complete(path: string, text: string): Promise<CompletionAnswer> {
  const uri = `file:///${path}`;
  engine.openDocument({ uri, path, version: 1, text });
  return engine.complete({ uri, version: 1, offset: text.length, maxCharacters: 80, minimumConfidence: 0 });
}

const textOf = (answer: CompletionAnswer): string => (answer.kind === 'completion' ? answer.completion.text : '');

it('completes what the workspace has said before', async () => {
  await load();
  expect(textOf(await complete('src/new.ts', 'const answer = comp'))).toBe('uteTheAnswer(question, 42);');
  expect(warnings).toEqual([]);
});

it('says nothing of the workspace where no memory was asked for', async () => {
  await engine.load({ directory: model, provider: 'cpu' });
  await engine.memoryReady();
  expect(textOf(await complete('src/new.ts', 'const answer = comp'))).not.toContain('uteTheAnswer');
});

it('completes what was written a moment ago in the same file, above and below', async () => {
  await load();
  const text = 'wholly(new, words);\nelse();\nwholly(n';
  expect(textOf(await complete('a.ts', text))).toBe('ew, words);');
  engine.openDocument({ uri: 'b', path: 'b.ts', version: 1, text: 'quite \nelse();\nquite(other, words);\n' });
  engine.changeDocument({ uri: 'b', fromVersion: 1, version: 2, edits: [{ offset: 5, length: 1, text: '(o' }] });
  const answer = await engine.complete({ uri: 'b', version: 2, offset: 7, maxCharacters: 80, minimumConfidence: 0 });
  expect(textOf(answer)).toBe('ther, words);');
});

it('does not look at the saved copy of the file itself', async () => {
  await load();
  const copies = files.filter(({ text }) => text.includes('42'));
  for (const { path } of copies) {
    // The other file has the line too: only its own copy is left out.
    expect(textOf(await complete(path, 'const answer = comp'))).toBe('uteTheAnswer(question, 42);');
  }
  expect(textOf(await complete('src/held.ts', 'export { a'))).not.toBe('nswer };');
  expect(textOf(await complete('src/new.ts', 'export { a'))).toBe('nswer };');
});

it('never holds a file that the corpus leaves out', async () => {
  await load();
  expect(textOf(await complete('a.ts', 'FISH=swo'))).not.toContain('rdfish');
});

it('is not changed by asking, by closing other documents or by undoing', async () => {
  await load();
  const text = 'const answer = comp';
  const first = textOf(await complete('a.ts', text));
  engine.openDocument({ uri: 'other', path: 'other.ts', version: 1, text: `${text}letelyDifferent(1);\n`.repeat(20) });
  await engine.complete({ uri: 'other', version: 1, offset: 5, maxCharacters: 9 });
  engine.closeDocument('other');
  const uri = 'file:///a.ts';
  engine.changeDocument({ uri, fromVersion: 1, version: 2, edits: [{ offset: 0, length: 0, text: 'let b;\n' }] });
  await engine.complete({ uri, version: 2, offset: 3, maxCharacters: 9 });
  engine.changeDocument({ uri, fromVersion: 2, version: 3, edits: [{ offset: 0, length: 7, text: '' }] });
  const request = { uri, version: 3, offset: text.length, maxCharacters: 80, minimumConfidence: 0 };
  expect(textOf(await engine.complete(request))).toBe(first);
});

it('is forgotten with the model, or when the next load asks for none', async () => {
  await load();
  await engine.load({ directory: model, provider: 'cpu' });
  expect(textOf(await complete('a.ts', 'const answer = comp'))).not.toContain('uteTheAnswer');
  await load();
  engine.unload();
  await engine.load({ directory: model, provider: 'cpu' });
  expect(textOf(await complete('a.ts', 'const answer = comp'))).not.toContain('uteTheAnswer');
});

it('goes on without a workspace that cannot be read, and says so once', async () => {
  await load('/no/such/folder');
  expect(warnings).toHaveLength(1);
  expect(textOf(await complete('a.ts', 'wholly(new, words);\nelse();\nwholly(n'))).toBe('ew, words);');
});

describe('without a network', () => {
  it('completes what the workspace and the open file have said before, and says that the memory answers', async () => {
    expect(await loadAlone()).toMatchObject({ answers: 'memory', model: null, validation: null });
    expect(textOf(await complete('src/new.ts', 'const answer = comp'))).toBe('uteTheAnswer(question, 42);');
    // Each of these characters stands in the workspace, the line does not.
    expect(textOf(await complete('a.ts', 'sort(x, water);\nelse();\nsort(x'))).toBe(', water);');
    expect(warnings).toEqual([]);
  });

  it('answers nothing before the workspace is indexed, and nothing where no memory is asked for', async () => {
    await engine.load({ directory: null, provider: 'cpu', memory: requestOf(workspace) });
    expect(await complete('a.ts', 'const answer = comp')).toEqual({ kind: 'none', reason: 'no model' });
    await engine.memoryReady();
    expect(await engine.load({ directory: null, provider: 'cpu' })).toMatchObject({ answers: null });
    expect(await complete('b.ts', 'const answer = comp')).toEqual({ kind: 'none', reason: 'no model' });
  });

  it('gives way to a network as soon as there is one, and comes back when it is gone', async () => {
    await loadAlone();
    expect(await load()).toMatchObject({ answers: 'both', id: 'uniform-1' });
    expect(textOf(await complete('src/new.ts', 'const answer = comp'))).toBe('uteTheAnswer(question, 42);');
    expect(await engine.load({ directory: model, provider: 'cpu' })).toMatchObject({ answers: 'network' });
    expect(await loadAlone()).toMatchObject({ answers: 'memory', id: null });
    expect(textOf(await complete('src/new.ts', 'const answer = comp'))).toBe('uteTheAnswer(question, 42);');
  });
});

describe('files that are saved', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await temporaryFolder('saved');
    await writeFile(join(folder, 'first.ts'), 'export function oldName(first, second);\n'.repeat(2));
    return () => rm(folder, { recursive: true, force: true });
  });

  /** Writes a file as the editor saves a document that is open. */
  async function save(path: string, text: string): Promise<void> {
    const uri = `file:///${path}`;
    engine.openDocument({ uri, path, version: 1, text });
    await writeFile(join(folder, path), text);
    engine.documentSaved(uri);
  }

  /** The first answer makes the engine look at what was saved, the second one comes after it has. */
  async function completeElsewhere(text: string): Promise<string> {
    await complete('elsewhere.ts', text);
    await engine.memoryReady();
    return textOf(await complete('elsewhere.ts', text));
  }

  it.each([
    { name: 'beside a network', loadIt: load },
    { name: 'without one', loadIt: loadAlone },
  ])('are remembered in other documents, in place of what they were, $name', async ({ loadIt }) => {
    await loadIt(folder);
    expect(await completeElsewhere('export function old')).toBe('Name(first, second);');
    await save('first.ts', 'export function otherName(second, first);\n'.repeat(2));
    expect(await completeElsewhere('export function o')).toBe('therName(second, first);');
    expect(await completeElsewhere('export function old')).not.toBe('Name(first, second);');
    await save('new.ts', 'import nothing from everything;\n'.repeat(2));
    expect(await completeElsewhere('import noth')).toBe('ing from everything;');
    expect(warnings).toEqual([]);
  });

  it('enter only as far as the corpus takes them', async () => {
    await loadAlone(folder);
    const token = ['ghp', 'wWPw5k4aXcaT4fNP0UcnZwJUVFk6LO0pINUx'].join('_');
    const line = 'export function unheardOf(it, other);\n'.repeat(2);
    await save('first.ts', `${line}export const token = '${token}';\n`);
    expect(await completeElsewhere('export function unh')).not.toContain('eardOf');
    expect(await completeElsewhere('export function old')).not.toBe('Name(first, second);');
    await save('first.ts', line);
    expect(await completeElsewhere('export function unh')).toBe('eardOf(it, other);');
  });

  it('bring new characters into a vocabulary that is that of the workspace', async () => {
    await loadAlone(folder);
    await save('greek.ts', 'const λόγος = 42;\n'.repeat(2));
    expect(await completeElsewhere('const λό')).toBe('γος = 42;');
  });
});
