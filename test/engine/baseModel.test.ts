import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { defaultCorpus } from '../../src/core/configuration';
import { silentLogger } from '../../src/core/logger';
import { createEngine } from '../../src/engine/engineService';
import { readWorkspaceMemory } from '../../src/engine/memory/workspaceReading';
import type { EngineFunctions, EngineStatus } from '../../src/protocol/engine';
import { tokenOf } from '../../src/text/vocabulary';
import { constantWeights, vocabulary } from '../inference/testSession';
import { publish, temporaryFolder } from './modelFolder';

const line = 'const größe = computeTheSize(question, 42);\n';

let base: string;
let workspace: string;
let engine: EngineFunctions;
let warnings: string[];

beforeAll(async () => {
  // A base that has read other code, and would write dots wherever the workspace says nothing.
  const published = await temporaryFolder('base-published');
  base = await publish(published, 'base-1', constantWeights({ [tokenOf(vocabulary, 0x2e)]: 3 }));
  workspace = await temporaryFolder('base-workspace');
  await writeFile(join(workspace, 'known.ts'), line.repeat(2));
});
afterAll(async () => {
  for (const folder of [join(base, '../..'), workspace]) await rm(folder, { recursive: true, force: true });
});

beforeEach(() => {
  warnings = [];
  const logger = { ...silentLogger, warn: (message: string) => void warnings.push(message) };
  engine = createEngine({}, logger, readWorkspaceMemory);
});

const loadBase = (remembers = true): Promise<EngineStatus> => {
  const memory = { folders: [{ directory: workspace, name: 'w' }], corpus: defaultCorpus, patient: false };
  return engine.load({ directory: base, isBase: true, provider: 'cpu', ...(remembers && { memory }) });
};

async function complete(text: string): Promise<string> {
  const uri = 'file:///new.ts';
  engine.openDocument({ uri, path: 'new.ts', version: 1, text });
  const place = { uri, version: 1, offset: text.length };
  const answer = await engine.complete({ ...place, maxCharacters: 40, minimumConfidence: 0 });
  return answer.kind === 'completion' ? answer.completion.text : '';
}

it('says that it was not trained here, and claims no quality that was measured elsewhere', async () => {
  expect(await loadBase()).toMatchObject({ answers: 'both', isBase: true, id: 'base-1', validation: null });
  expect(await loadBase(false)).toMatchObject({ answers: 'network', isBase: true });
  expect(await engine.load({ directory: base, provider: 'cpu' })).toMatchObject({ isBase: false });
});

it('completes with the open file before the workspace is indexed, and with the workspace afterwards', async () => {
  await loadBase();
  expect(await complete('wholly(new, words);\nelse();\nwholly(n')).toBe('ew, words);');
  await engine.memoryReady();
  expect(await complete('const gr')).toBe('öße = computeTheSize(question, 42);');
  expect(await complete('import ')).toContain('....');
  expect(warnings).toEqual([]);
});

it('completes alone where nothing is remembered', async () => {
  await loadBase(false);
  expect(await complete('const größe = comp')).toContain('....');
});
