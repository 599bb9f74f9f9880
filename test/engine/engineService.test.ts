import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { InferenceSession } from 'onnxruntime-node';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { completionPlace, offerable } from '../../src/offers/completionFilters';
import { confidenceUnder, defaultCalibration } from '../../src/offers/completionConfidence';
import { confidentParts } from '../../src/offers/completionRules';
import { defaultCorpus } from '../../src/core/configuration';
import { silentLogger } from '../../src/core/logger';
import { encodeDocument, tokenOf } from '../../src/text/vocabulary';
import { drawLineAhead } from '../../src/inference/lineSearch';
import { createLineTree, rootAt, unmixed } from '../../src/inference/lineTree';
import { createPrefixStates } from '../../src/inference/prefixStates';
import { createEngine } from '../../src/engine/engineService';
import type { CompletionAnswer, CompletionRequest, EngineFunctions, FileQuality } from '../../src/protocol/engine';
import { constantWeights, never, openSession, vocabulary } from '../inference/testSession';
import { publish, recordRun, temporaryFolder } from './modelFolder';
import { patience } from '../patience';

const dots = constantWeights({ [tokenOf(vocabulary, 0x2e)]: 20 });
const stars = constantWeights({ [tokenOf(vocabulary, 0x2a)]: 20 });
const uri = 'file:///a.ts';
const document = { uri, path: 'a.ts', version: 1, text: 'const a = \r\nlet b' };
const request: CompletionRequest = { uri, version: 1, offset: 10, maxCharacters: 5 };

let random: string;
let dotted: string;
let engine: EngineFunctions;
let files: FileQuality[];
let warnings: string[];

const load = (directory: string): ReturnType<EngineFunctions['load']> => engine.load({ directory, provider: 'cpu' });

beforeAll(async () => {
  random = await temporaryFolder('random');
  dotted = await temporaryFolder('dots');
  await publish(random, 'random-1');
  await publish(dotted, 'dots-1', dots);
});

afterAll(async () => {
  for (const directory of [random, dotted]) await rm(directory, { recursive: true, force: true });
});

beforeEach(() => {
  files = [];
  warnings = [];
  const logger = { ...silentLogger, warn: (message: string) => void warnings.push(message) };
  engine = createEngine({ evaluated: (file) => void files.push(file) }, logger);
});

/** Counts the characters that any model has read from now on, headers too. */
function countFed(): () => number {
  const { prototype } = InferenceSession as unknown as { prototype: InferenceSession };
  const run = vi.spyOn(prototype, 'run');
  onTestFinished(() => run.mockRestore());
  const isRead = (call: number) => run.mock.settledResults[call]?.type === 'fulfilled';
  return () => run.mock.calls.reduce((sum, [feeds], call) => sum + (isRead(call) ? feeds.ids!.size : 0), 0);
}

