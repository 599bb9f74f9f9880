import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readCurrent } from '../../src/store/modelDirectory';
import { publish, temporaryFolder } from '../engine/modelFolder';
import { runCli } from './runCli';

let directory: string;
const before = '20260101-000000-aaaaaa';
const newest = '20260102-000000-bbbbbb';

beforeAll(async () => {
  directory = await temporaryFolder('models');
  await publish(directory, before);
  await publish(directory, newest);
});

afterAll(() => rm(directory, { recursive: true, force: true }));

it('recur models lists what is there, the newest first, and goes back to another one', async () => {
  const listed = await runCli('models', '--model', directory, '--json');
  expect(listed.lines).toMatchObject([
    { type: 'model', id: newest, inUse: true },
    { type: 'model', id: before, inUse: false },
  ]);
  const used = await runCli('models', '--use', before, '--model', directory);
  expect(used).toMatchObject({ code: 0, stderr: '' });
  expect(used.stdout.split('\n').map((line) => line.slice(0, 2 + before.length))).toEqual([
    `  ${newest}`,
    `* ${before}`,
    '',
  ]);
  expect(await readCurrent(directory)).toBe(before);
});

it('recur models refuses one that is not there, and leaves the one in use', async () => {
  const inUse = await readCurrent(directory);
  const refused = await runCli('models', '--use', '20200101-000000-cccccc', '--model', directory);
  expect(refused).toMatchObject({ code: 1, stdout: '' });
  expect(refused.stderr).toMatch(/^recur: There is no model 20200101-000000-cccccc in .*\n$/);
  expect(await readCurrent(directory)).toBe(inUse);
});
