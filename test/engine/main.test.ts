import { build } from 'esbuild';
import { rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { defaultCorpus } from '../../src/core/configuration';
import { silentLogger } from '../../src/core/logger';
import { tokenOf } from '../../src/text/vocabulary';
import { startChild, type Child } from '../../src/ipc/childProcess';
import type { EngineFunctions, FileQuality } from '../../src/protocol/engine';
import { constantWeights, vocabulary } from '../inference/testSession';
import { publish, temporaryFolder } from './modelFolder';

// Inside the project, where the native packages are found.
const root = resolve(import.meta.dirname, '../..');
const entry = resolve(root, `.cache/test/engine-${process.pid}.js`);
const evaluated: FileQuality[] = [];
let directory: string;
let engine: Child<EngineFunctions>;

beforeAll(async () => {
  const options = { bundle: true, platform: 'node', format: 'cjs', target: 'node20', logLevel: 'error' } as const;
  const source = resolve(root, 'src/engine/main.ts');
  await build({ ...options, entryPoints: [source], outfile: entry, external: ['onnxruntime-node'] });
  directory = await temporaryFolder('engine');
  await publish(directory, 'dots-1', constantWeights({ [tokenOf(vocabulary, 0x2e)]: 20 }));
  const events = { log: () => undefined, evaluated: (file: FileQuality) => void evaluated.push(file) };
  engine = startChild<EngineFunctions>({ entry, logger: silentLogger }, events);
});

afterAll(async () => {
  engine.dispose();
  await engine.exited;
  await Promise.all([directory, entry].map((path) => rm(path, { recursive: true, force: true })));
});

it('answers another process: status, edits, completions, and files as they are measured', async () => {
  const { remote } = engine;
  expect(await remote.load({ directory, provider: 'cpu' })).toMatchObject({ id: 'dots-1', provider: 'cpu' });
  await remote.openDocument({ uri: 'untitled:1', path: 'Untitled-1', version: 1, text: 'a' });
  const edits = [{ offset: 1, length: 0, text: ' =' }];
  expect(await remote.changeDocument({ uri: 'untitled:1', fromVersion: 1, version: 2, edits })).toBe(true);
  const answer = await remote.complete({ uri: 'untitled:1', version: 2, offset: 3, maxCharacters: 4 });
  expect(answer).toMatchObject({ kind: 'completion', completion: { text: '....' } });
  const total = await remote.evaluate({ paths: [import.meta.filename], corpus: defaultCorpus });
  expect(evaluated.map(({ characters }) => characters)).toEqual([total.characters]);
});

it('reports what the user must act on as such', async () => {
  const failing = engine.remote.load({ directory: '/no/such/folder', provider: 'cpu' });
  await expect(failing).rejects.toMatchObject({ name: 'UserError', remedy: expect.any(String) as string });
});
