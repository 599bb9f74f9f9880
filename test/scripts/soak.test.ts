import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { runLoad } from '../../bench/load/editorLoad';
import { soakKills } from '../../scripts/soak/kills.mjs';
import { soakStarts } from '../../scripts/soak/starts.mjs';
import { createRandom } from '../../src/core/random';

const dist = join(import.meta.dirname, '../../dist');
const silent = (): void => undefined;

it('starts ten trainings on two threads in a row without a crash', async () => {
  const { failures } = await soakStarts(dist, 10, silent);
  expect(failures).toEqual([]);
}, 600_000);

it.skipIf(process.platform === 'win32')(
  'loses nothing when it is killed ten times',
  async () => {
    const random = createRandom(1);
    const { kills, failures } = await soakKills(dist, 10, silent, () => random.uniform());
    expect(failures).toEqual([]);
    expect(kills).toBe(10);
  },
  300_000,
);

it.skipIf(process.platform === 'win32')(
  'loses nothing of what is typed in many documents while a training runs and its processes are killed',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'recur-load-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
    const figures = await runLoad({
      ...{ dist, folder, seconds: 6, documents: 12, editsPerSecond: 200, kills: 2, log: silent },
    });
    expect(figures).toMatchObject({ edits: 1_200, lost: [], trainingFailures: [] });
    expect(figures.recoveriesMs).toHaveLength(1);
  },
  600_000,
);
