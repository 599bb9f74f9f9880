import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { ghostText } from '../ghostText';
import { needsPage, type PageDriver } from '../pageDriver';
import { processesOf } from '../processes';
import { clearWindow, setSettings, status, waitForNotices } from '../recur';
import { until } from '../waiting';

const members = ['alphaValue', 'alphaLimit'];
const above = `const settings = { ${members.map((name) => `${name}: 1`).join(', ')} };\n`;

/** The labels that the editor's list of suggestions shows; none where it is closed. */
async function listed(page: PageDriver): Promise<string[]> {
  return page.texts({ selector: '.suggest-widget.visible .monaco-list-row .label-name' });
}

const untilClosed = (page: PageDriver): Promise<unknown> =>
  until('the list is closed', async () => (await listed(page)).length === 0);

describe('the list of suggestions', function () {
  this.timeout(300_000);
  let page: PageDriver;
  let document: vscode.TextDocument;

  before(function () {
    page = needsPage(this);
  });

  beforeEach(async () => {
    await clearWindow();
    document = await vscode.workspace.openTextDocument({ content: `${above}settings`, language: 'typescript' });
    const editor = await vscode.window.showTextDocument(document, { preview: false });
    const end = document.lineAt(document.lineCount - 1).range.end;
    editor.selection = new vscode.Selection(end, end);
    await until('something answers', async () => (await status()).engine.answers !== null);
  });
  afterEach(clearWindow);

  /** Types a dot, and then a letter, with TypeScript's language server behind the list. */
  async function opens(): Promise<void> {
    await vscode.commands.executeCommand('workbench.action.focusActiveEditorGroup');
    const hasMembers = async (): Promise<boolean> => {
      const labels = await listed(page);
      return members.every((name) => labels.includes(name));
    };
    // The server may just be starting: it is asked again.
    await until('the list has the members behind a dot', async () => {
      await page.type({ text: '.' });
      const isThere = await until('it is there', hasMembers, 5_000).catch(() => false);
      if (!isThere) await page.press({ key: 'Backspace' });
      return isThere;
    });
    await page.press({ key: 'Escape' });
    await untilClosed(page);
    await page.type({ text: 'a' });
    await until('the list has the members that begin so', hasMembers);
    assert.equal(document.lineAt(document.lineCount - 1).text, 'settings.a');
  }

  it('opens where completions have nothing to offer', async () => {
    await setSettings({ 'completions.minimumConfidence': 1 });
    try {
      await opens();
      assert.equal(await ghostText(page), '');
    } finally {
      await setSettings({ 'completions.minimumConfidence': undefined });
    }
  });

  it('opens where completions are off', async () => {
    await setSettings({ 'completions.enabled': false });
    try {
      await opens();
    } finally {
      await setSettings({ 'completions.enabled': undefined });
    }
  });

  it('opens where the engine does not answer', async () => {
    const engine = (await processesOf('engine')).find(({ parent }) => parent === process.pid);
    assert.ok(engine, 'this extension host has an engine');
    process.kill(engine.pid, 'SIGSTOP');
    try {
      await opens();
    } finally {
      process.kill(engine.pid, 'SIGCONT');
    }
  });

  it('tells completions which members there are, once nobody types', async () => {
    await setSettings({ 'completions.minimumConfidence': 0 });
    // No model and no memory knows this name.
    const name = 'quokkaOfRottnest';
    const asked: string[] = [];
    const registration = vscode.languages.registerCompletionItemProvider('lua', {
      provideCompletionItems(of, position) {
        asked.push(of.lineAt(position.line).text);
        return [new vscode.CompletionItem(name, vscode.CompletionItemKind.Method)];
      },
    });
    try {
      document = await vscode.workspace.openTextDocument({ content: 'island', language: 'lua' });
      const editor = await vscode.window.showTextDocument(document, { preview: false });
      editor.selection = new vscode.Selection(0, 6, 0, 6);
      await vscode.commands.executeCommand('workbench.action.focusActiveEditorGroup');
      await page.type({ text: '.' });
      await until('the members are asked for in the background', () => asked.includes('island.'));
      const isShown = async (): Promise<boolean> => (await ghostText(page)).startsWith(name.slice(1));
      await until('a completion keeps to them', async () => {
        await page.type({ text: name[0]! });
        const isThere = await until('it is shown', isShown, 5_000).catch(() => false);
        if (!isThere) await page.press({ key: 'Backspace' });
        return isThere;
      });
    } finally {
      registration.dispose();
      await setSettings({ 'completions.minimumConfidence': undefined });
    }
  });

  it("stands beside completions after 'Recur: Keep suggestion list open'", async () => {
    const configuration = (): unknown => vscode.workspace.getConfiguration('editor').get('quickSuggestions');
    const before = configuration();
    await vscode.commands.executeCommand('recur.keepListOpen');
    try {
      const [told] = await waitForNotices(page, /quickSuggestions/);
      assert.match(told!, /opens while a completion is shown too/);
      assert.deepEqual(configuration(), { other: 'on', comments: 'off', strings: 'off' });
      await opens();
    } finally {
      await vscode.workspace
        .getConfiguration('editor')
        .update('quickSuggestions', undefined, vscode.ConfigurationTarget.Global);
    }
    assert.deepEqual(configuration(), before);
  });
});
