import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ESLint } from 'eslint';
import tseslint from 'typescript-eslint';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { importDirections } from '../../scripts/checks/importDirections.mjs';

const rooms = {
  core: [],
  training: ['core'],
  'training/gradient': ['core', 'training/gradient/**'],
  'training/gradient/portable': ['core', 'training/gradient'],
  cli: ['core', 'training/**'],
};

let root = '';
beforeAll(() => {
  root = realpathSync(mkdtempSync(path.join(tmpdir(), 'recur-directions-')));
  for (const folder of [...Object.keys(rooms), 'training/plan', 'attic']) write(`src/${folder}/there.ts`, 'export {};');
});
afterAll(() => rmSync(root, { recursive: true }));

function write(file: string, text: string): string {
  const full = path.join(root, file);
  mkdirSync(path.dirname(full), { recursive: true });
  writeFileSync(full, text);
  return full;
}

/** Whether a file of one folder may import from another, by value and by type. */
async function allowed(from: string, to: string): Promise<boolean[]> {
  const parser = { files: ['**/*.ts'], languageOptions: { parser: tseslint.parser } };
  const overrideConfig = [parser, ...importDirections(rooms, { basePath: root })] as ESLint.Options['overrideConfig'];
  const eslint = new ESLint({ cwd: root, overrideConfigFile: true, ...(overrideConfig && { overrideConfig }) });
  const target = path.posix.relative(`src/${from}`, `src/${to}/there`);
  const specifier = target.startsWith('.') ? target : `./${target}`;
  const files = ['', 'type '].map((kind, index) =>
    write(`src/${from}/here${index}.ts`, `import ${kind}{ a } from '${specifier}';\nexport const b${index} = a;\n`),
  );
  const results = await eslint.lintFiles(files);
  return results.map(({ messages }) => {
    for (const { message } of messages) expect(message).toMatch(/may not import from there/);
    return messages.length === 0;
  });
}

describe('the directions of imports', () => {
  it.each([
    ['training', 'core', 'a row names it', true],
    ['core', 'training', 'no row names it', false],
    ['core', 'core', 'it is the room itself', true],
    ['training/plan', 'training', 'a folder that is no room is part of the one around it', true],
    ['training/plan', 'training/gradient', 'a room inside is another room', false],
    ['training/gradient', 'training', 'the room around is another room', false],
    ['training/gradient', 'training/gradient/portable', '** names the rooms inside', true],
    ['training/gradient/portable', 'training/gradient', 'a row may name the room around', true],
    ['training/gradient/portable', 'training', 'but not what is around that', false],
    ['cli', 'training', '** names the room itself', true],
    ['cli', 'training/gradient/portable', '** names rooms at any depth', true],
    ['cli', 'attic', 'what lies in no room is imported by nobody', false],
    ['attic', 'core', 'and imports nothing', false],
  ])('%s imports from %s (%s): %s %s', async (from, to, _, expected) => {
    expect(await allowed(from, to)).toEqual([expected, expected]);
  });

  it('name only rooms', () => {
    expect(() => importDirections({ core: ['cor'] }, { basePath: root })).toThrow('cor, which is no room');
  });
});
