import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { temporaryFolder } from '../../../scripts/host/cleanup.mjs';
import { runCommand } from '../../../scripts/host/editorPage.mjs';
import { copyWorkspace } from '../../../scripts/host/workspace.mjs';
import { openEditor, type Editor } from '../../../scripts/hostServer.mjs';
import { readTrace, tracingProblem } from '../../../scripts/privacy/trace.mjs';
import { nameOf } from '../../privacy/tracedPrograms';
import { skip } from '../pageDriver';
import { processesOf } from '../processes';
import { openAt, quickSettings, showFailure, statusBarText, vsix, waitForRecur } from '../recurWindow';
import { until } from '../waiting';

describe('a workspace that is not trusted', function () {
  this.timeout(300_000);
  let editor: Editor;
  let close: (() => Promise<void>) | undefined;
  let workspaceFolder: string;
  let traces: string;

  before(async () => {
    workspaceFolder = await copyWorkspace();
    traces = (await temporaryFolder('traces')).folder;
    editor = await openEditor({
      ...{ workspaceFolder, vsix: vsix(), settings: quickSettings, workspaceTrust: true },
      ...(tracingProblem() === undefined ? { traces } : {}),
    });
    close = editor.stop;
  });
  afterEach(async function () {
    await showFailure(this.currentTest, editor);
  });
  after(() => close?.());

  /** Titles of the commands that the palette offers. */
  async function commandsOffered(): Promise<string[]> {
    const { page } = editor;
    await page.keyboard.press('F1');
    await page.locator('.quick-input-widget input').fill('>Recur: ');
    await page.locator('.quick-input-list .monaco-list-row').first().waitFor();
    const titles = await page.locator('.quick-input-list .monaco-list-row').allTextContents();
    await page.keyboard.press('Escape');
    return titles.filter((title) => title.includes('Recur:'));
  }

  /** Whether the activity bar offers Recur's views. */
  async function areViewsOffered(): Promise<boolean> {
    return (await editor.page.locator('.activitybar .action-label[aria-label="Recur"]').count()) > 0;
  }

  async function ownProcesses(): Promise<string[]> {
    const all = [...(await processesOf('engine')), ...(await processesOf('trainer'))];
    return all.map(({ command }) => command).filter((command) => command.includes(editor.dataFolder));
  }

  /** Files of code in the workspace that were opened so far, by whom: the editor opens none that nobody looks at. */
  function filesRead(): { program: string; file: string }[] {
    const code = path.join(workspaceFolder, 'src/');
    return readTrace(traces).flatMap((program) =>
      program.read
        .filter((file) => file.startsWith(code) && file.endsWith('.ts'))
        .map((file) => ({ program: nameOf(program), file })),
    );
  }

  it('runs nothing of Recur, and none of its files is read', async function () {
    const { page } = editor;
    await page.getByText('Restricted Mode').first().waitFor({ timeout: 60_000 });
    // The editor's own extensions are running: Recur would, too.
    await until('commands can be searched', async () => (await commandsOffered()).length === 0);
    assert.equal(await statusBarText(page), '');
    assert.ok(!(await areViewsOffered()), 'its views are not there');
    assert.deepEqual(await ownProcesses(), []);
    const problem = tracingProblem();
    if (problem !== undefined) skip(this, `${problem.reason}: what is read is not seen`);
    assert.deepEqual(filesRead(), []);
  });

  it('is used once it is trusted', async () => {
    const { page } = editor;
    await runCommand(page, 'Workspaces: Manage Workspace Trust');
    await page.locator('.workspace-trust-editor .monaco-button', { hasText: 'Trust' }).first().click();
    await waitForRecur(page);
    await until('its views are there', areViewsOffered);
    const [looked = '', ...others] = readdirSync(path.join(workspaceFolder, 'src/core'));
    await openAt(page, `src/core/${looked}`, 0, 0);
    await until('the engine runs', async () => (await ownProcesses()).length > 0);
    assert.ok((await commandsOffered()).length > 0, 'its commands are there');
    if (tracingProblem() !== undefined) return;
    const memory = others.map((name) => path.join(workspaceFolder, 'src/core', name));
    await until('its memory reads the files', () =>
      filesRead().some(({ program, file }) => program === 'dist/engine.js' && memory.includes(file)),
    );
  });
});
