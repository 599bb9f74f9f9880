/** Runs a program under strace, and reads what it and its children asked of the network and of the disk. */
import { spawnSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { findProgram } from '../setup/childProcess.mjs';
import { canInstallSystemPackages } from '../setup/systemPackages.mjs';

/**
 * What one program did, from its start to its end, with all its threads.
 * @typedef {object} TracedProgram
 * @property {string[]} command
 * @property {string[]} internet calls that name an address of the internet, those to this machine itself included
 * @property {string[]} written absolute paths that it opened for writing, made, renamed or deleted, or tried to
 * @property {string[]} read absolute paths of files and folders that it opened for reading
 * @property {boolean} unseen whether it used what the tracer cannot look into
 */

/** @type {import('../setup/systemPackages.mjs').SystemPackage} */
export const tracer = {
  name: 'strace',
  purpose: 'seeing what Recur asks of the network',
  present: () => process.platform !== 'linux' || findProgram(['strace']) !== undefined,
};

const starting = ['clone', 'clone3', 'fork', 'vfork'];
const changing = [
  ...['creat', 'mkdir', 'mkdirat', 'mknod', 'mknodat', 'link', 'linkat', 'symlink', 'symlinkat'],
  ...['rename', 'renameat', 'renameat2', 'truncate', 'unlink', 'unlinkat', 'rmdir'],
];
const opening = ['open', 'openat', 'openat2'];
/** Reads, writes and connects where no tracer of system calls sees it: it is answered as by a system that has no such call. */
const blind = 'io_uring_setup';
const calls = ['execve', ...starting, '%network', ...opening, ...changing, blind];

/**
 * @returns {{reason: string, avoidable: boolean} | undefined} why nothing can be traced on this machine; `avoidable`: a
 *   package that could have been installed is missing
 */
export function tracingProblem() {
  if (process.platform !== 'linux') return { reason: 'strace is there on Linux only', avoidable: false };
  if (!tracer.present()) return { reason: 'strace is not installed', avoidable: canInstallSystemPackages() };
  const { status } = spawnSync('strace', ['-f', '--seccomp-bpf', '-o', '/dev/null', 'true']);
  return status === 0 ? undefined : { reason: 'tracing is not allowed on this system', avoidable: false };
}

/**
 * @param {readonly string[]} program with its arguments
 * @param {string} folder empty; gets one file for each thread
 * @returns {string[]} what to run instead
 */
export function traced(program, folder) {
  const seen = ['-e', `trace=${calls.join(',')}`, '-e', `inject=${blind}:error=ENOSYS`];
  const options = ['-ff', '--seccomp-bpf', '-qq', '-y', '-s', '400', ...seen];
  return ['strace', ...options, '-o', path.join(folder, 'trace'), ...program];
}

/**
 * @param {string} folder that `traced` wrote to
 * @param {string} [start] folder that the program was started in
 * @returns {TracedProgram[]} in the order of their process numbers
 */
export function readTrace(folder, start) {
  const texts = new Map(
    readdirSync(folder).map((name) => [Number(name.split('.').at(-1)), readFileSync(path.join(folder, name), 'utf8')]),
  );
  return programsOf(texts, start);
}

/**
 * @param {ReadonlyMap<number, string>} texts what strace wrote, by number of the thread
 * @param {string} [start] folder that the program was started in
 * @returns {TracedProgram[]}
 */
export function programsOf(texts, start = '/') {
  const numbers = [...texts.keys()].sort((a, b) => a - b);
  const parents = new Map(numbers.flatMap((number) => childrenIn(texts.get(number) ?? '').map((id) => [id, number])));
  /** @type {Map<number, TracedProgram>} the program that a thread ended as */
  const last = new Map();
  /** @type {TracedProgram[]} */
  const programs = [];
  /** @param {number} number @returns {TracedProgram} */
  const read = (number) => {
    const known = last.get(number);
    if (known !== undefined) return known;
    const parent = parents.get(number);
    let program = parent === undefined ? emptyProgram(['']) : read(parent);
    for (const line of (texts.get(number) ?? '').split('\n')) {
      const command = startedBy(line);
      if (command === undefined) addCall(program, line, start);
      else programs.push((program = emptyProgram(command)));
    }
    last.set(number, program);
    return program;
  };
  numbers.forEach(read);
  return programs;
}

/** @param {string[]} command @returns {TracedProgram} */
function emptyProgram(command) {
  return { command, internet: [], written: [], read: [], unseen: false };
}

/** @param {string} text */
function childrenIn(text) {
  const pattern = new RegExp(`^(?:${starting.join('|')})\\(.* = (\\d+)(?:<.*>)?$`, 'gm');
  return [...text.matchAll(pattern)].map(([, number]) => Number(number));
}

/** @param {string} line @returns {string[] | undefined} the command that took the place of the one before */
function startedBy(line) {
  if (!line.startsWith('execve(') || !line.endsWith(' = 0')) return undefined;
  const list = /\[(.*)\]/.exec(line)?.[1] ?? '';
  return stringsIn(list);
}

/** @param {TracedProgram} program @param {string} line @param {string} start */
function addCall(program, line, start) {
  const [, name = '', rest = ''] = /^(\w+)\((.*)$/.exec(line) ?? [];
  if (name === blind) program.unseen ||= !line.includes(' = -1 ');
  else if (opening.includes(name)) addOpened(program, rest, start);
  else if (changing.includes(name)) program.written.push(...pathsIn(rest, start));
  else if (/\bAF_INET6?\b/.test(rest)) program.internet.push(line);
}

/** @param {TracedProgram} program @param {string} rest after the bracket of a call @param {string} start */
function addOpened(program, rest, start) {
  const writes = /\bO_(WRONLY|RDWR|CREAT|TRUNC|APPEND)\b/.test(rest);
  (writes ? program.written : program.read).push(...pathsIn(rest, start));
}

/** @param {string} rest of a call, whose paths may be relative to a folder that stands before them @param {string} start */
function pathsIn(rest, start) {
  // What a call gives back is no argument: `= 3</dev/null>`.
  const args = rest.replace(/\)\s+= (?!.*\)\s+= ).*$/, '');
  return [...args.matchAll(/(?:<([^>"]*)>, )?"((?:[^"\\]|\\.)*)"/g)].map(([, base = start, name = '']) =>
    path.resolve(base, name),
  );
}

/** @param {string} text */
function stringsIn(text) {
  return [...text.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, content = '']) => content);
}

/**
 * @param {string} call that names an internet address
 * @returns {boolean} whether it stays on this machine
 */
export function staysHere(call) {
  if (/^(socket|getsockname|getpeername|getsockopt|setsockopt|accept4?|recv\w*)\(/.test(call)) return true;
  return /inet_addr\("(127\.[\d.]+|0\.0\.0\.0)"\)|inet_pton\(AF_INET6, "(::1|::|::ffff:127\.[\d.]+)"/.test(call);
}
