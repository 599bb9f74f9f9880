import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import * as vscode from 'vscode';
import { inPlainEditor, typeInPictures } from '../animation';
import { ghostText, retypeUntilGhostText, typeAt, waitForGhostText } from '../ghostText';
import { needsPage, printLine, skip, type PageDriver } from '../pageDriver';
import { clearWindow, setSettings, status, statusBarText, untilCounted, workspaceFolder } from '../recur';
import { until } from '../waiting';

/** Lines with words that the workspace does not hold. */
const linesWith = (call: string): string => ['one', 'two', 'ten'].map((name) => `const ${name} = ${call}\n`).join('');
const above = linesWith('rememberAll(first, second)');
const typed = 'const six = rememberAll(first, ';
const completion = 'second)';

const untrained = 'not trained on this workspace yet';

const fileOf = (name: string): string => path.join(workspaceFolder(), name);

/** Puts lines at the end of a file of the workspace, not saved. */
async function append(name: string, lines: string): Promise<vscode.TextDocument> {
  const document = await vscode.workspace.openTextDocument(fileOf(name));
  const editor = await vscode.window.showTextDocument(document, { preview: false });
  const end = document.lineAt(document.lineCount - 1).range.end;
  await editor.edit((edit) => edit.insert(end, `\n${lines}`));
  return document;
}

const lastLine = (document: vscode.TextDocument): vscode.TextLine => document.lineAt(document.lineCount - 1);

