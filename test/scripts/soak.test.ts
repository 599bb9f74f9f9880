import { join } from 'node:path';
import { expect, it } from 'vitest';
import { soakStarts } from '../../scripts/soak/starts.mjs';

it('starts ten trainings on two threads in a row without a crash', async () => {
  const { failures } = await soakStarts(join(import.meta.dirname, '../../dist'), 10, () => undefined);
  expect(failures).toEqual([]);
});