describe('completions', () => {
  it('are what the model draws at the place, from the same text read at once', async () => {
    await load(random);
    const text = 'import x;\r\n\tlet größe = 😀(';
    engine.openDocument({ ...document, text });
    const answer = await engine.complete({ ...request, offset: text.length, maxCharacters: 20, minimumConfidence: 0 });
    const session = await openSession();
    const position = await createPrefixStates(session, 'a.ts').positionAt(text, text.length, never, true);
    const tree = createLineTree(session, rootAt(position!, unmixed), unmixed, never);
    const line = await drawLineAhead(tree, 20);
    const confidenceOf = confidenceUnder(defaultCalibration, { position: 15, extension: '.ts' });
    const part = [...confidentParts(line!, 0, confidenceOf)][0]!;
    const offered = offerable(part.text, completionPlace(text, text.length, 'a.ts'));
    expect(offered).not.toBe('');
    expect(answer).toMatchObject({ kind: 'completion', completion: { text: offered } });
    expect(answer.kind === 'completion' && answer.completion.confidence).toBeCloseTo(part.confidence, 5);
  });

  it('have the confidence that the probability of their characters means', async () => {
    await load(dotted);
    engine.openDocument(document);
    const answer = await engine.complete(request);
    expect(answer).toMatchObject({ kind: 'completion', completion: { text: '.....' } });
    const confidenceOf = confidenceUnder(defaultCalibration, { position: 10, extension: '.ts' });
    const cut = { isWholeLine: false, probability: 1, leastProbability: 1, length: 5, ahead: 'agrees' } as const;
    expect(answer.kind === 'completion' && answer.completion.confidence).toBeCloseTo(confidenceOf(cut), 4);
  });

  it.each([
    { name: 'nothing inside a word', text: 'const a', offset: 3 },
    { name: 'nothing before more than closing characters', text: 'a b', offset: 1 },
    { name: 'nothing where all of it is there already', text: 'a;.....', offset: 2 },
  ])('offer $name', async ({ text, offset }) => {
    await load(dotted);
    engine.openDocument({ ...document, text });
    expect(await engine.complete({ ...request, offset })).toMatchObject({ kind: 'none', reason: 'nothing to offer' });
  });

  it('are not offered when the model is unsure, but told of to who asks for all that is drawn', async () => {
    await load(random);
    engine.openDocument(document);
    const unsure = { ...request, minimumConfidence: 0.99 };
    expect(await engine.complete(unsure)).toMatchObject({ kind: 'none', reason: 'nothing to offer' });
    const answer = await engine.complete({ ...unsure, exact: true });
    expect(answer).toMatchObject({ kind: 'unsure' });
    expect(answer.kind === 'unsure' && answer.completion.confidence).toBeLessThan(0.99);
    expect(answer.kind === 'unsure' && answer.completion.text).not.toBe('');
  });

  it('say where their time went', async () => {
    await load(dotted);
    engine.openDocument(document);
    const { timing } = await engine.complete(request);
    expect(timing).toMatchObject({ characters: 5, memoryMs: 0 });
    const { totalMs, prefixMs, networkMs } = timing!;
    expect(Math.min(prefixMs, networkMs)).toBeGreaterThan(0);
    expect(totalMs).toBeGreaterThanOrEqual(prefixMs + networkMs);
  });

  it('need a model', async () => {
    engine.openDocument(document);
    expect(await engine.complete(request)).toEqual({ kind: 'none', reason: 'no model' });
  });

  it('are given to the newest request only', async () => {
    await load(dotted);
    engine.openDocument(document);
    const answers = await Promise.all([engine.complete(request), engine.complete(request), engine.complete(request)]);
    expect(answers.map((answer) => (answer.kind === 'none' ? answer.reason : answer.kind))).toEqual([
      'stale',
      'stale',
      'completion',
    ]);
  });

  /** A line that goes on and on is being drawn, and is soon at its hundredth character. */
  async function drawEndlessly(
    signal?: AbortSignal,
  ): Promise<{ answer: Promise<CompletionAnswer>; fed: () => number }> {
    await load(dotted);
    engine.openDocument(document);
    const fed = countFed();
    const answer = engine.complete({ ...request, maxCharacters: endless }, signal);
    while (fed() < 100) await setImmediate();
    return { answer, fed };
  }
  const endless = 50_000;

  it('are given up as soon as whoever asked does not want them any more', async () => {
    const controller = new AbortController();
    const { answer, fed } = await drawEndlessly(controller.signal);
    controller.abort();
    expect(await answer).toEqual({ kind: 'none', reason: 'stale' });
    expect(fed()).toBeLessThan(endless / 2);
    const aborted = engine.complete(request, controller.signal);
    expect(await aborted).toEqual({ kind: 'none', reason: 'stale' });
  });

  it('are given up where the document is edited', async () => {
    const { answer, fed } = await drawEndlessly();
    const edits = [{ offset: document.text.length, length: 0, text: ';' }];
    engine.changeDocument({ uri, fromVersion: 1, version: 2, edits });
    expect(await answer).toEqual({ kind: 'none', reason: 'stale' });
    expect(fed()).toBeLessThan(endless / 2);
  });

  it('are not given up where another document is edited, or an edit does not fit', async () => {
    await load(dotted);
    engine.openDocument(document);
    engine.openDocument({ ...document, uri: 'file:///b.ts' });
    const answer = engine.complete(request);
    engine.changeDocument({ uri: 'file:///b.ts', fromVersion: 1, version: 2, edits: [] });
    engine.changeDocument({ uri, fromVersion: 7, version: 8, edits: [] });
    expect(await answer).toMatchObject({ kind: 'completion' });
  });
});

