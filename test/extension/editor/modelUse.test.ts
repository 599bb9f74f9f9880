import { rm } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { useRun } from '../../../src/extension/editor/modelUse';
import { readCurrent } from '../../../src/store/modelDirectory';
import { publish, recordRun, temporaryFolder } from '../../engine/modelFolder';

/** The one that they all are of. */
const run = 'run-1';
let directory: string;
const users = { engines: { reload: vi.fn(() => Promise.resolve()) }, changed: vi.fn() };

beforeEach(async () => {
  vi.clearAllMocks();
  directory = await temporaryFolder('chosen');
  await recordRun(directory, { name: 'workspace', directory }, []);
});
afterEach(() => rm(directory, { recursive: true }));

describe('a run of which a model is left', () => {
  it('is used, and whoever shows runs is told when the engine has it', async () => {
    await publish(directory, 'a');
    await useRun(users, directory, run);
    expect(await readCurrent(directory)).toBe('a');
    expect(users.engines.reload.mock.invocationCallOrder).toHaveLength(1);
    expect(users.changed.mock.invocationCallOrder[0]).toBeGreaterThan(
      users.engines.reload.mock.invocationCallOrder[0]!,
    );
  });
});

it.each([
  ['no model is left', () => directory, run, 'No model of this training is left.'],
  ['the run is gone', () => directory, 'run-2', 'This training is gone.'],
  ['no folder is open', () => undefined, run, 'This training is gone.'],
])('where %s that is said, and nothing is loaded', async (_, where, id, sentence) => {
  await expect(useRun(users, where(), id)).rejects.toThrow(sentence);
  expect(users.engines.reload).not.toHaveBeenCalled();
  expect(users.changed).not.toHaveBeenCalled();
});
