import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { delivered } from '../../../scripts/base/delivered.mjs';
import { languages } from '../../../scripts/base/languages.mjs';
import { isReservedName, readTable, tableProblems, type Row } from '../../../scripts/base/table.mjs';

const row: Row = {
  ...{ registry: 'npm', name: 'some-package', version: '1.0.0', licence: 'MIT', language: 'TypeScript' },
  integrity: 'sha512-dhKf903U/PQZY6boNNtAGdWbG85WAbjT/1xYoZIC7FAY0yWapOBQVsVrDl58W86//e1VpMNBtRV4MaXfdMySFA==',
};

describe('the table of the corpus', () => {
  it('is pinned, permissive and free of reserved packages', () => {
    expect(tableProblems(readTable('corpus'))).toEqual([]);
  });

  it('has packages of every language, and some of each registry are held out', () => {
    const rows = readTable('corpus');
    const held = rows.filter(({ heldOut }) => heldOut === true);
    expect(new Set(held.map(({ registry }) => registry))).toEqual(new Set(['npm', 'pypi', 'debian']));
    const mostly = new Set(rows.map(({ language }) => language));
    for (const language of mostly) expect(Object.keys(languages)).toContain(language);
    expect(mostly.size).toBeGreaterThan(10);
  });

  it('names all packages that figures come from as reserved', () => {
    const names = readTable('reserved').map(({ name }) => name);
    for (const name of ['rxjs', 'zod', 'Django', 'usb', 'lodash', 'pandas', 'sqlite3', 'curl', 'tailwindcss']) {
      expect(names).toContain(name);
    }
    for (const name of names) expect(isReservedName(name), name).toBe(true);
  });

  it.each([
    [{ licence: 'GPL-3.0' }, "stands under 'GPL-3.0', which is not permissive"],
    [{ integrity: 'sha1-abc' }, 'has no integrity'],
    [{ version: '' }, 'has no version'],
    [{ language: 'COBOL' }, "is in 'COBOL', no language of the corpus"],
    [{ name: '@lexical/react' }, 'is reserved'],
    [{ registry: 'debian', name: 'golang-github-spf13-cobra', integrity: `sha256:${'0'.repeat(64)}` }, 'is reserved'],
  ] as const)('says what is wrong with %o', (changes, problem) => {
    const changed = { ...row, ...changes };
    expect(tableProblems([changed])).toEqual([`${changed.registry} ${changed.name} ${problem}.`]);
  });

  it('says where a package stands twice', () => {
    expect(tableProblems([row, row])).toEqual(['npm some-package stands twice.']);
  });
});

describe('what registries delivered', () => {
  it('is known by its content; a source that is not what its description says is none', async () => {
    const cache = await mkdtemp(join(tmpdir(), 'recur-delivered-'));
    onTestFinished(() => rm(cache, { recursive: true, force: true }));
    for (const registry of ['npm', 'pypi', 'debian']) await mkdir(join(cache, registry));
    await writeFile(join(cache, 'npm/one-1.0.0.tgz'), 'tarball');
    await writeFile(join(cache, 'pypi/two-1.0-py3-none-any.whl'), 'wheel');
    const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
    for (const [name, text] of [
      ['three', 'sources'],
      ['four', 'other sources'],
    ] as const) {
      await writeFile(join(cache, `debian/${name}_1.orig.tar.gz`), 'sources');
      await writeFile(
        join(cache, `debian/${name}_1.dsc`),
        `Checksums-Sha256:\n ${sha256(text)} 7 ${name}_1.orig.tar.gz\n`,
      );
    }
    const sha512 = createHash('sha512').update('tarball').digest('base64');
    const found = delivered(cache);
    expect(found.map(({ registry }) => registry)).toEqual(['npm', 'pypi', 'debian']);
    expect(found[0]!.integrity).toBe(`sha512-${sha512}`);
    expect(found[1]!.integrity).toBe(`sha256:${sha256('wheel')}`);
    expect(found[2]!.files.map((file) => file.slice(cache.length))).toEqual([
      '/debian/three_1.dsc',
      '/debian/three_1.orig.tar.gz',
    ]);
  });
});
