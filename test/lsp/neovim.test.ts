import { execFileSync } from 'node:child_process';
import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { tokenOf } from '../../src/text/vocabulary';
import { cli } from '../cli/runCli';
import { temporaryFolder, writeFiles } from '../corpus/temporaryFolder';
import { publish } from '../engine/modelFolder';
import { missingTool } from '../missingTool';
import { constantWeights, vocabulary } from '../inference/testSession';

/** Neovim's first line of `--version`; undefined where there is none, or one without a language client. */
function neovimVersion(program: string): string | undefined {
  try {
    const [first = ''] = execFileSync(program, ['--version'], { encoding: 'utf8' }).split('\n');
    const [, major, minor] = /^NVIM v(\d+)\.(\d+)/.exec(first) ?? [];
    return Number(major) > 0 || Number(minor) >= 7 ? first : undefined;
  } catch {
    return undefined;
  }
}

it('Neovim asks the server and inserts what it answers', { timeout: 120_000 }, async ({ skip }) => {
  const program = process.env.RECUR_NEOVIM ?? 'nvim';
  const version = neovimVersion(program);
  if (version === undefined) missingTool(skip, 'needs Neovim 0.7 or later on the path, or as RECUR_NEOVIM');
  const [folder, models] = [temporaryFolder(), temporaryFolder()];
  await publish(models, 'dots-1', constantWeights({ [tokenOf(vocabulary, 0x2e)]: 20 }));
  writeFiles(folder, { 'a.ts': 'let a = \nlet b = 1;\n' });
  const init = join(temporaryFolder(), 'init.lua');
  copyFileSync(join(import.meta.dirname, 'fixtures/neovimInit.lua'), init);
  const said = execFileSync(program, ['--headless', '--clean', '-u', init, 'a.ts'], {
    cwd: folder,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, RECUR_NODE: process.execPath, RECUR_CLI: cli, RECUR_MODELS: models },
  });
  expect(said).toBe('');
  expect(readFileSync(join(folder, 'a.ts'), 'utf8')).toBe('let a = .....\nlet b = 1;\n');
});
