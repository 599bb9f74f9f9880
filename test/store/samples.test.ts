import { appendFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { appendSample, readSamples } from '../../src/store/samples';

const sample = (step: number, text = 'b\nc') => ({ step, at: 1, prefix: 'a', text, temperature: 0.5, seed: 1 });

describe('samples of a run', () => {
  let directory: string;
  let path: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'recur-samples-'));
    path = join(directory, 'samples.jsonl');
  });
  afterEach(() => rm(directory, { recursive: true }));

  it('are none where there is no file', async () => {
    expect(await readSamples(path)).toEqual([]);
  });

  it('come back by step, the later of two, whatever line is torn', async () => {
    await appendSample(path, sample(20));
    await appendFile(path, '\n{"step":');
    await appendSample(path, sample(10));
    await appendSample(path, sample(20, 'later'));
    expect(await readSamples(path)).toEqual([sample(10), sample(20, 'later')]);
  });

  it('are thinned at even distances, the first and the last among them', async () => {
    for (let step = 1; step <= 25; step++) await appendSample(path, sample(step));
    const steps = (await readSamples(path, 10)).map(({ step }) => step);
    expect(steps).toEqual([1, 4, 7, 10, 13, 16, 19, 22, 25]);
  });
});
