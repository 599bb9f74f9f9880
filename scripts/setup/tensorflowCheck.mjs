import { readFileSync } from 'node:fs';
import { lastLine, runProgram } from './childProcess.mjs';

const marker = 'recur-tensorflow ';

// Node 23 removed util.isNullOrUndefined, which tfjs-node 4.22.0 calls.
const program = `
  const util = require('node:util');
  util.isNullOrUndefined ??= (value) => value === null || value === undefined;
  const tf = require(process.argv[1]);
  const sum = tf.matMul(tf.ones([2, 3]), tf.ones([3, 2])).sum().dataSync()[0];
  if (sum !== 12) throw new Error('TensorFlow computed ' + sum + ' where 12 is right');
  console.log(${JSON.stringify(marker)} + tf.backend().binding.TF_Version);
`;

/**
 * Loads tfjs-node in a process of its own, since a library that does not fit the machine ends the process that loads it.
 * @param {string} folder of the package
 * @returns {Promise<string>} the version of TensorFlow
 * @throws {Error} with one sentence why it does not run
 */
export async function checkTensorflow(folder) {
  const env = { ...process.env, TF_CPP_MIN_LOG_LEVEL: '3' };
  const outcome = await runProgram(process.execPath, ['-e', program, folder], { env, timeoutMs: 120_000 });
  const version = outcome.output.split('\n').find((line) => line.startsWith(marker));
  if (outcome.code === 0 && version !== undefined) {
    return version.slice(marker.length).trim();
  }
  if (outcome.signal === 'SIGILL') {
    throw new Error("TensorFlow's library uses instructions that this processor does not have");
  }
  const problem = /^\w*Error: (.*)$/m.exec(outcome.output)?.[1] ?? outcome.signal ?? lastLine(outcome.output);
  throw new Error(`TensorFlow's library does not load (${problem})`);
}

/**
 * TensorFlow's libraries for x64 are built with AVX and end the process on a processor without it.
 * @param {string} [cpuInfoFile] where Linux describes the processor
 * @returns {boolean} true where AVX is certainly missing; false where it is there or nothing is known
 */
export function lacksAvx(cpuInfoFile = '/proc/cpuinfo') {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    return false;
  }
  try {
    const flags = /^flags\s*:(.*)$/m.exec(readFileSync(cpuInfoFile, 'utf8'))?.[1];
    return flags !== undefined && !flags.split(' ').includes('avx');
  } catch {
    return false;
  }
}