describe('before any training', function () {
  this.timeout(600_000);
  let page: PageDriver;

  /** In a browser the editor saves by itself. */
  const setAutoSave = (value: string | undefined): Thenable<void> =>
    vscode.workspace.getConfiguration('files').update('autoSave', value, vscode.ConfigurationTarget.Workspace);

  before(async function () {
    page = needsPage(this);
    await setAutoSave('off');
  });
  after(() => setAutoSave(undefined));
  beforeEach(async function () {
    await clearWindow();
    // A suite that was run alone may find the model of another one.
    const { engine } = await status();
    if (engine.id !== null && !engine.isBase) this.skip();
  });
  afterEach(async () => {
    for (const document of vscode.workspace.textDocuments.filter(({ isDirty }) => isDirty)) {
      await vscode.window.showTextDocument(document);
      await vscode.commands.executeCommand('workbench.action.files.revert');
    }
    await clearWindow();
  });

  /** Types a line until its rest is offered. */
  async function typeUntilOffered(lines = above, line = typed, rest = completion): Promise<vscode.TextDocument> {
    const document = await append('src/utils/env.ts', lines + line);
    await typeAt(page, document, lastLine(document).range.end);
    await retypeUntilGhostText(page, ' ', rest);
    return document;
  }

  it('completes by the model that comes with Recur and the memory, and the status bar says so', async () => {
    const document = await typeUntilOffered();
    const { engine } = await status();
    assert.equal(engine.answers, 'both');
    assert.ok(engine.isBase);
    await until('the status bar says so', async () => (await statusBarText()).endsWith(untrained));
    await page.press({ key: 'Tab' });
    await until('the completion is accepted', () => lastLine(document).text === typed + completion);
  });

  it('completes what is typed, in an animation for README', async () => {
    const [head, body] = [
      '\n/** What a draft was before it was changed. */\nexport function originalOf(value: any): any {\n\t',
      [
        'const state: ImmerState | undefined = value[DRAFT_STATE]',
        '\tif (!state.modified_) return state.base_',
        '\treturn shallowCopy(value, true)',
      ].join('\n'),
    ];
    await inPlainEditor(async () => {
      await typeUntilOffered();
      const document = await append('src/core/current.ts', `${head}\n}\n`);
      const editor = vscode.window.activeTextEditor!;
      const end = document.lineAt(document.lineCount - 3).range.end;
      editor.selection = new vscode.Selection(end, end);
      editor.revealRange(new vscode.Range(end, end), vscode.TextEditorRevealType.InCenter);
      await vscode.commands.executeCommand('workbench.action.focusActiveEditorGroup');
      const accepted = await typeInPictures(page, editor, body, ['ImmerSt', '(!state.m', ') r', 'return sh']);
      assert.ok(accepted.length > 0, 'something was offered');
      await printLine(`      accepted: ${accepted.map((text) => `'${text}'`).join(', ')}`);
    });
  });

  it('offers to train in the side bar', async () => {
    await vscode.commands.executeCommand('workbench.view.extension.recur');
    try {
      const welcome = '.welcome-view-content';
      await until('the welcome stands there', async () =>
        (await page.texts({ selector: welcome })).some((text) => text.includes('Train RNN on workspace')),
      );
      await page.screenshot({ name: 'side-bar-before-training' });
    } finally {
      await vscode.commands.executeCommand('workbench.view.explorer');
    }
  });

  it('completes what is written in another document and not saved', async () => {
    const other = await append('src/internal.ts', linesWith('keepOthers(third, fourth)'));
    await typeUntilOffered('', 'const six = keepOthers(third, ', 'fourth)');
    assert.ok(other.isDirty);
  });

  it('completes what another program has written', async () => {
    const file = fileOf('src/utils/outside.ts');
    await typeUntilOffered();
    writeFileSync(file, linesWith('writtenOutside(fifth, sixth)'));
    try {
      await typeUntilOffered('', 'const six = writtenOutside(fifth, ', 'sixth)');
    } finally {
      rmSync(file);
    }
  });

  it('completes what lies on the clipboard where the setting says so', async function () {
    if (vscode.env.uiKind === vscode.UIKind.Web) skip(this, 'an editor in a browser would ask the user each time');
    if (!vscode.window.state.focused) skip(this, 'needs a window that has the focus');
    const { clipboard } = vscode.env;
    const before = await clipboard.readText();
    await clipboard.writeText(linesWith('copyElsewhere(seventh, eighth)'));
    const configuration = vscode.workspace.getConfiguration('recur');
    await configuration.update('completions.clipboard', true, vscode.ConfigurationTarget.Global);
    try {
      await typeUntilOffered('', 'const six = copyElsewhere(seventh, ', 'eighth)');
    } finally {
      await configuration.update('completions.clipboard', undefined, vscode.ConfigurationTarget.Global);
      await clipboard.writeText(before);
    }
  });

  it('offers nothing with a selection', async () => {
    await typeUntilOffered();
    const editor = vscode.window.activeTextEditor!;
    const { active } = editor.selection;
    editor.selection = new vscode.Selection(active.translate(0, -5), active);
    await until('the ghost text is gone', async () => (await ghostText(page)) === '');
    const { offered } = (await status()).completions;
    for (let tries = 0; tries < 3; tries++) {
      await vscode.commands.executeCommand('editor.action.inlineSuggest.trigger');
      await sleep(500);
      assert.equal(await ghostText(page), '');
    }
    assert.equal((await status()).completions.offered, offered);
    editor.selection = new vscode.Selection(active, active);
    await retypeUntilGhostText(page, ' ', completion);
    assert.ok((await status()).completions.offered > offered);
  });

  it('counts what is accepted by the line', async () => {
    const document = await typeUntilOffered();
    const { accepted, charactersSaved } = (await status()).completions;
    await vscode.commands.executeCommand('editor.action.inlineSuggest.acceptNextLine');
    await until('the line is accepted', () => lastLine(document).text === typed + completion);
    await untilCounted({ accepted: accepted + 1, charactersSaved: charactersSaved + completion.length });
  });

  it('goes on with what is selected in the list of suggestions, and offers nothing that contradicts it', async () => {
    for (const { listed, rest } of [
      // The bracket behind it is drawn apart.
      { listed: 'second', rest: 'ond' },
      { listed: 'secret', rest: '' },
    ]) {
      const item = new vscode.CompletionItem(listed);
      Object.assign(item, { preselect: true, sortText: '\0' });
      const selector = { scheme: 'file', pattern: '**/env.ts' };
      const provider = vscode.languages.registerCompletionItemProvider(selector, {
        provideCompletionItems: () => [item],
      });
      try {
        await typeUntilOffered();
        await page.type({ text: 'sec' });
        await vscode.commands.executeCommand('editor.action.triggerSuggest');
        await until('the list selects it', async () => {
          const texts = await page.texts({
            selector: '.suggest-widget.visible .monaco-list-row.focused .label-name',
          });
          return texts.join('').startsWith(listed);
        });
        await sleep(1_500);
        await until(`the ghost text is '${rest}'`, async () => (await ghostText(page)) === rest);
        await page.press({ key: 'Escape' });
      } finally {
        provider.dispose();
      }
      await vscode.commands.executeCommand('workbench.action.files.revert');
    }
  });

  it('leaves completing to another extension where the setting says so', async function () {
    const other = vscode.extensions.getExtension('TabbyML.vscode-tabby');
    if (other === undefined)
      skip(this, 'needs the extension of another provider, which only npm run test:host installs');
    await other.activate();
    await typeUntilOffered();
    await setSettings({ 'completions.yieldToOthers': true });
    try {
      await page.press({ key: 'Backspace' });
      await page.type({ text: ' ' });
      await assert.rejects(waitForGhostText(page, 3_000), /in vain/);
    } finally {
      await setSettings({ 'completions.yieldToOthers': undefined });
    }
    await retypeUntilGhostText(page, ' ', completion);
  });
});
