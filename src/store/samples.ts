import { appendFile, readFile } from 'node:fs/promises';
import * as v from 'valibot';
import { isMissing } from '../core/errors';
import { sampleSchema, type Sample } from './files';

const lineSchema = v.pipe(v.string(), v.parseJson(), sampleSchema);

/** Adds what a model wrote to those of its run; a torn line before it is ended. */
export async function appendSample(path: string, sample: Sample): Promise<void> {
  await appendFile(path, `\n${JSON.stringify(sample)}`);
}

/**
 * What the models of a run wrote, by ascending step; of two at one step the later. Torn lines are left out, and none are
 * where the file does not exist.
 * @param most of them at even distances, where there are more
 */
export async function readSamples(path: string, most = 500): Promise<Sample[]> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
  const byStep = new Map<number, Sample>();
  for (const line of text.split('\n')) {
    const parsed = v.safeParse(lineSchema, line);
    if (parsed.success) byStep.set(parsed.output.step, parsed.output);
  }
  const samples = [...byStep.values()].sort((a, b) => a.step - b.step);
  const stride = Math.max(1, Math.ceil(samples.length / most));
  return samples.filter((_, index) => index % stride === 0 || index === samples.length - 1);
}
