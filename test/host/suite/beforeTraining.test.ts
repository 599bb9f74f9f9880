import assert from 'node:assert/strict';
import path from 'node:path';
import * as vscode from 'vscode';
import { retypeUntilGhostText, typeAt } from '../ghostText';
import { needsPage, type PageDriver } from '../pageDriver';
import { clearWindow, status, statusBarText, workspaceFolder } from '../recur';
import { until } from '../waiting';

/** What stands above the cursor, in words that the workspace does not hold. */
const above = ['one', 'two', 'ten'].map((name) => `const ${name} = rememberAll(first, second)`);
const typed = 'const six = rememberAll(first, ';
const completion = 'second)';

describe('before any training', function () {
  this.timeout(120_000);
  let page: PageDriver;

  before(function () {
    page = needsPage(this);
  });
  beforeEach(async function () {
    await clearWindow();
    // A suite that was run alone may find the model of another one.
    if ((await status()).engine.id !== null) this.skip();
  });
  after(clearWindow);

  it('completes from the memory alone, and the status bar says so', async () => {
    const file = path.join(workspaceFolder(), 'src/utils/env.ts');
    const text = await vscode.workspace.openTextDocument(file);
    const editor = await vscode.window.showTextDocument(text);
    const end = text.lineAt(text.lineCount - 1).range.end;
    await editor.edit((edit) => edit.insert(end, ['', ...above, typed].join('\n')));
    const position = text.lineAt(text.lineCount - 1).range.end;
    await typeAt(page, text, position);
    await retypeUntilGhostText(page, ' ', completion);
    const { engine } = await status();
    assert.equal(engine.answers, 'memory');
    assert.equal(engine.model, null);
    await until('the status bar says what answers', async () => (await statusBarText()).endsWith('Recur memory only'));
    await page.press({ key: 'Tab' });
    await until('the completion is accepted', () => text.lineAt(text.lineCount - 1).text === typed + completion);
  });
});
