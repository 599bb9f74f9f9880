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
    [['train', '--wings'], "Unknown option '--wings'. recur train --help tells more."],
    [['train', '--minute', '1'], '(Did you mean --minutes?)'],
    [['evaluate', 'a.ts', '--line', '1'], "Unknown option '--line'"],
    [['train', '--minutes', 'many'], '--minutes takes a number'],
    [['train', '--minutes'], '--minutes'],
    [['train', '--minutes', '1e9'], '--minutes does not fit'],
    [['train', '--minutes', '0'], '--minutes does not fit'],
    [['train', '--steps=-1'], '--steps does not fit'],
    [['train', '--steps', '1e12'], '--steps does not fit'],
    [['train', '--epochs', '0.5'], '--epochs does not fit'],
    [['train', '--learning-rate', '1e9'], '--learning-rate does not fit'],
    [['train', '--weight-decay', '1e9'], '--weight-decay does not fit'],
    [['train', '--clip=-1'], '--clip does not fit'],
    [['train', '--seed', '1e18'], '--seed does not fit'],
    [['train', '--minimum-characters', '1e18'], '--minimum-characters does not fit'],
    [['train', '--max-file-bytes', '1e12'], '--max-file-bytes does not fit'],
    [['start', '--minutes', '1e9'], '--minutes takes a number'],
    [['generate', '--length', '1e12'], '--length takes a whole number'],
    [['generate', '--seed', '0.5'], '--seed takes a whole number'],
    [['evaluate', 'a.ts', '--completions', '--positions', '1e12'], '--positions takes a whole number'],
    [['complete', '--requests', '--max-characters', '1e9'], '--max-characters takes a whole number'],
    [['complete', '--requests', '--minimum-confidence', '2'], '--minimum-confidence takes a number'],
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
    [['evaluate', 'a.ts', 'b.ts', '--per-character'], '--per-character takes one file'],
    [['evaluate', '--split', 'test', '--per-character'], '--per-character takes one file'],
    [['evaluate', 'a.ts', '--per-character', '--completions'], 'does not go with --completions'],
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
  it.each(['train', 'evaluate', 'complete', 'generate', 'models', 'doctor', 'start'])(
    'tells the options of %s',
    async (name) => {
      const { code, stdout } = await runCli(name, '--help');
      expect(stdout).toContain(`Usage: recur ${name}`);
      expect(code).toBe(0);
    },
  );

  it('lists the commands', async () => {
    const { code, stdout } = await runCli();
    expect(stdout).toContain('train');
    expect(code).toBe(0);
  });
});
