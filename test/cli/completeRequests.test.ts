import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseRequest } from '../../src/cli/completionRequests';
import { tokenOf } from '../../src/text/vocabulary';
import { constantWeights, vocabulary } from '../inference/testSession';
import { publish, temporaryFolder } from '../engine/modelFolder';
import { runCliWith } from './runCli';

describe('a line of requests', () => {
  const good = { id: 7, path: 'src/a.ts', text: 'let 😀 = ', offset: 9 };
  const folders = [{ directory: '/work/app', name: 'app' }];

  it('is read as it is, with a path as in the training', () => {
    expect(parseRequest(JSON.stringify(good), folders)).toEqual(good);
    const path = (given: string) => parseRequest(JSON.stringify({ ...good, path: given }), folders);
    expect(path('/work/app/src/b.ts')).toMatchObject({ path: 'src/b.ts' });
    expect(path('/elsewhere/c.ts')).toMatchObject({ path: 'c.ts' });
    expect(path('src\\d.ts')).toMatchObject({ path: 'src/d.ts' });
  });

  it.each([
    ['{', null, 'it is no JSON'],
    ['7', null, 'a request is an object'],
    ['null', null, 'a request is an object'],
    ['{}', null, '"id" is missing'],
    [JSON.stringify({ ...good, id: null }), null, 'id must be a text or a number'],
    [JSON.stringify({ ...good, path: undefined }), 7, '"path" is missing'],
    [JSON.stringify({ ...good, path: '' }), 7, 'path is empty'],
    [JSON.stringify({ ...good, text: 1 }), 7, 'text must be a text'],
    [JSON.stringify({ ...good, offset: 1.5 }), 7, 'offset must be a whole number'],
    [JSON.stringify({ ...good, offset: -1 }), 7, 'offset must not be negative'],
    [JSON.stringify({ ...good, offset: 10 }), 7, 'offset 10 is past the end of the text, which has 9 UTF-16 units'],
  ])('%s is refused in a sentence', (line, id, problem) => {
    expect(parseRequest(line, folders)).toEqual({ id, problem });
  });
});

describe('recur complete --requests', () => {
  let directory: string;

  beforeAll(async () => {
    directory = await temporaryFolder('requests');

    await publish(directory, 'dots-1', constantWeights({ [tokenOf(vocabulary, 0x2e)]: 20 }));
  });
  afterAll(() => rm(directory, { recursive: true, force: true }));

  const ask = (lines: readonly unknown[], ...more: string[]) => {
    const input = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n');
    return runCliWith(input, 'complete', '--requests', '--model', directory, '--max-characters', '5', ...more);
  };
  const place = { path: 'a.ts', text: 'let a = ', offset: 8 };

  it('answers each request in order, and bad ones with an error in their place', async () => {
    const token = ['ghp', 'wWPw5k4aXcaT4fNP0UcnZwJUVFk6LO0pINUx'].join('_');
    const result = await ask([
      { id: 'first', ...place },
      '{"id": 2',
      '',
      { id: 3, ...place, offset: 99 },
      { id: 4, ...place, text: 'let a = \nlet b = ', offset: 17 },
      { id: 5, ...place, text: 'let b', offset: 1 },
      { id: 6, ...place, path: '.env' },
      { id: 7, ...place, text: `const token = '${token}';\nlet a = `, offset: 59 },
      { id: 8, ...place },
    ]);
    expect(result.code).toBe(0);
    expect(result.stderr).toBe('');
    expect(result.lines.map(({ type, id, shown }) => [type, id, shown])).toEqual([
      ['completion', 'first', true],
      ['error', null, undefined],
      ['error', 3, undefined],
      ['completion', 4, true],
      ['completion', 5, false],
      ['completion', 6, false],
      ['completion', 7, false],
      ['completion', 8, true],
    ]);
    expect(result.lines[0]).toMatchObject({ text: '.....' });
    expect(result.lines[0]!.milliseconds).toBeGreaterThan(0);
    expect(result.lines[1]!.message).toBe('Line 2 is no request: it is no JSON.');
    expect(result.lines[4]).toMatchObject({ text: '', confidence: 0 });
  });

  it('takes lines to end at a line feed alone, and a lone carriage return in a text for a line end', async () => {
    const texts = ['\u2028', '\u2029', '\u0085', '\r'].map((end) => `first${end}let a = `);
    const result = await ask(texts.map((text, id) => ({ id, path: `${id}.ts`, text, offset: text.length })));
    expect(result.lines.map(({ type, id, text }) => [type, id, text])).toEqual(
      texts.map((_, id) => ['completion', id, '.....']),
    );
  });

  it('tells other lines where several are asked for', async () => {
    const many = await temporaryFolder('several');
    const token = (character: string): number => tokenOf(vocabulary, character.charCodeAt(0));
    await publish(many, 'several-1', constantWeights({ [token('.')]: 9, [token('-')]: 8.5, [token('\n')]: 8.4 }));
    const answer = async (...more: string[]) => {
      const options = ['complete', '--requests', '--model', many, '--max-characters', '5', ...more];
      return (await runCliWith(JSON.stringify({ id: 1, ...place }), ...options)).lines[0]!;
    };
    expect((await answer()).others).toBeUndefined();
    const { text, others } = await answer('--suggestions', '3');
    expect(new Set([text, ...(others as { text: string }[]).map((other) => other.text)]).size).toBeGreaterThan(2);
    await rm(many, { recursive: true, force: true });
  });

  it('tells what it would offer where the confidence is too low', async () => {
    const sure = (await ask([{ id: 1, ...place }])).lines[0]!;
    const unsure = (await ask([{ id: 1, ...place }], '--minimum-confidence', '1')).lines[0]!;
    expect(sure.confidence).toBeLessThan(1);
    expect(unsure).toMatchObject({ shown: false, text: sure.text, confidence: sure.confidence });
  });
});
