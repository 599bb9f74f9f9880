import { join } from 'node:path';
import { expect, it } from 'vitest';
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
