import { build } from 'esbuild';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { moduleBundle } from '../moduleBundle.mjs';

/** @typedef {typeof import('../../bench/load/editorLoad')} EditorLoad */

const projectRoot = path.resolve(import.meta.dirname, '../..');
/** For five minutes. */
const killsPerMinute = 10;

/**
 * Writes in fifty documents at once while a training runs, and kills engine and trainer again and again.
 * @param {string} dist folder of the bundles
 * @param {number} minutes
 * @param {(line: string) => void} log
 * @returns {Promise<number>} what was not as it should be
 */
export async function soakLoad(dist, minutes, log) {
  const folder = mkdtempSync(path.join(tmpdir(), 'recur-load-'));
  try {
    const { runLoad } = await bundledLoad();
    const kills = Math.round(minutes * killsPerMinute);
    const wanted = { seconds: minutes * 60, documents: 50, editsPerSecond: 200, kills };
    return report(await runLoad({ dist, folder, log, ...wanted }), log);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @returns {Promise<EditorLoad>} */
async function bundledLoad() {
  const outfile = path.join(projectRoot, '.cache/soak/editorLoad.mjs');
  await build({ ...moduleBundle, entryPoints: [path.join(projectRoot, 'bench/load/editorLoad.ts')], outfile });
  /** @type {unknown} */
  const bundle = await import(outfile);
  return /** @type {EditorLoad} */ (bundle);
}

/**
 * @param {import('../../bench/load/editorLoad').LoadFigures} figures
 * @param {(line: string) => void} log
 */
function report(figures, log) {
  const { edits, kills, answersMs, recoveriesMs, engineMegabytes, loopDelayMs, goneOn, lost, trainingFailures } =
    figures;
  log(`${edits} edits in 50 documents, ${kills} kills; ${goneOn} trainings were killed and went on`);
  log(`from key to answer: ${spread(answersMs)} (${answersMs.length} answers)`);
  log(`from the end of an engine to an answer of the next one: ${spread(recoveriesMs)} (${recoveriesMs.length})`);
  log(`event loop of the editor's process: late by ${loopDelayMs.toFixed(1)} ms at p99`);
  const tenths = Array.from({ length: 10 }, (_, tenth) => {
    const part = engineMegabytes.slice(
      Math.floor((tenth * engineMegabytes.length) / 10),
      Math.ceil(((tenth + 1) * engineMegabytes.length) / 10),
    );
    return Math.max(0, ...part);
  });
  log(`memory of the engine, the most of each tenth of the time: ${tenths.join(', ')} MB`);
  const failures = [...lost.map((line) => `lost: ${line}`), ...trainingFailures];
  log(`${lost.length} documents with lost updates, ${trainingFailures.length} trainings failed`);
  failures.forEach(log);
  return failures.length;
}

/** @param {readonly number[]} milliseconds */
function spread(milliseconds) {
  const sorted = milliseconds.toSorted((a, b) => a - b);
  const at = (/** @type {number} */ share) => (sorted[Math.floor(share * (sorted.length - 1))] ?? 0).toFixed(0);
  return `median ${at(0.5)} ms, p95 ${at(0.95)} ms, most ${at(1)} ms`;
}
