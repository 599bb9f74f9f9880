import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { findProgram, lastLine, runProgram } from './childProcess.mjs';
import { canInstallSystemPackages, installSystemPackages } from './systemPackages.mjs';

const onnxRequirement = 'onnx==1.23.1';

/**
 * Finds a Python that can import onnx, whose checker judges the exported graphs: the one named in the environment variable
 * RECUR_PYTHON, the one that `npm test` prepared, or one of the system.
 * @param {string} root folder of the project
 * @returns {Promise<string | undefined>}
 */
export async function findOnnxPython(root) {
  for (const python of [process.env.RECUR_PYTHON, preparedPython(root), ...systemPythons()]) {
    if (python !== undefined && (await importsOnnx(python))) {
      return python;
    }
  }
  return undefined;
}

/**
 * Makes sure that there is a Python with onnx, in a virtual environment of its own where the system has none, and writes
 * its path to .cache/python-path.
 * @param {string} root folder of the project
 * @param {(line: string) => void} log
 * @returns {Promise<string | undefined>} one sentence why there is none
 */
export async function ensureOnnxPython(root, log) {
  if (existsSync(preparedPython(root) ?? '')) {
    return undefined;
  }
  const found = (await findOnnxPython(root)) ?? (await makeOnnxPython(root, log));
  if (found === undefined) {
    return `There is no Python with onnx, so exported graphs are not checked by onnx.checker: "python3 -m pip install ${onnxRequirement}" brings it.`;
  }
  mkdirSync(path.join(root, '.cache'), { recursive: true });
  writeFileSync(noteFile(root), found);
  return undefined;
}

/** @param {string} root */
const noteFile = (root) => path.join(root, '.cache', 'python-path');

/**
 * @param {string} root
 * @returns {string | undefined}
 */
function preparedPython(root) {
  return existsSync(noteFile(root)) ? readFileSync(noteFile(root), 'utf8').trim() : undefined;
}

/** @returns {string[]} */
function systemPythons() {
  // Debian's python3-onnx belongs to Debian's Python, which need not be the first one on the PATH.
  const found = ['python3', 'python'].map((name) => findProgram([name]));
  return ['/usr/bin/python3', ...found].filter((python) => python !== undefined);
}

/** @param {string} python */
async function importsOnnx(python) {
  return (await runProgram(python, ['-c', 'import onnx.checker'], { timeoutMs: 60_000 })).code === 0;
}

/**
 * @param {string} root
 * @param {(line: string) => void} log
 * @returns {Promise<string | undefined>}
 */
async function makeOnnxPython(root, log) {
  const made = await makePython(path.join(root, '.cache', 'python'), { requirement: onnxRequirement, log });
  if (made !== undefined && (await importsOnnx(made))) return made;
  return canInstallSystemPackages() ? await installDebianOnnx(log) : undefined;
}

/**
 * Makes a virtual environment that holds a package of PyPI.
 * @param {string} environment its folder, which is made anew
 * @param {{requirement: string, packages?: readonly string[], log: (line: string) => void}} options `requirement`: as pip
 * writes it, with the version; `packages`: how pip is to be told it, where that is more
 * @returns {Promise<string | undefined>} its Python; undefined where no Python here can have it, which was logged then
 */
export async function makePython(environment, { requirement, packages = [requirement], log }) {
  const inside = process.platform === 'win32' ? ['Scripts', 'python.exe'] : ['bin', 'python'];
  const python = path.join(environment, ...inside);
  log(`installing ${requirement} …`);
  for (const base of new Set(systemPythons())) {
    rmSync(environment, { recursive: true, force: true });
    const made = await runProgram(base, ['-m', 'venv', environment]);
    const quiet = ['--quiet', '--disable-pip-version-check', '--only-binary=:all:'];
    const pip = ['-m', 'pip', 'install', ...quiet, ...packages];
    const outcome = made.code === 0 ? await runProgram(python, pip) : made;
    if (outcome.code === 0) return python;
    log(`${base}: ${lastLine(outcome.output)}`);
  }
  return undefined;
}

/** @param {(line: string) => void} log */
async function installDebianOnnx(log) {
  const checker = { name: 'python3-onnx', purpose: 'checking exported graphs', present: () => false };
  await installSystemPackages([checker], log);
  return (await importsOnnx('/usr/bin/python3')) ? '/usr/bin/python3' : undefined;
}
