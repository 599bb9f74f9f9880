import { expect, it, vi } from 'vitest';
import { disagreement } from '../../src/inference/agreement';
import type * as session from '../../src/inference/session';
import { exported, model, vocabulary } from './testSession';

// Each session computes other logits than the one before, as a driver with a defect would.
vi.mock('../../src/inference/session', async (original) => {
  const real = await original<typeof session>();
  let shift = 0;
  const createSession: typeof real.createSession = async (...parameters) => {
    const made = await real.createSession(...parameters);
    const own = shift++;
    const run: typeof made.run = async (...inputs) => {
      const output = await made.run(...inputs);
      return { ...output, logits: output.logits.map((logit) => logit + own) };
    };
    return { ...made, run };
  };
  return { ...real, createSession };
});

const graph = { bytes: exported(), model, vocabulary };

it('notices a provider that computes something else than the CPU', async () => {
  expect(await disagreement(graph, 'cpu')).toBe("Its logits differ from the CPU's by up to 1.0.");
});
