// Trains the base model with Recur's own trainer.
import { spawn } from 'node:child_process';
import path from 'node:path';
import { buildAll } from '../build.mjs';

const projectRoot = path.resolve(import.meta.dirname, '../..');

/**
 * At a constant rate, so that it may be ended whenever its time is up: with `--resume --decay-share 1 --minutes N`.
 * @type {readonly string[]}
 */
export const trainingArguments = [
  ...['--cell', 'lstm', '--hidden', '512', '--layers', '1', '--embedding', '64', '--max-vocabulary', '400'],
  ...['--batch', '128', '--first-batch', '64', '--sequence', '64', '--dropout', '0'],
  ...['--learning-rate', '0.03', '--weight-decay', '0.03'],
  ...['--validation-share', '0.004', '--test-share', '0', '--max-corpus-bytes', '1000000000'],
];

/**
 * Trains until it is stopped (Ctrl-C; the best weights are exported), or as the arguments say; `--resume` goes on.
 * @param {string} folder with `corpus/`; the run is kept in `run/`
 * @param {readonly string[]} more arguments of `recur train`, which win
 * @returns {Promise<number>} exit status
 */
export async function trainBase(folder, more) {
  await buildAll({ log: () => undefined });
  const endless = more.includes('--minutes') ? [] : ['--minutes', '10080', '--decay-share', '0'];
  const own = [
    path.join(folder, 'corpus/training'),
    '--out',
    path.join(folder, 'run'),
    ...trainingArguments,
    ...endless,
  ];
  const command = [path.join(projectRoot, 'dist/cli.js'), 'train', ...own, ...more];
  const child = spawn(process.execPath, command, { stdio: 'inherit' });
  // The trainer ends at the first interrupt, with its best model; this process waits for it.
  process.on('SIGINT', () => undefined);
  return new Promise((resolve) => child.on('exit', (code) => resolve(code ?? 1)));
}
