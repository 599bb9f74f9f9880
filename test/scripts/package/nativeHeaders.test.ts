import path from 'node:path';
import { expect, it } from 'vitest';
import { nativeHeaders } from '../../../scripts/package/nativeHeaders.mjs';
import { findTarget, nativeParts } from '../../../scripts/package/targets.mjs';

const root = process.cwd();

it.each([
  { name: 'linux-x64', header: { system: 'linux', machine: 'X86_64' } },
  { name: 'linux-arm64', header: { system: 'linux', machine: 'AARCH64' } },
  { name: 'win32-x64', header: { system: 'win32', machine: 'AMD64' } },
  { name: 'win32-arm64', header: { system: 'win32', machine: 'ARM64' } },
  { name: 'darwin-arm64', header: { system: 'darwin', machine: 'ARM64' } },
])('the headers of onnxruntime for $name say so', async ({ name, header }) => {
  const { files } = nativeParts(root, findTarget(name), 'another machine');
  const headers = await nativeHeaders(
    root,
    files.map((file) => path.join(root, file)),
    () => undefined,
  );
  expect(Object.values(headers)).toEqual(files.map(() => [expect.objectContaining(header) as object]));
});

it('a text has no header', async () => {
  const file = path.join(root, 'README.md');
  expect(await nativeHeaders(root, [file], () => undefined)).toEqual({ [file]: [] });
});