describe('documents', () => {
  it('follow edits, one after the other, each from the text that the one before left', async () => {
    await load(random);
    engine.openDocument(document);
    const edits = [
      { offset: 0, length: 5, text: 'let' },
      { offset: 8, length: 0, text: '42 + ' },
    ];
    expect(engine.changeDocument({ uri, fromVersion: 1, version: 4, edits })).toBe(true);
    const edited = await engine.complete({ ...request, version: 4, offset: 13, minimumConfidence: 0 });
    engine.openDocument({ ...document, uri: 'file:///b.ts', text: 'let a = 42 + \r\nlet b' });
    const whole = await engine.complete({ ...request, uri: 'file:///b.ts', offset: 13, minimumConfidence: 0 });
    expect(edited.kind === 'completion' && edited.completion.text).toBe(
      whole.kind === 'completion' && whole.completion.text,
    );
    expect(edited.kind).toBe('completion');
  });

  it('are asked for again where versions do not fit', async () => {
    await load(dotted);
    expect(await engine.complete(request)).toEqual({ kind: 'none', reason: 'resend' });
    engine.openDocument(document);
    expect(engine.changeDocument({ uri, fromVersion: 2, version: 3, edits: [] })).toBe(false);
    expect(await engine.complete({ ...request, version: 2 })).toEqual({ kind: 'none', reason: 'resend' });
    expect(engine.changeDocument({ uri, fromVersion: 1, version: 2, edits: [] })).toBe(true);
    expect(await engine.complete(request)).toEqual({ kind: 'none', reason: 'stale' });
    engine.closeDocument(uri);
    expect(await engine.complete({ ...request, version: 2 })).toEqual({ kind: 'none', reason: 'resend' });
  });

  const secret = `-----BEGIN RSA PRIVATE KEY-----\n${'MIIEpAIBAAKCAQEA1234567890abcdef'.repeat(8)}\n-----END RSA PRIVATE KEY-----`;

  it.each([
    { name: 'a secret', text: `const a = \n${secret}\n` },
    { name: 'binary content', text: 'const a = \0\0\u0001\u0002' },
  ])('with $name are left alone', async ({ text }) => {
    await load(dotted);
    engine.openDocument({ ...document, text });
    expect(await engine.complete(request)).toEqual({ kind: 'none', reason: 'excluded' });
  });

  it('into which a secret is pasted are left alone from then on', async () => {
    await load(dotted);
    engine.openDocument(document);
    expect((await engine.complete(request)).kind).toBe('completion');
    const edits = [{ offset: document.text.length, length: 0, text: `\n${secret}\n` }];
    engine.changeDocument({ uri, fromVersion: 1, version: 2, edits });
    expect(await engine.complete({ ...request, version: 2 })).toEqual({ kind: 'none', reason: 'excluded' });
  });

  it('out of which a secret is taken are asked for again, and completed when none is left', async () => {
    await load(dotted);
    const withSecret = `${document.text}\n${secret}\n`;
    engine.openDocument({ ...document, text: withSecret });
    expect(await engine.complete(request)).toEqual({ kind: 'none', reason: 'excluded' });
    const typed = [{ offset: 0, length: 0, text: 'a' }];
    expect(engine.changeDocument({ uri, fromVersion: 1, version: 2, edits: typed })).toBe(true);
    const undone = [{ offset: document.text.length + 1, length: secret.length + 2, text: '' }];
    expect(engine.changeDocument({ uri, fromVersion: 2, version: 3, edits: undone })).toBe(false);
    expect(await engine.complete({ ...request, version: 3 })).toEqual({ kind: 'none', reason: 'resend' });
    engine.openDocument({ ...document, version: 3, text: withSecret.slice(0, -10) });
    expect(await engine.complete({ ...request, version: 3 })).toEqual({ kind: 'none', reason: 'excluded' });
    engine.openDocument({ ...document, version: 3 });
    expect((await engine.complete({ ...request, version: 3 })).kind).toBe('completion');
  });
});

describe('the text before the cursor', () => {
  const text = 'let value = 1;\n'.repeat(60);

  it('is read where the cursor goes, before anything is asked there', async () => {
    await load(dotted);
    engine.openDocument({ ...document, text, cursor: 0 });
    const fed = countFed();
    engine.moveCursor(uri, 1, text.length);
    const all = encodeDocument(vocabulary, document.path, text).length;
    await vi.waitFor(() => expect(fed()).toBeGreaterThanOrEqual(all), patience);
    const before = fed();
    const answer = await engine.complete({ ...request, offset: text.length });
    expect(answer).toMatchObject({ completion: { text: '.....' } });
    expect(fed() - before).toBeLessThanOrEqual(request.maxCharacters + 1);
  });

  it('is not read for a cursor of another version of it, or of a document that is not open', async () => {
    await load(dotted);
    engine.openDocument({ ...document, text, cursor: 0 });
    const fed = countFed();
    engine.moveCursor(uri, 2, text.length);
    engine.moveCursor('file:///unknown.ts', 1, text.length);
    // What comes afterwards is read, and nothing but that.
    const near = text.indexOf('\n') + 1;
    engine.moveCursor(uri, 1, near);
    await vi.waitFor(() => expect(fed()).toBeGreaterThanOrEqual(near), patience);
    await engine.complete({ ...request, offset: near });
    expect(fed()).toBeLessThan(text.length / 2);
  });
});

