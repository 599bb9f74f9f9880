import { execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buildSync } from 'esbuild';
import { describe, expect, it } from 'vitest';

const program = `
  import * as l10n from '@vscode/l10n';
  import { languageEnvironment, useLanguage, useParentsLanguage } from './src/core/language';
  if (process.argv[2] === undefined) useParentsLanguage(); else useLanguage(process.argv[2]);
  console.log(JSON.stringify([l10n.t\`\${2} files {0}\`, l10n.t('unknown'), languageEnvironment()]));
`;

/** What a process says that is told a bundle, or inherits it by its environment. */
function says(args: readonly string[], environment: Readonly<Record<string, string>> = {}): unknown[] {
  const folder = mkdtempSync(path.join(tmpdir(), 'recur-language-'));
  const outfile = path.join(folder, 'says.cjs');
  const stdin = { contents: program, resolveDir: process.cwd(), loader: 'ts' } as const;
  buildSync({ stdin, outfile, bundle: true, platform: 'node', format: 'cjs', logLevel: 'error' });
  const env = { ...process.env, ...environment };
  return JSON.parse(execFileSync(process.execPath, [outfile, ...args], { encoding: 'utf8', env })) as unknown[];
}

describe('the language of texts', () => {
  const file = path.join(mkdtempSync(path.join(tmpdir(), 'recur-language-')), 'bundle.json');
  writeFileSync(file, JSON.stringify({ '{0} files {0}': '{0} 个文件' }));

  it('is English where none was named', () => {
    expect(says([])).toEqual(['2 files 2', 'unknown', {}]);
  });

  it('is that of a bundle, of what it has, in this process and in those that it starts', () => {
    const [text, unknown, environment] = says([file]);
    expect([text, unknown]).toEqual(['2 个文件', 'unknown']);
    expect(says([], environment as Record<string, string>)).toEqual(['2 个文件', 'unknown', environment]);
  });
});
