import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { writeCorpus } from './corpus.mjs';
import { exportsOf, halfWritten, hasCheckpoint, hasModel, sizeOf } from './modelFolder.mjs';

/** @typedef {import('./modelFolder.mjs').Writing} Writing */
/** @typedef {import('./modelFolder.mjs').Size} Size */
/**
 * What happened.
 * @typedef {object} Kills
 * @property {number} kills
 * @property {number} duringExports
 * @property {number} duringCheckpoints
 * @property {number} resumed trainings that went on after a kill: each folder was seen to be resumed
 * @property {number} loaded models that were loaded after a kill
 * @property {string[]} failures
 */
/**
 * What it works with; `longestMs` is what a run has taken so far.
 * @typedef {{dist: string, workspace: string, out: string, random: () => number, longestMs: number}} Soak
 */
/** @typedef {'random' | Writing} Aim */
/** @typedef {{killed: boolean, inside: Writing | undefined, trained: boolean, failure: string | undefined}} Ending */

/** A small network, few enough steps that every run comes to an export and a checkpoint within a second. */
const options = ['--steps', '26', '--threads', '2', '--hidden', '64', '--batch', '16', '--first-batch', '8', '--json'];

/** Where the next kill is aimed at, in turn. @type {Aim[]} */
const aims = ['export', 'random', 'checkpoint', 'random', 'checkpoint', 'export', 'random'];

/** A new training instead of a resumed one, now and then: old runs must go. */
const newEvery = 10;

/** Longest that a kill waits within a write that it is aimed at, in milliseconds. */
const longestAimMs = 6;

/**
 * Kills small trainings with SIGKILL, at random moments and within exports and checkpoints, each time in the folder that
 * the last kill left: its model must load, the next training must go on with it, and nothing may pile up.
 * @param {string} dist folder of the bundles
 * @param {number} count kills
 * @param {(line: string) => void} log told of each failure, and how far it is
 * @param {() => number} [random]
 * @returns {Promise<Kills>}
 */
export async function soakKills(dist, count, log, random = Math.random) {
  const folder = mkdtempSync(path.join(tmpdir(), 'recur-soak-'));
  /** @type {Soak} */
  const soak = {
    ...{ dist, random, longestMs: 2_000 },
    workspace: path.join(folder, 'workspace'),
    out: path.join(folder, 'out'),
  };
  writeCorpus(soak.workspace);
  try {
    return await killAgainAndAgain(soak, count, log);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * @param {Soak} soak
 * @param {number} count
 * @param {(line: string) => void} log
 * @returns {Promise<Kills>}
 */
async function killAgainAndAgain(soak, count, log) {
  const found = { kills: 0, duringExports: 0, duringCheckpoints: 0, resumed: 0, loaded: 0 };
  /** @type {string[]} */
  const failures = [];
  /** @type {Size[]} */
  const sizes = [];
  const fail = (/** @type {string} */ failure) => {
    failures.push(failure);
    log(`after ${found.kills} kills: ${failure}`);
  };
  let proven = true;
  for (let run = 0; found.kills < count && run < 3 * count && failures.length < 5; run++) {
    const resume = hasCheckpoint(soak.out) && run % newEvery !== 0;
    const ending = await killedRun(soak, aims[run % aims.length] ?? 'random', resume, proven);
    if (ending.failure !== undefined) fail(`${resume ? 'resuming' : 'training'} failed: ${ending.failure}`);
    if (resume && ending.trained) found.resumed++;
    proven = ending.trained;
    if (!ending.killed) continue;
    found.kills++;
    if (ending.inside === 'export') found.duringExports++;
    if (ending.inside === 'checkpoint') found.duringCheckpoints++;
    sizes.push(sizeOf(soak.out));
    if (hasModel(soak.out)) {
      const failure = await loadingFailure(soak);
      if (failure === undefined) found.loaded++;
      else fail(`the model does not load: ${failure}`);
    }
    if (found.kills % 10 === 0) log(`${found.kills} kills, ${failures.length} failures`);
  }
  if (found.kills < count) fail(`only ${found.kills} of ${count} kills`);
  if (grows(sizes)) fail(`the folder grows: ${JSON.stringify(sizes)}`);
  return { ...found, failures };
}

/**
 * Starts a training and kills it, where it does not end first.
 * @param {Soak} soak
 * @param {Aim} aim
 * @param {boolean} resume
 * @param {boolean} proven whether a training was seen to train since the last kill but one: else this one must first
 * @returns {Promise<Ending>}
 */
async function killedRun(soak, aim, resume, proven) {
  const { dist, workspace, out, random } = soak;
  const began = { beganMs: Date.now(), models: exportsOf(out) };
  const args = ['train', workspace, '--out', out, ...(resume ? ['--resume'] : []), ...options];
  // A process group of its own, so that command line and trainer die at once.
  const child = spawn(process.execPath, [path.join(dist, 'cli.js'), ...args], {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (/** @type {Buffer} */ chunk) => {
      output += chunk.toString();
    });
  }
  const isTraining = () => output.includes('"type":"progress"');
  const isOver = () => child.exitCode !== null;
  await until(() => proven || isTraining() || isOver());
  if (aim === 'random') {
    const killAtMs = Date.now() + random() * soak.longestMs;
    await until(() => Date.now() >= killAtMs || isOver());
  } else {
    await until(() => halfWritten(out, began) === aim || isOver());
    await setTimeout(random() * longestAimMs);
  }
  soak.longestMs = Math.max(soak.longestMs, Date.now() - began.beganMs);
  if (isOver()) {
    const failure = child.exitCode === 0 ? undefined : lastLine(output);
    return { killed: false, inside: undefined, trained: child.exitCode === 0, failure };
  }
  await killGroup(child.pid ?? 0);
  return { killed: true, inside: halfWritten(out, began), trained: isTraining(), failure: undefined };
}

/** @param {() => boolean} condition */
async function until(condition) {
  while (!condition()) await setTimeout(1);
}

/** @param {number} group */
async function killGroup(group) {
  process.kill(-group, 'SIGKILL');
  for (;;) {
    try {
      process.kill(-group, 0);
    } catch {
      return;
    }
    await setTimeout(5);
  }
}

/**
 * @param {Soak} soak
 * @returns {Promise<string | undefined>} undefined where onnxruntime runs the model in use
 */
async function loadingFailure({ dist, out }) {
  const args = [path.join(dist, 'cli.js'), 'generate', '--model', out, '--length', '3', '--json'];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  let output = '';
  child.stderr.on('data', (/** @type {Buffer} */ chunk) => {
    output += chunk.toString();
  });
  /** @type {number | null} */
  const code = await new Promise((resolve) => void child.once('exit', resolve));
  return code === 0 ? undefined : lastLine(output);
}

/** @param {string} output */
function lastLine(output) {
  return output.trim().split('\n').at(-1) ?? '';
}

/**
 * Whether the folder is ever larger in the second half of a time than it was in the first, which covers all that is kept.
 * @param {readonly Size[]} sizes
 */
function grows(sizes) {
  const half = Math.ceil(sizes.length / 2);
  const most = (/** @type {readonly Size[]} */ part, /** @type {'files' | 'bytes'} */ key) =>
    Math.max(0, ...part.map((size) => size[key]));
  const [before, after] = [sizes.slice(0, half), sizes.slice(half)];
  // The first half of ten kills may not have filled what is kept: three exports and runs.
  if (half < newEvery * 3) return most(after, 'files') > 60 || most(after, 'bytes') > 30e6;
  return most(after, 'files') > most(before, 'files') + 8 || most(after, 'bytes') > 1.3 * most(before, 'bytes');
}
