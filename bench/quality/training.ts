import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import * as v from 'valibot';
import { qualitySchema } from '../../src/store/files';

const doneSchema = v.object({
  type: v.literal('done'),
  run: v.string(),
  steps: v.number(),
  validation: qualitySchema,
  baselines: v.object({ uniform: qualitySchema, unigram: qualitySchema }),
});

/** A training by the clock: seconds from the start of the command to its end. */
export interface TimedTraining extends v.InferOutput<typeof doneSchema> {
  readonly minutes: string;
  readonly seconds: number;
}

/**
 * `recur train FOLDER --minutes N`, as a user would type it.
 * @param root folder of the project, with the bundles built
 * @param extra further arguments
 */
export function trainByClock(
  root: string,
  folder: string,
  out: string,
  minutes: string,
  extra: readonly string[],
): TimedTraining {
  const command = [join(root, 'dist/cli.js'), 'train', folder, '--out', out, '--json', '--minutes', minutes, ...extra];
  const began = performance.now();
  const { status, stdout, stderr } = spawnSync(process.execPath, command, { encoding: 'utf8', maxBuffer: 2 ** 28 });
  const seconds = (performance.now() - began) / 1000;
  if (status !== 0) throw new Error(`recur train failed: ${stderr.trim()}`);
  return { ...v.parse(doneSchema, JSON.parse(stdout.trim().split('\n').at(-1)!)), minutes, seconds };
}
