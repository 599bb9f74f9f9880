import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { graphName, readModel } from '../../src/store/modelDirectory';
import { wordyText } from '../training/smallTraining';
import { runCli, startCli, type CliResult, type CliRun } from './runCli';

let directory: string;
let spec: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'recur-machines-'));
  await mkdir(join(directory, 'text'));
  for (const file of [1, 2, 3, 4]) await writeFile(join(directory, 'text', `${file}.txt`), wordyText(1_500, file));
  spec = join(directory, 'spec.json');
  const training = { hidden: 16, embedding: 8, batch: 2, sequence: 16, threads: 1, minimumCharacters: 1_000 };
  const job = { name: 'web', folder: 'text', store: 'store', from: 'none', budget: { steps: 50 }, training };
  const rounds = { machines: 2, round: 20, checkpoint: { steps: 6, seconds: 3600 } };
  await writeFile(spec, JSON.stringify({ ...job, ...rounds }));
});

afterAll(() => rm(directory, { recursive: true, force: true }));

const start = (machine: number, store: string): CliRun =>
  startCli(['job', 'run', spec, '--machine', String(machine), '--store', join(directory, store), '--json']);

const lastOf = (result: CliResult) => result.lines.at(-1)!;

async function pulled(store: string): Promise<Uint8Array> {
  const out = join(directory, `${store}-pulled`);
  await runCli('pull', 'web', '--store', join(directory, store), '--out', out);
  return (await readModel(out)).graphs.get(graphName)!;
}

it(
  'two machines train one model, published once, and the same to the bit where one is killed in the middle of a round',
  { timeout: 600_000 },
  async () => {
    const whole = await Promise.all([1, 2].map((machine) => start(machine, 'whole').result));
    expect(whole.map((result) => [result.code, lastOf(result).version, lastOf(result).steps])).toEqual([
      [0, 1, 50],
      [0, 1, 50],
    ]);

    const [first, killed] = [start(1, 'killed'), start(2, 'killed')];
    await killed.until('{"type":"stored","step":26}');
    killed.child.kill('SIGKILL');
    await killed.result;
    const second = await start(2, 'killed').result;
    expect(second.lines.find(({ type }) => type === 'restored')!.step).toBeGreaterThanOrEqual(26);
    expect([(await first.result).code, second.code]).toEqual([0, 0]);
    expect([lastOf(await first.result), lastOf(second)]).toMatchObject([
      { type: 'done', version: 1 },
      { type: 'done', version: 1 },
    ]);
    expect(Buffer.compare(await pulled('killed'), await pulled('whole'))).toBe(0);

    const left = await readdir(join(directory, 'killed', 'jobs'), { withFileTypes: true, recursive: true });
    const files = left.filter((entry) => entry.isFile()).map(({ parentPath }) => basename(parentPath));
    expect(files).toEqual(['result.json']);
  },
);

it('a SPEC for several machines wants to know which of them this is', async () => {
  const { code, stderr } = await runCli('job', 'run', spec, '--machine', '3');
  expect(code).toBe(2);
  expect(stderr).toContain('This SPEC is for 2 machines: say which of them this is, --machine 1 to 2.');
});
