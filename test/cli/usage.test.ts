import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from './runCli';

let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'recur-usage-'));
  await writeFile(join(directory, 'small.ts'), 'export const answer = 42;\n');
});

afterAll(() => rm(directory, { recursive: true, force: true }));

describe('wrong usage', () => {
  it.each([
    [['fly'], "there is no command 'fly'"],
    [['train', '--wings'], '--wings'],
    [['train', '--minutes', 'many'], '--minutes takes a number'],
    [['train', '--minutes'], '--minutes'],
    [['train', '--cell', 'transformer'], '--cell does not fit'],
    [['train', '--hidden', '0'], '--hidden does not fit'],
    [['train', '--validation-share', '2'], '--validation-share does not fit'],
    [['train', 'a', 'b'], 'recur train takes [FOLDER]'],
    [['evaluate'], 'Name files or folders'],
    [['evaluate', '--split', 'training'], '--split takes'],
    [['complete', 'file.ts', '--line', '0', '--column', '1'], '--line takes a whole number'],
    [['complete'], 'recur complete takes FILE'],
    [['complete', 'file.ts', '--requests'], '--requests takes no FILE'],
    [['generate', '--temperature', '-1'], '--temperature'],
    [['evaluate', 'a.ts', '--positions', '5'], '--positions needs --completions'],
    [['evaluate', 'a.ts', '--completions', '--positions', '0.5'], '--positions takes a whole number from 1'],
    [['evaluate', 'a.ts', '--provider', 'quantum'], '--provider takes one of'],
  ])('%j ends with 2 and one sentence', async (args, sentence) => {
    const { code, stdout, stderr } = await runCli(...args);
    expect(stderr).toContain(sentence);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stdout).toBe('');
    expect(code).toBe(2);
  });
});

describe('bad input', () => {
  it.each([
    ['a folder that is not there', () => ['train', join(directory, 'missing')], 'is no folder'],
    ['a file in place of a folder', () => ['train', join(directory, 'small.ts')], 'is no folder'],
    ['too little text', () => ['train', directory], 'characters of text to learn from'],
    ['no model', () => ['evaluate', directory, '--model', directory], 'There is no model'],
    ['nothing to resume', () => ['train', directory, '--resume'], 'no training to go on with'],
    [
      'a file that is not there',
      () => ['complete', join(directory, 'no.ts'), '--line', '1', '--column', '1'],
      'is no file',
    ],
    [
      'a line that is not there',
      () => ['complete', join(directory, 'small.ts'), '--line', '9', '--column', '1'],
      'no line 9',
    ],
  ])('%s ends with 1 and one sentence', async (_, args, sentence) => {
    const { code, stderr } = await runCli(...args());
    expect(stderr).toContain(sentence);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(code).toBe(1);
  });

  it('trains nothing on too little text', async () => {
    await runCli('train', directory);
    expect(await readdir(join(directory, '.recur'))).toEqual(['.gitignore']);
  });
});

describe('help', () => {
  it.each(['train', 'evaluate', 'complete', 'generate', 'doctor', 'start'])('tells the options of %s', async (name) => {
    const { code, stdout } = await runCli(name, '--help');
    expect(stdout).toContain(`Usage: recur ${name}`);
    expect(code).toBe(0);
  });

  it('lists the commands', async () => {
    const { code, stdout } = await runCli();
    expect(stdout).toContain('train');
    expect(code).toBe(0);
  });
});
