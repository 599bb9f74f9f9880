import { execFileSync } from 'node:child_process';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { defaultCorpus } from '../../../src/core/configuration';
import { silentLogger } from '../../../src/core/logger';
import { createEngine } from '../../../src/engine/engineService';
import { readWorkspaceMemory } from '../../../src/engine/memory/workspaceReading';
import type { EngineFunctions } from '../../../src/protocol/engine';
import { temporaryFolder } from '../modelFolder';

const before = 'export function oldName(first, second);\n'.repeat(2);
const after = 'import nothing from everything;\n'.repeat(2);

let folder: string;
let engine: EngineFunctions;
let builds: number;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(join(folder, path)), { recursive: true });
  await writeFile(join(folder, path), text);
}

/** The workspace has all characters of both texts: nothing has to be built anew for them. */
async function load(): Promise<void> {
  folder = await temporaryFolder('changed');
  await write('first.ts', before);
  await write('sub/deep/second.ts', 'const second = secondOfAll(third);\n'.repeat(2));
  await write('characters.txt', 'import nothing from everything; '.split('').sort().join('').repeat(2));
  await write('.gitignore', '*.log\nout/\n');
  builds = 0;
  engine = createEngine({ evaluated: () => undefined }, silentLogger, (task, logger) => {
    builds++;
    return readWorkspaceMemory(task, logger);
  });
  const memory = { folders: [{ directory: folder, name: 'w' }], corpus: defaultCorpus, patient: false };
  await engine.load({ directory: null, provider: 'cpu', memory });
  await engine.memoryReady();
}

afterEach(() => rm(folder, { recursive: true, force: true }));

async function completeOnce(text: string): Promise<string> {
  const uri = 'elsewhere';
  engine.openDocument({ uri, path: 'elsewhere.ts', version: 1, text });
  const answer = await engine.complete({
    uri,
    version: 1,
    offset: text.length,
    maxCharacters: 80,
    minimumConfidence: 0,
  });
  await engine.memoryReady();
  return answer.kind === 'none' ? '' : answer.completion.text;
}

/** Of two answers the first makes the engine look, and the second comes after it has. */
async function complete(text: string): Promise<string> {
  await completeOnce(text);
  return completeOnce(text);
}

const knowsBefore = async (): Promise<boolean> => (await complete('export function old')) === 'Name(first, second);';
const knowsAfter = async (): Promise<boolean> => (await complete('import noth')) === 'ing from everything;';
const knowsSecond = async (): Promise<boolean> => (await complete('const second = sec')) === 'ondOfAll(third);';

describe.each([
  { name: 'with git', prepare: () => void execFileSync('git', ['-C', folder, 'init', '-q']) },
  { name: 'without git', prepare: () => undefined },
])('files that other programs change, $name', ({ prepare }) => {
  beforeEach(async () => {
    await load();
    prepare();
    expect([await knowsBefore(), await knowsSecond(), await knowsAfter()]).toEqual([true, true, false]);
  });
  afterEach(() => expect(builds).toBe(1));

  it('are read again', async () => {
    await write('first.ts', after);
    expect(await knowsBefore()).toBe(true);
    engine.filesChanged(['first.ts']);
    expect([await knowsBefore(), await knowsAfter(), await knowsSecond()]).toEqual([false, true, true]);
  });

  it('are read again where somebody asks what is expected', async () => {
    await write('first.ts', after);
    engine.filesChanged(['first.ts']);
    engine.openDocument({ uri: 'read', path: 'read.ts', version: 1, text: before });
    await engine.expected('read', 1, 0);
    await engine.memoryReady();
    expect(await completeOnce('import noth')).toBe('ing from everything;');
  });

  it('are forgotten when they are deleted, alone or with their folder', async () => {
    await rm(join(folder, 'first.ts'));
    await rm(join(folder, 'sub'), { recursive: true });
    engine.filesChanged(['first.ts', 'sub']);
    expect([await knowsBefore(), await knowsSecond()]).toEqual([false, false]);
  });

  it('are learned when they are created, alone or with their folder', async () => {
    await rename(join(folder, 'sub'), join(folder, 'elsewhere'));
    await write('new/deep/new.ts', after);
    engine.filesChanged(['sub', 'elsewhere', 'new/deep/new.ts']);
    expect([await knowsSecond(), await knowsAfter()]).toEqual([true, true]);
    await rm(join(folder, 'elsewhere'), { recursive: true });
    engine.filesChanged(['elsewhere']);
    vi.advanceTimersByTime(5_000);
    expect(await knowsSecond()).toBe(false);
  });

  it.each(['written.log', 'out/written.ts', '.env', 'node_modules/a.js'])(
    'stay unknown where the corpus leaves them out: %s',
    async (path) => {
      await write(path, after);
      engine.filesChanged([path, dirname(path)]);
      expect(await knowsAfter()).toBe(false);
    },
  );

  it('are looked for every five seconds at most', async () => {
    engine.filesChanged(['missing.ts']);
    await completeOnce('e');
    await write('new.ts', after);
    engine.filesChanged(['new.ts']);
    vi.advanceTimersByTime(4_999);
    expect(await knowsAfter()).toBe(false);
    vi.advanceTimersByTime(1);
    expect(await knowsAfter()).toBe(true);
  });

  it('do not take the place of what is written in an open document', async () => {
    const uri = pathToFileURL(join(folder, 'first.ts')).href;
    engine.openDocument({ uri, path: 'first.ts', version: 1, text: after, remembered: 'as file' });
    await write('first.ts', 'const neither = this or that;\n'.repeat(2));
    engine.filesChanged(['first.ts']);
    expect([await knowsBefore(), await knowsAfter()]).toEqual([false, true]);
  });
});

describe('the workspace is read again', () => {
  beforeEach(load);

  it('when more has changed than can be named', async () => {
    await write('first.ts', after);
    engine.filesChanged(null);
    expect([await knowsAfter(), await knowsBefore()]).toEqual([true, false]);
    expect(builds).toBe(2);
  });

  it('when more has changed than is read one by one', async () => {
    const paths = Array.from({ length: 201 }, (_, index) => `many/${index}.ts`);
    for (const path of paths) await write(path, `// ${path}\n${after}`);
    engine.filesChanged(paths);
    expect(await knowsAfter()).toBe(true);
    expect(builds).toBe(2);
  });

  it('when ignore rules have changed', async () => {
    await write('.gitignore', 'first.ts\n');
    engine.filesChanged(['.gitignore']);
    expect([await knowsBefore(), await knowsSecond()]).toEqual([false, true]);
    expect(builds).toBe(2);
  });
});
