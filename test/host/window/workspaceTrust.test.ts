import assert from 'node:assert/strict';
import { runCommand } from '../../../scripts/host/editorPage.mjs';
import { copyWorkspace } from '../../../scripts/host/workspace.mjs';
import { openEditor, type Editor } from '../../../scripts/hostServer.mjs';
import { processesOf } from '../processes';
import { quickSettings, showFailure, statusBarText, vsix, waitForRecur } from '../recurWindow';
import { until } from '../waiting';

describe('a workspace that is not trusted', function () {
  this.timeout(300_000);
  let editor: Editor;
  let close: (() => Promise<void>) | undefined;

  before(async () => {
    const workspaceFolder = await copyWorkspace();
    editor = await openEditor({ workspaceFolder, vsix: vsix(), settings: quickSettings, workspaceTrust: true });
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

  async function ownProcesses(): Promise<string[]> {
    const all = [...(await processesOf('engine')), ...(await processesOf('trainer'))];
    return all.map(({ command }) => command).filter((command) => command.includes(editor.dataFolder));
  }

  it('runs nothing of Recur, until it is trusted', async () => {
    const { page } = editor;
    await page.getByText('Restricted Mode').first().waitFor({ timeout: 60_000 });
    // The editor's own extensions are running: Recur would, too.
    await until('commands can be searched', async () => (await commandsOffered()).length === 0);
    assert.equal(await statusBarText(page), '');
    assert.deepEqual(await ownProcesses(), []);
    await runCommand(page, 'Workspaces: Manage Workspace Trust');
    await page.locator('.workspace-trust-editor .monaco-button', { hasText: 'Trust' }).first().click();
    await waitForRecur(page);
    assert.ok((await commandsOffered()).length > 0, 'its commands are there');
  });
});
