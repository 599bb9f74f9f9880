import { existsSync } from 'node:fs';
import path from 'node:path';
import { filesBelow } from '../setup/nativeStore.mjs';

/**
 * @typedef {object} Target
 * @property {string} name as the Marketplace calls it
 * @property {'linux' | 'darwin' | 'win32'} system `process.platform` there
 * @property {'x64' | 'arm64'} processor `process.arch` there
 * @property {boolean} [musl] a Linux whose C library is not glibc
 *
 * @typedef {object} NativeParts
 * @property {string[]} files relative to the project
 * @property {string[]} missing names of what has no native part here for the target
 */

/** @type {readonly Target[]} */
export const targets = [
  { name: 'linux-x64', system: 'linux', processor: 'x64' },
  { name: 'linux-arm64', system: 'linux', processor: 'arm64' },
  { name: 'darwin-x64', system: 'darwin', processor: 'x64' },
  { name: 'darwin-arm64', system: 'darwin', processor: 'arm64' },
  { name: 'win32-x64', system: 'win32', processor: 'x64' },
  { name: 'win32-arm64', system: 'win32', processor: 'arm64' },
  { name: 'alpine-x64', system: 'linux', processor: 'x64', musl: true },
];

/**
 * @returns {string} the target that this machine is, which need not be one that there are packages for
 */
export function hostTarget() {
  const report = /** @type {{header: {glibcVersionRuntime?: string}}} */ (process.report.getReport());
  const musl = process.platform === 'linux' && report.header.glibcVersionRuntime === undefined;
  return `${musl ? 'alpine' : process.platform}-${process.arch}`;
}

/**
 * @param {string} name
 * @returns {Target}
 * @throws {Error} with one sentence where there is no such target
 */
export function findTarget(name) {
  const target = targets.find((entry) => entry.name === name);
  if (target === undefined) {
    throw new Error(`There are no packages for ${name}: name one of ${targets.map((entry) => entry.name).join(', ')}.`);
  }
  return target;
}

/**
 * Lists the native libraries that this machine has for a target. onnxruntime comes from npm for most systems at once;
 * TensorFlow is there for this system alone.
 * @param {string} root folder of the project
 * @param {Target} target
 * @param {string} [host] the target that this machine is
 * @returns {NativeParts}
 */
export function nativeParts(root, target, host = hostTarget()) {
  const module = 'node_modules/@tensorflow/tfjs-node';
  const onnxruntime = target.musl
    ? []
    : below(root, `node_modules/onnxruntime-node/bin/napi-v6/${target.system}/${target.processor}`);
  const tensorflow =
    target.name === host
      ? [
          ...below(root, `${module}/lib`),
          ...below(root, `${module}/deps`).filter((file) => !file.includes('/include/')),
        ]
      : [];
  const missing = [
    ...(onnxruntime.some((file) => file.endsWith('.node')) ? [] : ['onnxruntime']),
    ...(tensorflow.some((file) => file.endsWith('.node')) ? [] : ['TensorFlow']),
  ];
  return { files: [...onnxruntime, ...tensorflow], missing };
}

/**
 * Says why a package with native libraries cannot be made.
 * @param {Target} target
 * @param {readonly string[]} missing
 * @param {string} [host]
 * @returns {string | undefined} one sentence; undefined where nothing is missing
 */
export function missingProblem(target, missing, host = hostTarget()) {
  if (missing.length === 0) return undefined;
  const names = missing.join(' and ');
  return `The native part of ${names} for ${target.name} is not to be had on this machine (${host}): --fallback makes a package that runs it on WebAssembly, which is slower.`;
}

/**
 * @param {string} root
 * @param {string} folder
 * @returns {string[]} empty where there is no such folder
 */
function below(root, folder) {
  const full = path.join(root, folder);
  return existsSync(full) ? filesBelow(full).map((file) => `${folder}/${file}`) : [];
}
