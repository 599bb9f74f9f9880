import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';

/*
 * Half of those who use this run before any package is installed: a library for child processes cannot be had here.
 */

/**
 * @typedef {object} Outcome
 * @property {number} code exit status; 127 when the program could not be started, 128 when a signal ended it
 * @property {NodeJS.Signals | null} signal
 * @property {string} output standard output and standard error in the order they came; empty when they were inherited
 */

/**
 * Runs a program to its end. Never rejects: a program that cannot be started has code 127.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{cwd?: string, env?: NodeJS.ProcessEnv, timeoutMs?: number, inherit?: boolean, echo?: boolean, shell?: boolean}} [options]
 * `inherit`: let it write to our own terminal instead of collecting what it writes; `echo`: collect it and write it too
 * @returns {Promise<Outcome>}
 */
export function runProgram(command, args, options = {}) {
  const { timeoutMs, inherit = false, echo = false, ...rest } = options;
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      ...rest,
      stdio: inherit ? 'inherit' : ['ignore', 'pipe', 'pipe'],
      ...(timeoutMs === undefined ? {} : { timeout: timeoutMs, killSignal: 'SIGKILL' }),
    });
    let output = '';
    const collect = (/** @type {Buffer} */ chunk) => {
      output += chunk.toString();
      if (echo) process.stdout.write(chunk);
    };
    child.stdout?.on('data', collect);
    child.stderr?.on('data', collect);
    child.on('error', (error) => resolve({ code: 127, signal: null, output: `${output}${error.message}` }));
    child.on('close', (code, signal) => resolve({ code: code ?? 128, signal, output }));
  });
}

/**
 * @param {readonly string[]} names
 * @returns {string | undefined} where the first of these programs lies that is on the PATH
 */
export function findProgram(names) {
  const extensions = process.platform === 'win32' ? ['.exe', '.cmd', '.bat'] : [''];
  const folders = (process.env.PATH ?? '').split(path.delimiter).filter((folder) => folder !== '');
  return names
    .flatMap((name) => folders.flatMap((folder) => extensions.map((end) => path.join(folder, name + end))))
    .find((file) => existsSync(file));
}

/**
 * @param {string} output
 * @returns {string} its last line that says something, for a message of one line
 */
export function lastLine(output) {
  const lines = output.split(/\r?\n/).map((line) => line.trim());
  const last = lines.filter((line) => line !== '').at(-1) ?? 'it wrote nothing';
  return last.replace(/^(error|fatal): /i, '');
}
