import { expect, it, vi } from 'vitest';
import { createTrain } from '../../src/cli/job';
import type { Output } from '../../src/cli/output';
import { silentLogger } from '../../src/core/logger';
import type { TrainRequest } from '../../src/protocol/trainer';

vi.mock('../../src/cli/processes', () => ({
  /** A trainer that is killed. */
  withTrainer: (_output: unknown, _events: unknown, use: (trainer: unknown) => Promise<unknown>) =>
    use({ remote: { train: () => new Promise(() => undefined) }, exited: Promise.resolve('signal SIGKILL') }),
}));

it('a job whose trainer is killed is tried again', async () => {
  const ignore = (): void => undefined;
  const output: Output = {
    ...{
      json: true,
      interactive: false,
      logger: silentLogger,
      result: ignore,
      lines: ignore,
      say: ignore,
      note: ignore,
    },
  };
  const request = { training: { budget: { steps: 1 } } } as TrainRequest;
  const training = createTrain(output)(request, { checkpoint: ignore }, new AbortController().signal);
  await expect(training).rejects.toMatchObject({
    ...{ name: 'UserError', isTemporary: true, message: 'The training process has ended (signal SIGKILL).' },
  });
});
