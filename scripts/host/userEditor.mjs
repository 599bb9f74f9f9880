/** An editor to try Recur in by hand. Its profile lies in .cache: the user's own settings stay as they are. */
import { existsSync, mkdirSync, rmSync, statSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { findProgram, runProgram } from '../setup/childProcess.mjs';
import { readJson } from '../setup/jsonFile.mjs';
import { prepare, projectRoot } from '../setup/prepare.mjs';
import { quietSettings } from './quietSettings.mjs';
import { readSettings, writeSettings } from './settings.mjs';

const profiles = path.join(projectRoot, '.cache/editor');

/** @param {string | undefined} argument @returns {string} */
function chosenFolder(argument) {
  // npm runs scripts in the folder of the package; a path is meant from where the user stands.
  const folder = path.resolve(process.env.INIT_CWD ?? process.cwd(), argument ?? projectRoot);
  if (!existsSync(folder) || !statSync(folder).isDirectory()) throw new Error(`There is no folder ${folder}.`);
  return folder;
}

/** @param {string} folder @returns {Record<string, unknown>} */
function modelSettings(folder) {
  const modelDirectory = path.join(folder, '.recur');
  if (existsSync(path.join(modelDirectory, 'current.json'))) {
    console.log(`code: using the model in ${modelDirectory}`);
    return { 'recur.modelDirectory': modelDirectory };
  }
  console.log(`code: no model in ${modelDirectory}: run 'Recur: Train RNN on workspace' in the editor`);
  return {};
}

/** The command `code` of desktop VS Code; inside a remote terminal a command of that name cannot load an extension. */
function findDesktop() {
  return process.env.VSCODE_IPC_HOOK_CLI === undefined ? findProgram(['code', 'code-insiders', 'codium']) : undefined;
}

/** @param {string} program @param {string} folder */
async function openDesktop(program, folder) {
  const profile = path.join(profiles, 'desktop');
  const settingsFolder = path.join(profile, 'User');
  // Whatever was changed in this profile before stays; only the model is the folder's.
  const kept = readSettings(settingsFolder);
  delete kept['recur.modelDirectory'];
  writeSettings(settingsFolder, { ...quietSettings, ...kept, ...modelSettings(folder) });
  const args = [`--extensionDevelopmentPath=${projectRoot}`, `--user-data-dir=${profile}`, '--disable-workspace-trust'];
  const root = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  console.log(`code: opening ${folder} in ${program}`);
  const shell = process.platform === 'win32'; // there `code` is a batch file, which only a shell can start
  const quoted = [...args, ...root, folder].map((argument) => (shell ? `"${argument}"` : argument));
  const { code } = await runProgram(shell ? `"${program}"` : program, quoted, { inherit: true, shell });
  if (code !== 0) throw new Error(`${program} ended with exit status ${code}.`);
}

/** Puts this repository where the server looks for installed extensions. @param {string} profile */
function linkExtension(profile) {
  const { publisher, name, version } = /** @type {Record<string, string>} */ (
    readJson(path.join(projectRoot, 'package.json'))
  );
  const extensions = path.join(profile, 'extensions');
  rmSync(extensions, { recursive: true, force: true }); // removes the link of an earlier version, not what it points to
  mkdirSync(extensions, { recursive: true });
  symlinkSync(projectRoot, path.join(extensions, `${publisher}.${name}-${version}`), 'dir');
}

/** @param {string} folder */
async function openServer(folder) {
  const { ensureHostServer } = await import('./install.mjs');
  const { startServer } = await import('./server.mjs');
  console.log('code: there is no desktop VS Code on the PATH; starting one to use in the browser');
  const host = await ensureHostServer();
  const profile = path.join(profiles, 'server');
  linkExtension(profile);
  const userFolder = path.join(profile, 'data/User');
  writeSettings(userFolder, { ...quietSettings, ...readSettings(userFolder) });
  writeSettings(path.join(profile, 'data/Machine'), modelSettings(folder));
  const server = await startServer(host, { dataFolder: profile });
  console.log(`code: open ${server.address({ folder })} in a browser on this machine; Ctrl-C ends it`);
  await server.ended;
}

/**
 * Sets up, builds, and opens FOLDER in desktop VS Code where its command is on the PATH, otherwise in the VS Code server.
 * @param {string | undefined} argument folder, default: this repository
 * @throws {Error} with one sentence, where no editor can be had
 */
export async function openForUser(argument) {
  const folder = chosenFolder(argument);
  await prepare();
  const { buildAll } = await import('../build.mjs');
  await buildAll({ log: (line) => console.log(`build: ${line}`) });
  const desktop = findDesktop();
  if (desktop === undefined) await openServer(folder);
  else await openDesktop(desktop, folder);
}
