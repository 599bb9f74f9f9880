import { beforeEach, expect, it, vi } from 'vitest';
import { tryProvider } from '../../src/inference/providerTrial';
import type * as profile from '../../src/inference/profile';
import type * as session from '../../src/inference/session';
import { exported, model, vocabulary } from './testSession';

/** What the driver makes of the logits. */
const driver = vi.hoisted(() => ({ gives: (logit: number): number => logit }));

// The CPU computes in place of WebGPU, and a driver with a defect changes what it gives.
vi.mock('../../src/inference/session', async (original) => {
  const real = await original<typeof session>();
  const createSession: typeof real.createSession = async (graph, model, vocabulary, options) => {
    if (options.provider !== 'webgpu') return real.createSession(graph, model, vocabulary, options);
    const made = await real.createSession(graph, model, vocabulary, { ...options, provider: 'cpu' });
    const run: typeof made.run = async (...inputs) => {
      const output = await made.run(...inputs);
      return { ...output, logits: output.logits.map(driver.gives) };
    };
    return { ...made, provider: options.provider, run };
  };
  return { ...real, createSession };
});
vi.mock('../../src/inference/profile', async (original) => ({
  ...(await original<typeof profile>()),
  layersElsewhere: () => Promise.resolve(undefined),
}));

const graph = { bytes: exported(), model, vocabulary };

beforeEach(() => {
  driver.gives = (logit) => logit;
});

it('works where it computes what the CPU does', async () => {
  expect(await tryProvider(graph, 'webgpu')).toMatchObject({ provider: 'webgpu', works: true });
});

it.each([
  ['other numbers', (logit: number) => logit + 1, "Its logits differ from the CPU's by up to 1.0."],
  ['slightly other numbers', (logit: number) => 1.02 * logit, /^Its logits differ from the CPU's by up to [\d.]+\.$/],
  ['no numbers', () => NaN, /^Its logits differ from the CPU's by up to NaN\.$/],
  ['an infinite number', () => Infinity, /^Its logits differ from the CPU's by up to Infinity\.$/],
  [
    'an error',
    (): number => {
      throw new Error('The device is lost.\nAt place 3.');
    },
    'The device is lost.',
  ],
])('does not work where the driver gives %s', async (_, gives, detail) => {
  driver.gives = gives;
  expect(await tryProvider(graph, 'webgpu')).toEqual({
    ...{ provider: 'webgpu', works: false, times: null },
    detail: typeof detail === 'string' ? detail : (expect.stringMatching(detail) as string),
  });
});
