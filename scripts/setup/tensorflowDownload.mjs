import path from 'node:path';
import { lastLine, runProgram } from './childProcess.mjs';
import { readJson } from './jsonFile.mjs';

const downloadHost = 'https://storage.googleapis.com/';
const probeTimeoutMs = 10_000;
const downloadTimeoutMs = 15 * 60_000;

/**
 * Fills a copy of tfjs-node by the install script it brings itself, which downloads TensorFlow's library and a binding.
 * @param {string} stage the copy; gets deps/lib and lib
 * @param {string} root folder of the project
 * @param {(line: string) => void} log
 * @returns {Promise<void>}
 * @throws {Error} with one sentence why it cannot be had that way
 */
export async function installByOwnDownload(stage, root, log) {
  await requireHost(process.env);
  log("downloading TensorFlow's library (tfjs-node's own install script) …");
  const outcome = await runProgram(process.execPath, [path.join('scripts', 'install.js')], {
    cwd: stage,
    env: installEnvironment(process.env, path.join(root, 'node_modules', '.bin')),
    timeoutMs: downloadTimeoutMs,
  });
  if (outcome.code !== 0) {
    throw new Error(`tfjs-node's own download failed (${lastLine(outcome.output)})`);
  }
}

/**
 * The script waits for ever where a firewall swallows its packets, so its host is asked first. Behind a proxy, or with a
 * mirror of one's own, only the script itself knows how to get there.
 * @param {NodeJS.ProcessEnv} env
 */
async function requireHost(env) {
  const names = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy'];
  const mirrors = ['TFJS_NODE_CDN_STORAGE', 'CDN_STORAGE', 'TFJS_NODE_BASE_URI'];
  if ([...names, ...mirrors].some((name) => (env[name] ?? '') !== '')) {
    return;
  }
  try {
    await fetch(downloadHost, { method: 'HEAD', signal: AbortSignal.timeout(probeTimeoutMs) });
  } catch {
    throw new Error(`${new URL(downloadHost).host} cannot be reached`);
  }
}

/**
 * npm hands `ignore-scripts` of .npmrc down to what it starts; here a script has to run.
 * @param {NodeJS.ProcessEnv} env
 * @param {string} binFolder with node-pre-gyp, which the script calls by name
 * @returns {NodeJS.ProcessEnv}
 */
function installEnvironment(env, binFolder) {
  const pathName = Object.keys(env).find((name) => name.toUpperCase() === 'PATH') ?? 'PATH';
  const kept = Object.entries(env).filter(([name]) => name.toLowerCase() !== 'npm_config_ignore_scripts');
  return { ...Object.fromEntries(kept), [pathName]: [binFolder, env[pathName] ?? ''].join(path.delimiter) };
}

/**
 * @param {string} folder of the package
 * @returns {string} version of the package
 */
export function packageVersion(folder) {
  const manifest = /** @type {{version: string}} */ (readJson(path.join(folder, 'package.json')));
  return manifest.version;
}
