import { cp, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger } from '../../src/core/logger';
import { documentsOfSplit } from '../../src/engine/measuring/heldOutDocuments';
import { findModel, readModel, readRunOfModel } from '../../src/store/modelDirectory';
import type { RunConfiguration } from '../../src/store/files';

/** The run that made the model in use of a folder; it must have been one on a single folder. */
export async function runOf(model: string): Promise<RunConfiguration> {
  const run = await readRunOfModel(await readModel(await findModel(model)));
  if (run?.folders.length === 1) return run;
  throw new Error('The model must have the record of a run on one folder.');
}

/** A folder that holds copies of the files of the training part alone. */
export async function copyTrainingPart({ folders, split }: RunConfiguration): Promise<string> {
  const target = await mkdtemp(join(tmpdir(), 'recur-training-part-'));
  for (const { path, part } of split) {
    if (part === 'training') await cp(join(folders[0]!.directory, path), join(target, path));
  }
  return target;
}

/** One file made of the files of the test part, or those of the validation part after them, with so many lines at most. */
export async function longFile(run: RunConfiguration, lines: number): Promise<string> {
  const test = await documentsOfSplit(run, 'test', silentLogger);
  const more = await documentsOfSplit(run, 'validation', silentLogger);
  const text = [...test, ...more].map((document) => document.text).join('\n');
  return text.split('\n').slice(0, lines).join('\n');
}
