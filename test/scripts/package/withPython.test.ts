// What uses one Python, which is installed where it is missing: so it stands in one file.
import { createVSIX } from '@vscode/vsce';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text as read } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openPromise } from 'yauzl';
import { writeCompressed } from '../../../scripts/package/compressVsix.mjs';
import { nativeHeaders } from '../../../scripts/package/nativeHeaders.mjs';
import { findTarget, nativeParts } from '../../../scripts/package/targets.mjs';

const root = process.cwd();
const log = () => undefined;

it.each([
  { name: 'linux-x64', header: { system: 'linux', machine: 'X86_64' } },
  { name: 'linux-arm64', header: { system: 'linux', machine: 'AARCH64' } },
  { name: 'win32-x64', header: { system: 'win32', machine: 'AMD64' } },
  { name: 'win32-arm64', header: { system: 'win32', machine: 'ARM64' } },
  { name: 'darwin-arm64', header: { system: 'darwin', machine: 'ARM64' } },
])('the headers of onnxruntime for $name say so', async ({ name, header }) => {
  const { files } = nativeParts(root, findTarget(name), 'another machine');
  const full = files.map((file) => path.join(root, file));
  const headers = await nativeHeaders(root, full, log);
  expect(Object.values(headers)).toEqual(files.map(() => [expect.objectContaining(header) as object]));
});

it('a text has no header', async () => {
  const file = path.join(root, 'README.md');
  expect(await nativeHeaders(root, [file], log)).toEqual({ [file]: [] });
});

describe('a VSIX', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'recur-vsix-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const places = () => ({ file: path.join(folder, 'a.vsix'), stored: path.join(folder, 'stored') });

  it('is compressed, holds what vsce wrote, and leaves nothing else behind', async () => {
    const text = 'const answer = 42;\n'.repeat(10_000);
    const manifest = { name: 'a', publisher: 'b', version: '1.0.0', engines: { vscode: '^1.101.0' } };
    const source = path.join(folder, 'source');
    const { file, stored } = places();
    mkdirSync(source);
    writeFileSync(path.join(source, 'package.json'), JSON.stringify(manifest));
    writeFileSync(path.join(source, 'a.js'), text);
    const write = (packagePath: string) =>
      createVSIX({ cwd: source, packagePath, dependencies: false, allowMissingRepository: true, skipLicense: true });
    await writeCompressed(file, { root, stored, write, log });
    expect(await textIn(file, 'extension/a.js')).toBe(text);
    expect(statSync(file).size).toBeLessThan(text.length / 10);
    expect(readdirSync(folder).sort()).toEqual(['a.vsix', 'source']);
  });

  it('that cannot be read again is refused in a sentence', async () => {
    const { file, stored } = places();
    const write = async (name: string) => {
      await writeFile(name, 'no zip file');
    };
    await expect(writeCompressed(file, { root, stored, write, log })).rejects.toThrow(
      /^a\.vsix cannot be compressed: .*not a zip file\.$/,
    );
    expect(existsSync(file)).toBe(false);
  });
});

async function textIn(file: string, name: string): Promise<string> {
  const archive = await openPromise(file);
  for await (const entry of archive.eachEntry())
    if (entry.fileName === name) return read(await archive.openReadStreamPromise(entry));
  throw new Error(`${name} is missing`);
}
