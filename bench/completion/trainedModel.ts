import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { packageFolder } from '../packageFolder';

export function trainingArguments(minutes: string, out: string): string[] {
  const options = ['--hidden', '512', '--minutes', minutes, '--out', out];
  return [resolve('dist/cli.js'), 'train', packageFolder('eslint/lib'), ...options];
}

/** The folder of a model with an LSTM of 1x512, trained for so long when there is none yet. */
export function trainedModel(minutes: string): string {
  const out = resolve('.cache/bench/completionModel');
  if (existsSync(join(out, 'current.json'))) return out;
  const { status } = spawnSync(process.execPath, trainingArguments(minutes, out), { stdio: 'inherit' });
  if (status !== 0) throw new Error('The model could not be trained.');
  return out;
}
