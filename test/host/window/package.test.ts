import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { temporaryFolder } from '../../../scripts/host/cleanup.mjs';
import { runCommand, waitForWorkbench } from '../../../scripts/host/editorPage.mjs';
import { copyWorkspace } from '../../../scripts/host/workspace.mjs';
import { openEditor, uninstall, type Editor } from '../../../scripts/hostServer.mjs';
import { readTrace, staysHere, tracingProblem, type TracedProgram } from '../../../scripts/privacy/trace.mjs';
import { lies, nameOf, system } from '../../privacy/tracedPrograms';
import { findConfidentPlace, type Place } from '../confidentPlace';
import { currentModel, storageFolder, storedNames } from '../modelFiles';
import { skip } from '../pageDriver';
import {
  figures,
  ghostText,
  openAt,
  panel,
  quickSettings,
  showFailure,
  statusBarItem,
  trainBy,
  vsix,
  waitForModel,
  waitForRecur,
} from '../recurWindow';
import { until } from '../waiting';

const mostRounds = 8;
/** For what an idle machine does in a second. */
const patienceMs = 120_000;

describe('the package, installed into a clean profile', function () {
  this.timeout(600_000);
  this.bail(true); // each test goes on where the one before has ended
  let workspaceFolder: string;
  let folders: Readonly<Record<'data' | 'home' | 'temporary' | 'traces', string>>;
  let editor: Editor;
  let close: (() => Promise<void>) | undefined;
  let place: Place;

  const modelDirectory = () => until('there is a model directory', () => storageFolder(editor.dataFolder));

  /** A file or folder of the extension as it was installed. */
  function installed(name: string): string {
    const extensions = path.join(editor.dataFolder, 'extensions');
    const folder = readdirSync(extensions).find((each) => each.startsWith('recur.recur-'));
    return path.join(extensions, folder ?? '', name);
  }

  async function model() {
    return { engineEntry: installed('dist/engine.js'), modelDirectory: await modelDirectory() };
  }

  /** By the editor's own reload: it saves which tabs are open, which a browser's may cut short. */
  async function reload(): Promise<void> {
    const loaded = editor.page.waitForEvent('load', { timeout: patienceMs });
    await Promise.all([loaded, runCommand(editor.page, 'Developer: Reload Window')]);
    await waitForWorkbench(editor.page);
  }

  /**
   * Types the last character before the cursor once more until there is the ghost text of the place: an editor that has
   * just been opened listens for it only when it is idle for the first time.
   */
  async function retype(isWanted = (text: string) => text === place.completion): Promise<void> {
    const { page } = editor;
    for (let tries = 0; tries < 60; tries++) {
      await page.keyboard.press('Backspace');
      await page.keyboard.type(' ');
      const appears = until('there is ghost text', async () => isWanted(await ghostText(page)), 5_000);
      if (await appears.catch(() => false)) return;
    }
    throw new Error(`'${place.completion}' was not offered`);
  }

  before(async () => {
    workspaceFolder = await copyWorkspace();
    folders = await emptyFolders();
    editor = await openEditor({
      ...{ workspaceFolder, vsix: vsix(), settings: quickSettings, dataFolder: folders.data },
      environment: { HOME: folders.home, TMPDIR: folders.temporary },
      ...(tracingProblem() === undefined ? { traces: folders.traces } : {}),
    });
    close = editor.stop;
    await waitForRecur(editor.page);
    editor.page.on('dialog', (dialog) => void dialog.accept());
  });
  afterEach(async function () {
    if (!editor.page.isClosed()) await showFailure(this.currentTest, editor);
  });
  after(() => close?.());

  it('has no network here', function () {
    const problem = process.env.RECUR_WINDOW_NETWORK;
    if (problem !== undefined) skip(this, `${problem}; a dead proxy stands in its place`);
    assert.deepEqual(
      Object.keys(networkInterfaces()).filter((name) => name !== 'lo'),
      [],
    );
  });

  it('trains', async () => {
    await trainBy(editor.page, 'Recur: Train RNN on workspace');
    assert.ok(currentModel(await modelDirectory()), 'the model lies in the storage of the workspace');
    assert.ok(!readdirSync(workspaceFolder).includes('.recur'), 'nothing appears in the folder of the user');
  });

  it('shows ghost text', async () => {
    const { page } = editor;
    for (let round = 1; ; round++) {
      const found = await findConfidentPlace(await model(), workspaceFolder);
      if (found !== undefined) place = found;
      if (found !== undefined || round === mostRounds) break;
      await trainBy(page, 'Recur: Continue training');
    }
    assert.ok(place, 'the model is sure of something');
    await openAt(page, path.relative(workspaceFolder, place.file), place.line, place.character);
    await page.keyboard.press('Shift+End');
    await page.keyboard.press('Delete');
    await retype();
    await editor.screenshot('package-ghost-text');
  });

  it('has panel and model again after the window was reloaded, without training', async () => {
    const { page } = editor;
    const perplexity = await waitForModel(page);
    await runCommand(page, 'Recur: Show perplexity panel');
    await until('the panel has its numbers', async () => (await figures(page)).every((text) => /\d/.test(text)));
    const shown = await figures(page);
    const models = storedNames(await modelDirectory(), 'models');
    await reload();
    await until('the numbers are the same', async () => isDeepStrictEqual(await figures(page), shown));
    assert.ok((await (await panel(page)).locator('tr[data-step]').count()) >= 2, 'the curve has its points');
    await page.keyboard.press('Control+1'); // the engine starts with the first text that is looked at
    assert.equal(await waitForModel(page), perplexity);
    await page.keyboard.press('End');
    await retype();
    assert.deepEqual(storedNames(await modelDirectory(), 'models'), models);
    await editor.screenshot('package-after-reload');
  });

  it('completes by WebAssembly where its native module is gone, and the status bar says so in one line', async () => {
    const { page } = editor;
    const native = installed('dist/node_modules/onnxruntime-node/bin');
    renameSync(native, `${native}-hidden`);
    try {
      await reload();
      await page.locator('.editor-instance .view-lines .view-line').first().waitFor({ timeout: patienceMs });
      await page.keyboard.press('Control+1');
      await waitForModel(page);
      await page.keyboard.press('End');
      await retype((text) => text !== '');
      // What is shown is drawn anew when the status changes.
      const said = await until('the status bar tells of WebAssembly', async () => {
        await page.locator(statusBarItem).hover();
        const texts = await page.locator('.monaco-hover').allTextContents();
        return texts.find((text) => text.includes('WebAssembly'));
      });
      assert.match(
        said,
        /on wasm\. onnxruntime's native library is not in use \(native: .*\): completions run on WebAssembly, slower\./,
      );
      await editor.screenshot('package-without-native-module');
    } finally {
      renameSync(`${native}-hidden`, native);
    }
  });

  it('says that no folder is open, in a window without one', async () => {
    const { page } = editor;
    const address = new URL(page.url());
    address.searchParams.delete('folder');
    address.searchParams.set('ew', 'true');
    await page.goto(address.href);
    await waitForWorkbench(page);
    await waitForRecur(page);
    await runCommand(page, 'Recur: Train RNN on workspace');
    const notice = page.locator('.notification-list-item-message', { hasText: 'No folder is open' });
    await notice.first().waitFor({ timeout: 60_000 });
    assert.equal(await page.locator('.notification-list-item-message').count(), 1);
  });

  it('has asked no address, and wrote and read what documentation says', async function () {
    const problem = tracingProblem();
    if (problem !== undefined) skip(this, problem.reason);
    const storage = [storageFolder(folders.data)!, path.join(folders.data, 'data/User/globalStorage/recur.recur')];
    await close?.();
    const programs = readTrace(folders.traces);
    const reachOut = programs.flatMap(({ internet }) => internet.filter((call) => !staysHere(call)));
    assert.deepEqual(reachOut, [], 'the editor and all that it starts');
    const own = programs.filter((program) => ownBundles.includes(nameOf(program)));
    assert.deepEqual([...new Set(own.map(nameOf))].filter((name) => name !== 'dist/prober.js').sort(), [
      'dist/engine.js',
      'dist/trainer.js',
    ]);
    for (const program of own) checkPaths(program, storage);
  });

  function checkPaths(program: TracedProgram, storage: readonly string[]): void {
    const name = nameOf(program);
    assert.deepEqual(program.internet, [], `${name} asks for no address`);
    assert.equal(program.unseen, false, `${name} does nothing unseen`);
    const profiles = path.join(folders.temporary, 'recur-profile-');
    const writes = ['/dev/null', '/proc/self/task/', profiles, ...storage];
    assert.deepEqual(
      program.written.filter((file) => !lies(file, writes)),
      [],
      `${name} writes`,
    );
    const extensions = path.join(folders.data, 'extensions');
    const gitSettings = ['.gitconfig', '.config/git'].map((file) => path.join(folders.home, file));
    const reads = [
      ...system,
      path.resolve('.cache/host-server'),
      extensions,
      workspaceFolder,
      ...gitSettings,
      ...writes,
    ];
    assert.deepEqual(
      program.read.filter((file) => !lies(file, reads)),
      [],
      `${name} reads`,
    );
  }

  it('leaves nothing but its storage when it is uninstalled', async () => {
    await close?.();
    await uninstall(folders.data, 'recur.recur');
    // The editor's own: its number for this machine, sockets, since it was ended by a signal, and a cache of its TypeScript.
    const ofEditor = [
      '.cache',
      '.cache/Microsoft',
      '.cache/Microsoft/DeveloperTools',
      '.cache/Microsoft/DeveloperTools/deviceid',
    ];
    assert.deepEqual(
      readdirSync(folders.home, { recursive: true, encoding: 'utf8' }).filter((file) => !ofEditor.includes(file)),
      [],
    );
    // A trial of an execution provider that ends with the editor, by a signal, cannot remove the profile that it was writing.
    assert.deepEqual(
      readdirSync(folders.temporary).filter((name) => !/^(vscode-|recur-profile-|node-compile-cache$)/.test(name)),
      [],
    );
    const named = readdirSync(folders.data, { recursive: true, encoding: 'utf8' }).filter((file) =>
      /recur/i.test(file),
    );
    const storages = /^data\/User\/(workspaceStorage\/[^/]+|globalStorage)\/recur\.recur(\/|$)/;
    // The editor's log of its output channel, and the package, which is out of its list.
    const ofEditorToo = /^(data\/logs\/.*|extensions\/recur\.recur-.*)$/;
    assert.deepEqual(
      named.filter((file) => !storages.test(file) && !ofEditorToo.test(file)),
      [],
    );
    assert.equal(readFileSync(path.join(folders.data, 'extensions/extensions.json'), 'utf8').includes('recur'), false);
  });
});

const ownBundles = ['dist/trainer.js', 'dist/engine.js', 'dist/prober.js', 'dist/reader.js'];

/** Data, home and temporary folder of the editor, and where its trace goes. */
async function emptyFolders() {
  const { folder } = await temporaryFolder('package');
  const [data, home, temporary, traces] = ['data', 'home', 'temporary', 'traces'].map((name) => {
    const made = path.join(folder, name);
    mkdirSync(made);
    return made;
  }) as [string, string, string, string];
  return { data, home, temporary, traces };
}
