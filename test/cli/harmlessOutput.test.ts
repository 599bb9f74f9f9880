import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { runCli } from './runCli';

const folder = mkdtempSync(join(tmpdir(), 'recur-harmless-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Clears a screen, and turns around what follows. */
const hostileName = '\u001b[2J\u202egpj.ts';

it.skipIf(process.platform === 'win32')('a file name gives a terminal nothing to obey', async () => {
  writeFileSync(join(folder, hostileName), 'const a = 1;\n');
  const missing = await runCli('train', join(folder, hostileName, 'none'));
  expect(missing.code).toBe(1);
  const model = ['--model', join(folder, hostileName)];
  const outputs = [missing, await runCli('generate', ...model), await runCli('models', '--json', ...model)];
  for (const { stdout, stderr } of outputs) {
    expect(stdout + stderr).toContain('\\u001b[2J\\u202egpj.ts');
    expect(stdout + stderr).not.toContain('\u001b[2J');
    expect(stdout + stderr).not.toContain('\u202e');
  }
});
