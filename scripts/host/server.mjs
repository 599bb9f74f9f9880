/** Starts and ends a VS Code server on this machine. */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, openSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { traced } from '../privacy/trace.mjs';
import { atExit } from './cleanup.mjs';

/**
 * @typedef {object} ServerOptions
 * @property {string} dataFolder where settings, logs and installed extensions lie
 * @property {boolean} [testDriver] lets a page load an extension by its folder; modal dialogs then throw
 * @property {boolean} [workspaceTrust] false: every folder is trusted
 * @property {NodeJS.ProcessEnv} [environment] added to the environment of the extension host
 * @property {string} [traces] an empty folder: server, extension host and all their children run under a tracer that writes there
 *
 * @typedef {object} RunningServer
 * @property {number} port
 * @property {(parameters: Record<string, string>) => string} address of the editor's page
 * @property {() => string} log what the server has written so far
 * @property {Promise<number | null>} ended the exit code, when the server has ended
 * @property {() => Promise<void>} stop ends the server and every process it has started
 */

/** @param {import('./install.mjs').HostServer} host @param {ServerOptions} options @param {string} token */
function serverArguments(host, options, token) {
  return [
    host.serverMain,
    ...['--host', '127.0.0.1', '--port', '0', '--connection-token', token, '--accept-server-license-terms'],
    ...['--server-data-dir', options.dataFolder, '--telemetry-level', 'off', '--reconnection-grace-time', '10'],
    ...(options.testDriver === true ? ['--enable-smoke-test-driver'] : []),
    ...(options.workspaceTrust === true ? [] : ['--disable-workspace-trust']),
  ];
}

/** @param {number} pid @param {NodeJS.Signals | 0} signal @returns {boolean} whether the group had a process left */
function signalGroup(pid, signal) {
  try {
    return process.kill(-pid, signal);
  } catch {
    return false;
  }
}

/** @param {number} pid */
async function endGroup(pid) {
  signalGroup(pid, 'SIGTERM');
  for (let tries = 0; tries < 30 && signalGroup(pid, 0); tries++) await sleep(100);
  signalGroup(pid, 'SIGKILL');
}

/** @param {() => string} log @param {() => boolean} hasEnded */
async function waitForPort(log, hasEnded) {
  for (let tries = 0; tries < 600 && !hasEnded(); tries++) {
    const port = /Web UI available at http:\/\/[^:/]+:(\d+)/.exec(log())?.[1];
    if (port !== undefined) return Number(port);
    await sleep(100);
  }
  throw new Error(`The VS Code server did not start:\n${log().split('\n').slice(-20).join('\n')}`);
}

/**
 * Starts a server on a free port of 127.0.0.1, reachable only with a token that its address carries.
 * @param {import('./install.mjs').HostServer} host
 * @param {ServerOptions} options
 * @returns {Promise<RunningServer>}
 * @throws {Error} when it does not start, with the end of its log
 */
export async function startServer(host, options) {
  const token = randomBytes(16).toString('hex');
  mkdirSync(options.dataFolder, { recursive: true });
  const logFile = path.join(options.dataFolder, 'server.log');
  const output = openSync(logFile, 'w');
  const program = [host.node, ...serverArguments(host, options, token)];
  const [command = '', ...args] = options.traces === undefined ? program : traced(program, options.traces);
  const child = spawn(command, args, {
    detached: true, // a process group of its own, so that one signal ends it with everything below it
    stdio: ['ignore', output, output],
    // Without a gallery the editor asks no host about extensions.
    env: { ...process.env, EXTENSIONS_GALLERY: '{}', ...options.environment },
  });
  const pid = child.pid;
  if (pid === undefined) throw new Error(`The VS Code server could not be started: ${host.node}`);
  const forget = atExit((mayWait) => (mayWait ? endGroup(pid) : void signalGroup(pid, 'SIGKILL')));
  /** @type {Promise<number | null>} */
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const log = () => readFileSync(logFile, 'utf8');
  const port = await waitForPort(log, () => child.exitCode !== null);
  return {
    port,
    address: (parameters) =>
      `http://127.0.0.1:${port}/?${new URLSearchParams({ tkn: token, ...parameters }).toString()}`,
    log,
    ended,
    stop: async () => {
      await endGroup(pid);
      forget();
    },
  };
}

/**
 * Installs a VSIX into the profile in `dataFolder`, as a user would.
 * @param {import('./install.mjs').HostServer} host
 * @param {string} dataFolder
 * @param {string} vsix
 */
export function installVsix(host, dataFolder, vsix) {
  return changeExtensions(host, dataFolder, ['--install-extension', vsix, '--force'], 'successfully installed');
}

/**
 * Uninstalls an extension from the profile in `dataFolder`, as a user would.
 * @param {import('./install.mjs').HostServer} host
 * @param {string} dataFolder
 * @param {string} id
 */
export function uninstallExtension(host, dataFolder, id) {
  return changeExtensions(host, dataFolder, ['--uninstall-extension', id], 'successfully uninstalled');
}

/**
 * @param {import('./install.mjs').HostServer} host
 * @param {string} dataFolder
 * @param {string[]} change
 * @param {string} success what the server says then
 */
async function changeExtensions(host, dataFolder, change, success) {
  const args = [host.serverMain, ...change, '--server-data-dir', dataFolder, '--accept-server-license-terms'];
  const child = spawn(host.node, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += String(chunk)));
  /** @type {number | null} */
  const code = await new Promise((resolve) => child.once('close', resolve));
  if (code !== 0 || !output.includes(success)) throw new Error(`${change.join(' ')} failed:\n${output.trim()}`);
}