describe('models', () => {
  it('are replaced while a request runs, which ends with the one it began with', async () => {
    const directory = await temporaryFolder('swap');
    await publish(directory, 'model-1', dots);
    expect(await load(directory)).toMatchObject({ id: 'model-1', provider: 'cpu' });
    const generated = engine.generate({ prefix: 'a', length: 200, temperature: 0, seed: 1, initialState: 'zeros' });
    await publish(directory, 'model-2', stars);
    expect(await load(directory)).toMatchObject({ id: 'model-2' });
    expect((await generated).text).toBe('.'.repeat(200));
    engine.openDocument(document);
    expect(await engine.complete(request)).toMatchObject({ completion: { text: '*****' } });
    await rm(directory, { recursive: true });
  });

  it('stay in use when the new one is damaged', async () => {
    const directory = await temporaryFolder('damaged');
    const model = await publish(directory, 'model-1', dots);
    await writeFile(join(model, 'model.onnx'), 'damaged');
    await load(dotted);
    await expect(load(directory)).rejects.toThrow(/cannot be used/);
    engine.openDocument(document);
    expect(await engine.complete(request)).toMatchObject({ completion: { text: '.....' } });
    await rm(directory, { recursive: true });
  });

  it('are needed for text', async () => {
    const generated = engine.generate({ prefix: '', length: 1, temperature: 0, seed: 1, initialState: 'zeros' });
    await expect(generated).rejects.toThrow('No model is loaded.');
  });
});

describe('evaluation', () => {
  const text = (seed: number): string => `const value${seed} = compute(${seed * 7});\n`.repeat(10 + seed);
  let workspace: string;

  beforeAll(async () => {
    workspace = await temporaryFolder('workspace');
    await recordRun(random, { directory: workspace, name: 'workspace' }, [
      { path: 'src/train.ts', text: text(1), part: 'training' },
      { path: 'src/held.ts', text: text(2), part: 'validation' },
      { path: 'src/tested.ts', text: text(3), part: 'test' },
      { path: 'src/long.ts', text: text(4), part: 'tail' },
    ]);
  });
  afterAll(() => rm(workspace, { recursive: true, force: true }));

  it('measures the files of a part, and the last part of a file that was cut', async () => {
    await load(random);
    const total = await engine.evaluate({ split: 'validation' });
    expect(files.map(({ path }) => path).sort()).toEqual(['src/held.ts', 'src/long.ts']);
    const tail = files.find(({ path }) => path === 'src/long.ts')!;
    expect(tail.characters).toBe(text(4).length - Math.floor(text(4).length * 0.9));
    expect(total.characters).toBe(text(2).length + tail.characters);
    const sum = files.reduce((nats, file) => nats + file.nats * file.characters, 0);
    expect(total.nats).toBeCloseTo(sum / total.characters, 6);
    expect(warnings).toEqual([]);
  });

  it('gives a named file the path that it has in the corpus, so that both ways agree', async () => {
    await load(random);
    await engine.evaluate({ split: 'test' });
    await engine.evaluate({ paths: [join(workspace, 'src/tested.ts')], corpus: defaultCorpus });
    expect(files).toHaveLength(2);
    expect(files[1]).toEqual(files[0]);
  });

  it('shows what stands at real places of held-out files', async () => {
    await load(random);
    const examples = await engine.examples(3, 1);
    expect(examples).toHaveLength(3);
    for (const { path, line, before, expected } of examples) {
      expect(path).toBe('src/tested.ts');
      expect(before + expected).toBe(text(3).split('\n')[line - 1]);
      expect(Math.min(before.length, expected.length)).toBeGreaterThan(3);
    }
    expect(await engine.examples(3, 1)).toEqual(examples);
  });

  it('says so where files have changed or are gone', async () => {
    await load(random);
    await writeFile(join(workspace, 'src/held.ts'), `${text(2)}// changed\n`);
    await rm(join(workspace, 'src/long.ts'));
    await engine.evaluate({ split: 'validation' });
    expect(warnings).toEqual([expect.stringContaining('are gone'), expect.stringContaining('have changed')]);
  });
});
