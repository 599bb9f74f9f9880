import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { defaultCorpus, type Multiline } from '../../../src/core/configuration';
import { silentLogger } from '../../../src/core/logger';
import { createEngine } from '../../../src/engine/engineService';
import { readWorkspaceMemory } from '../../../src/engine/memory/workspaceReading';
import type { Completion } from '../../../src/protocol/engine';
import { temporaryFolder } from '../modelFolder';

const rest = 'wer(question) {';
const body = '\n  const result = compute(question);\n  return result;\n}';

const engine = createEngine({ evaluated: () => undefined }, silentLogger, readWorkspaceMemory);
let folder: string;
let files = 0;

beforeAll(async () => {
  folder = await temporaryFolder('blocks');
  // Copies are left out of a corpus: every file ends in another way.
  for (let file = 0; file < 12; file++) {
    await writeFile(join(folder, `file${file}.ts`), `function ans${rest}${body}\n\nother${file}();\n`);
  }
  const memory = { folders: [{ directory: folder, name: 'blocks' }], corpus: defaultCorpus, patient: false };
  await engine.load({ directory: null, provider: 'cpu', memory });
  await engine.memoryReady();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** What is offered at the end of the first part of a document. */
async function complete(multiline: Multiline, minimumConfidence: number, below = ''): Promise<Completion | undefined> {
  const before = 'import x;\n\nfunction ans';
  const uri = `file:///new${files++}.ts`;
  engine.openDocument({ uri, path: 'new.ts', version: 1, text: before + below });
  const answer = await engine.complete({
    ...{ uri, version: 1, offset: before.length, maxCharacters: 80 },
    ...{ multiline, minimumConfidence },
  });
  return answer.kind === 'completion' ? answer.completion : undefined;
}

it('are not offered where they never are', async () => {
  expect((await complete('never', 0))?.text).toBe(rest);
});

it('are offered to the end of the block and not past it', async () => {
  expect((await complete('always', 0))?.text).toBe(rest + body);
});

it('are not offered where the block is there already, nor left of other text', async () => {
  expect((await complete('always', 0, '\n  old();\n}\n'))?.text).toBe(rest);
  expect((await complete('always', 0, ');\n'))?.text ?? '').not.toContain('\n');
});

it('take the place of a bracket that the editor has closed, where the editor can do that', async () => {
  const before = 'import x;\n\nfunction answer(';
  const uri = `file:///new${files++}.ts`;
  engine.openDocument({ uri, path: 'new.ts', version: 1, text: `${before})\n` });
  const place = { uri, version: 1, offset: before.length, maxCharacters: 80, minimumConfidence: 0 } as const;
  const asked = async (mayReplace: boolean) => {
    const answer = await engine.complete({ ...place, multiline: 'always', mayReplace });
    return answer.kind === 'completion' && { text: answer.completion.text, replaces: answer.completion.replaces };
  };
  expect(await asked(false)).toEqual({ text: 'question', replaces: undefined });
  expect(await asked(true)).toEqual({ text: `question) {${body}`, replaces: 1 });
});

it('end before what comes next anyway', async () => {
  expect((await complete('always', 0, '\n}\n'))?.text).toBe(rest + body.slice(0, -2));
});

it.each([0, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8])('are offered where all of it is sure enough (%f)', async (minimum) => {
  const first = await complete('never', minimum);
  const all = await complete('auto', minimum);
  expect(all === undefined).toBe(first === undefined);
  if (first === undefined || all === undefined) return;
  expect((rest + body).startsWith(all.text)).toBe(true);
  expect(all.confidence).toBeGreaterThanOrEqual(minimum);
  expect(all.confidence).toBeLessThanOrEqual(first.confidence);
  if (first.confidence < (1 + minimum) / 2) expect(all).toMatchObject({ text: first.text });
});

const pieces: Readonly<Record<string, RegExp>> = {
  letter: /[^]/gu,
  word: /\w+|\s+|[^\w\s]+/gu,
  line: /[^\n]*\n|[^\n]+$/gu,
};

it.each(Object.keys(pieces))('stay, all of them, while they are typed or accepted by the %s', async (piece) => {
  const before = 'import x;\n\nfunction ans';
  const uri = `file:///new${files++}.ts`;
  engine.openDocument({ uri, path: 'new.ts', version: 1, text: before });
  let [offset, version] = [before.length, 1];
  const offered = async (): Promise<string | undefined> => {
    const place = { uri, version, offset, maxCharacters: 80, multiline: 'auto', minimumConfidence: 0.1 } as const;
    const answer = await engine.complete(place);
    return answer.kind === 'completion' ? answer.completion.text : undefined;
  };
  let left = rest + body;
  expect(await offered()).toBe(left);
  for (const [text] of left.matchAll(pieces[piece]!)) {
    engine.changeDocument({ uri, fromVersion: version, version: ++version, edits: [{ offset, length: 0, text }] });
    offset += text.length;
    left = left.slice(text.length);
    if (left !== '') expect(await offered()).toBe(left);
  }
});
