import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runCli } from './runCli';

const root = join(import.meta.dirname, '../..');
const base = join(root, 'media/base');
let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'recur-base-'));
});

afterAll(() => rm(directory, { recursive: true, force: true }));

it('the base model completes what any code says', async () => {
  const file = join(directory, 'add.ts');
  await writeFile(file, 'export function add(a: number, b: number): number {\n  ret\n}\n');
  const result = await runCli('complete', file, '--line', '2', '--column', '6', '--model', base, '--json');
  expect(result.stderr).toBe('');
  expect(result.lines.at(-1)).toMatchObject({ text: expect.stringMatching(/^urn\b/) as string });
});

it('a training that starts from the base model starts where that stands, far below letter frequencies', async () => {
  const workspace = join(directory, 'workspace');
  await cp(join(root, 'test/fixtures/workspace'), workspace, { recursive: true });
  const result = await runCli('train', workspace, '--from', base, '--steps', '1', '--json');
  expect(result.stderr).toBe('');
  const start = result.lines.find(({ type, step }) => type === 'validation' && step === 0) as { nats?: number };
  const { baselines } = result.lines.at(-1) as unknown as { baselines: { unigram: { nats: number } } };
  expect(start.nats).toBeLessThan(baselines.unigram.nats - 1);
});
