import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { writeCorpus } from './corpus.mjs';

/** What a start is asked for: two replicas of a small LSTM, a few steps by Muon. */
const options = ['--steps', '3', '--threads', '2', '--hidden', '16', '--batch', '16', '--optimizer', 'muon'];

/**
 * Starts trainings on two threads, one after the other, each in a process of its own: what is shared between the threads
 * of a process is made anew each time.
 * @param {string} dist folder of the bundles
 * @param {number} count
 * @param {(line: string) => void} log told of each failure, and how far it is
 * @returns {Promise<{failures: string[]}>} what each start that failed said
 */
export async function soakStarts(dist, count, log) {
  const folder = mkdtempSync(path.join(tmpdir(), 'recur-soak-'));
  const workspace = path.join(folder, 'workspace');
  writeCorpus(workspace);
  /** @type {string[]} */
  const failures = [];
  try {
    for (let start = 1; start <= count; start++) {
      const failure = await failureOf(dist, workspace, path.join(folder, 'out'));
      if (failure !== undefined) {
        failures.push(failure);
        log(`start ${start} failed: ${failure}`);
      }
      if (start % 20 === 0) log(`${start} starts, ${failures.length} failures`);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return { failures };
}

/**
 * @param {string} dist
 * @param {string} workspace
 * @param {string} out
 * @returns {Promise<string | undefined>} undefined where two replicas have trained to the end
 */
async function failureOf(dist, workspace, out) {
  const child = spawn(
    process.execPath,
    [path.join(dist, 'cli.js'), 'train', workspace, '--out', out, '--verbose', ...options],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (/** @type {Buffer} */ chunk) => {
      output += chunk.toString();
    });
  }
  /** @type {number | null} */
  const code = await new Promise((resolve) => void child.once('exit', resolve));
  rmSync(out, { recursive: true, force: true });
  if (code === 0 && output.includes('Training on 2 replicas.')) return undefined;
  return `exit code ${code}: ${output.trim().split('\n').at(-1) ?? ''}`;
}
