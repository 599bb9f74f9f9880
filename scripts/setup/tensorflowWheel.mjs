import { createHash } from 'node:crypto';
import { createReadStream, mkdirSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { findProgram, lastLine, runProgram } from './childProcess.mjs';
import { canInstallSystemPackages, compiler, installSystemPackages } from './systemPackages.mjs';

/**
 * @typedef {object} Wheel
 * @property {string} requirement package and version as pip writes them
 * @property {string} platform pip's name of the platform
 * @property {string} sha256 of the file
 * @property {number} megabytes to download
 */

/** @type {Record<string, Wheel | undefined>} by `process.platform`-`process.arch`: where PyPI has TensorFlow's C library */
export const wheels = {
  'linux-x64': {
    requirement: 'tensorflow-cpu==2.21.0',
    platform: 'manylinux_2_27_x86_64',
    sha256: '2b847d217b02ee7731ed91431daf3250daa0196c3c94614d23be27232e6e5b6c',
    megabytes: 274,
  },
  'linux-arm64': {
    requirement: 'tensorflow==2.21.0',
    platform: 'manylinux_2_27_aarch64',
    sha256: '4b24aca16d527a3cf1c37f720c04c484c3d20f4d0fdfa98632ac8b9f3be6eb5c',
    megabytes: 269,
  },
};

const downloadTimeoutMs = 30 * 60_000;

/**
 * Fills a copy of tfjs-node with TensorFlow's C library from PyPI and the binding built from the package's own source.
 * @param {string} stage the copy; gets deps/lib and lib
 * @param {string} root folder of the project
 * @param {(line: string) => void} log
 * @returns {Promise<void>}
 * @throws {Error} with one sentence why it cannot be had that way
 */
export async function installFromWheel(stage, root, log) {
  const wheel = wheels[`${process.platform}-${process.arch}`];
  if (wheel === undefined) {
    throw new Error(`PyPI has no TensorFlow library for ${process.platform} on ${process.arch}`);
  }
  const python = await findTools(log);
  log(`downloading ${wheel.requirement} with pip (${wheel.megabytes} MB) …`);
  const file = await downloadWheel(wheel, python, path.join(stage, 'wheel'));
  await requireSha256(file, wheel.sha256);
  log("building tfjs-node's binding …");
  const script = path.join(import.meta.dirname, 'extractWheel.py');
  await demand(python, [script, file, path.join(stage, 'deps')], 'The wheel cannot be unpacked');
  rmSync(path.join(stage, 'wheel'), { recursive: true });
  await compileBinding(stage, path.join(root, 'node_modules'));
  await stripLibraries(path.join(stage, 'deps', 'lib'));
}

/**
 * @param {(line: string) => void} log
 * @returns {Promise<string>} a Python that has pip; a C++ compiler is there too
 */
async function findTools(log) {
  if (!compiler.present() && canInstallSystemPackages()) {
    await installSystemPackages([compiler], log);
  }
  if (!compiler.present()) {
    throw new Error('no C++ compiler was found (on Debian or Ubuntu: "sudo apt-get install g++")');
  }
  const python = (await findPip()) ?? (canInstallSystemPackages() ? await installPip(log) : undefined);
  if (python === undefined) {
    throw new Error('no Python with pip was found (on Debian or Ubuntu: "sudo apt-get install python3-pip")');
  }
  return python;
}

/** @param {(line: string) => void} log */
async function installPip(log) {
  await installSystemPackages(
    [{ name: 'python3-pip', purpose: "downloading TensorFlow's library", present: () => false }],
    log,
  );
  return findPip();
}

/** @returns {Promise<string | undefined>} */
async function findPip() {
  for (const name of ['python3', 'python', '/usr/bin/python3']) {
    const python = path.isAbsolute(name) ? name : findProgram([name]);
    if (python !== undefined && (await runProgram(python, ['-m', 'pip', '--version'])).code === 0) {
      return python;
    }
  }
  return undefined;
}

/**
 * The wheel is named for Python 3.11, but whatever Python runs pip can fetch it: only its C library is used.
 * @param {Wheel} wheel
 * @param {string} python
 * @param {string} folder
 * @returns {Promise<string>} the file
 */
async function downloadWheel(wheel, python, folder) {
  mkdirSync(folder, { recursive: true });
  const build = ['--platform', wheel.platform, '--python-version', '3.11', '--implementation', 'cp', '--abi', 'cp311'];
  const quiet = ['--quiet', '--disable-pip-version-check', '--retries', '2', '--no-deps', '--only-binary=:all:'];
  const args = ['-m', 'pip', 'download', ...quiet, ...build, '--dest', folder, wheel.requirement];
  const outcome = await runProgram(python, args, { timeoutMs: downloadTimeoutMs });
  const file = readdirSync(folder).find((name) => name.endsWith('.whl'));
  if (outcome.code !== 0 || file === undefined) {
    throw new Error(`pip could not download ${wheel.requirement} (${lastLine(outcome.output)})`);
  }
  return path.join(folder, file);
}

/**
 * @param {string} file
 * @param {string} expected SHA-256 in hexadecimal
 * @returns {Promise<void>}
 * @throws {Error} when the file is another one
 */
export async function requireSha256(file, expected) {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  const found = hash.digest('hex');
  if (found !== expected) {
    throw new Error(`${path.basename(file)} is not the pinned file: its SHA-256 is ${found} instead of ${expected}`);
  }
}

/**
 * Two source files and the stable Node-API: one call of the compiler, which needs neither node-gyp nor Node's own headers.
 * @param {string} stage
 * @param {string} modules node_modules of the project
 */
async function compileBinding(stage, modules) {
  const target = path.join(stage, 'lib', 'napi-v8');
  mkdirSync(target, { recursive: true });
  const sources = ['tfjs_backend.cc', 'tfjs_binding.cc'].map((name) => path.join(stage, 'binding', name));
  const includes = [path.join(modules, 'node-api-headers', 'include'), path.join(stage, 'deps', 'include')];
  await demand(
    findProgram(['c++', 'g++', 'clang++']) ?? 'c++',
    [
      ...['-shared', '-fPIC', '-O2', '-std=gnu++17', '-DNAPI_VERSION=8', '-DNODE_GYP_MODULE_NAME=tfjs_binding'],
      ...includes.map((folder) => `-I${folder}`),
      ...sources,
      ...['-o', path.join(target, 'tfjs_binding.node'), `-L${path.join(stage, 'deps', 'lib')}`],
      ...['-l:libtensorflow_cc.so.2', '-l:libtensorflow_framework.so.2', '-Wl,-rpath,$ORIGIN/../../deps/lib'],
    ],
    "tfjs-node's binding does not compile",
  );
  rmSync(path.join(stage, 'deps', 'include'), { recursive: true });
}

/**
 * Takes the static symbol tables out, a quarter of the size; where it fails the libraries stay as they are.
 * @param {string} folder
 */
async function stripLibraries(folder) {
  const strip = findProgram(['strip']);
  if (strip === undefined) {
    return;
  }
  for (const name of readdirSync(folder)) {
    await runProgram(strip, ['--strip-unneeded', path.join(folder, name)]);
  }
}

/**
 * @param {string} command
 * @param {string[]} args
 * @param {string} problem
 */
async function demand(command, args, problem) {
  const outcome = await runProgram(command, args);
  if (outcome.code !== 0) {
    throw new Error(`${problem} (${lastLine(outcome.output)})`);
  }
}
