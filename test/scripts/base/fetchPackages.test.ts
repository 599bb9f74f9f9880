import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { describePackage } from '../../../scripts/base/describe.mjs';
import { delivered } from '../../../scripts/base/delivered.mjs';
import { fetchPackages } from '../../../scripts/base/fetchPackages.mjs';
import type { Row } from '../../../scripts/base/table.mjs';

let cache: string;
let row: Row;

/** A tarball as npm delivers it, in the cache. */
beforeEach(async () => {
  cache = await mkdtemp(join(tmpdir(), 'recur-fetch-'));
  const source = join(cache, 'source');
  await mkdir(join(source, 'package/src'), { recursive: true });
  await mkdir(join(cache, 'npm'));
  await writeFile(join(source, 'package/package.json'), '{"name": "@some/one", "version": "1.2.3", "license": "MIT"}');
  await writeFile(join(source, 'package/src/index.ts'), 'export const one = 1;\n');
  await writeFile(join(source, 'package/picture.bin'), 'no text');
  const tarball = join(cache, 'npm/some-one-1.2.3.tgz');
  execFileSync('tar', ['-czf', tarball, '-C', source, 'package']);
  const integrity = `sha512-${createHash('sha512')
    .update(await readFile(tarball))
    .digest('base64')}`;
  row = { registry: 'npm', name: '@some/one', version: '1.2.3', integrity, licence: 'MIT', language: 'TypeScript' };
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(cache, { recursive: true, force: true });
});

describe('packages of the corpus', () => {
  it('are taken from the cache, and only their source files unpacked', async () => {
    const said: string[] = [];
    const [found] = fetchPackages([row], cache, (line) => said.push(line));
    expect(said).toEqual([]);
    const entries = await readdir(found!.folder, { recursive: true });
    expect(entries.sort()).toEqual(['package.json', 'src', 'src/index.ts']);
  });

  it('are described by what they say of themselves', () => {
    expect(describePackage(delivered(cache)[0]!)).toEqual({ name: '@some/one', version: '1.2.3', licence: 'MIT' });
  });

  it('are refused where they are not what was pinned, and where no client is there to fetch them', async () => {
    const other: Row = { ...row, integrity: `sha512-${'A'.repeat(86)}==` };
    vi.stubEnv('PATH', await mkdtemp(join(cache, 'empty-')));
    expect(() => fetchPackages([other], cache, () => undefined)).toThrow('npm is needed to fetch the corpus');
  });
});
