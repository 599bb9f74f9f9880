import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { silentLogger } from '../../../src/core/logger';
import { createEngine } from '../../../src/engine/engineService';
import { documentSurprise } from '../../../src/engine/surprise/documentSurprise';
import type { EngineFunctions } from '../../../src/protocol/engine';
import { heatedWords } from '../../../src/surprise/heatLevels';
import { scanWords } from '../../../src/surprise/wordScanning';
import { languageOf } from '../../../src/text/languages';
import { openSession } from '../../inference/testSession';
import { publish, temporaryFolder } from '../modelFolder';

const uri = 'file:///a.ts';
const text = 'const first = second(third);\n'.repeat(60);
const opened = { uri, path: 'a.ts', version: 1, text };
let directory: string;
let engine: EngineFunctions;

beforeAll(async () => {
  directory = await temporaryFolder('heat');
  await publish(directory, 'random-1');
});
afterAll(() => rm(directory, { recursive: true, force: true }));
beforeEach(() => {
  engine = createEngine({}, silentLogger);
});

describe('the surprising words of an open document', () => {
  it('are those that its characters make so, of the whole and of a part', async () => {
    await engine.load({ directory, provider: 'cpu' });
    engine.openDocument(opened);
    const surprise = await documentSurprise(await openSession(), undefined, opened);
    const words = heatedWords(text, scanWords(text, languageOf('a.ts')), surprise);
    expect(words.length).toBeGreaterThan(0);
    const from = text.indexOf('\n') + 1;
    const part = await engine.heat({ uri, version: 1, part: { from, to: 2 * from - 1 } });
    expect(part).toEqual({
      ...{ kind: 'heat', from, to: expect.any(Number) as number },
      words: words.filter(({ start, end }) => end > from && part.kind === 'heat' && start < part.to),
    });
    expect(await engine.heat({ uri, version: 1 })).toEqual({ kind: 'heat', from: 0, to: text.length, words });
  });

  it('are stale once it is edited, or asked for again', async () => {
    await engine.load({ directory, provider: 'cpu' });
    engine.openDocument(opened);
    const before = engine.heat({ uri, version: 1 });
    const again = engine.heat({ uri, version: 1 });
    const part = engine.heat({ uri, version: 1, part: { from: 0, to: 10 } });
    expect(await part).toMatchObject({ kind: 'heat', from: 0 });
    expect(await before).toEqual({ kind: 'none', reason: 'stale' });
    engine.changeDocument({ uri, fromVersion: 1, version: 2, edits: [{ offset: 0, length: 5, text: 'let' }] });
    expect(await again).toEqual({ kind: 'none', reason: 'stale' });
    expect(await engine.heat({ uri, version: 1 })).toEqual({ kind: 'none', reason: 'stale' });
    expect(await engine.heat({ uri, version: 2 })).toMatchObject({ kind: 'heat', to: text.length - 2 });
  });

  it('are none without a network, without the document, and where it holds a key', async () => {
    engine.openDocument(opened);
    expect(await engine.heat({ uri, version: 1 })).toEqual({ kind: 'none', reason: 'no model' });
    expect(await engine.heat({ uri: 'file:///b.ts', version: 1 })).toEqual({ kind: 'none', reason: 'resend' });
    expect(await engine.heat({ uri, version: 2 })).toEqual({ kind: 'none', reason: 'resend' });
    await engine.load({ directory, provider: 'cpu' });
    const key = `const token = 'ghp_${'aB3dE6gH9'.repeat(4)}';\n`;
    engine.openDocument({ ...opened, text: key + text });
    expect(await engine.heat({ uri, version: 1 })).toEqual({ kind: 'none', reason: 'excluded' });
    expect(await engine.expected(uri, 1, 10)).toBeNull();
  });
});

it('expects words at a place, each with its share', async () => {
  await engine.load({ directory, provider: 'cpu' });
  engine.openDocument(opened);
  const expected = await engine.expected(uri, 1, text.lastIndexOf('second'));
  for (const { probability } of expected!.words) expect(probability).toBeGreaterThan(0);
  expect(expected!.words.reduce((sum, { probability }) => sum + probability, 0)).toBeLessThanOrEqual(1.001);
  expect(await engine.expected(uri, 2, 10)).toBeNull();
});
