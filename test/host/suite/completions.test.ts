import assert from 'node:assert/strict';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import * as vscode from 'vscode';
import { findConfidentPlace, findConfidentPlaceIn, type Model, type Place } from '../confidentPlace';
import { ghostText, retypeUntilGhostText, typeAt, waitForGhostText } from '../ghostText';
import { needsPage, printLine, type PageDriver } from '../pageDriver';
import { completeByCommandLine, completeByLanguageServer, processesOf } from '../processes';
import {
  bundle,
  clearWindow,
  ensureModel,
  modelDirectory,
  notices,
  setSettings,
  status,
  trainBy,
  untilCounted,
  waitForNotices,
  workspaceFolder,
} from '../recur';
import { until } from '../waiting';

/** Rounds of training until the model is sure of something; a slow machine needs more than one. */
const mostRounds = 8;

async function model(): Promise<Model> {
  return { engineEntry: bundle('engine.js'), modelDirectory: await modelDirectory() };
}

/** A place where a model trained by the commands offers something at default settings. */
async function learnPlace(): Promise<Place> {
  await ensureModel();
  for (let round = 1; round <= mostRounds; round++) {
    const place = await findConfidentPlace(await model(), workspaceFolder());
    if (place !== undefined) return place;
    await trainBy('recur.continueTraining', 20);
  }
  throw new Error(`After ${mostRounds} trainings the model is not sure of anything.`);
}

/** Puts the cursor at a place, the rest of its line removed, and types the last character before it. */
async function typeAtPlace(page: PageDriver, { file, line, character }: Place): Promise<vscode.TextDocument> {
  const document = await vscode.workspace.openTextDocument(file);
  return typeAt(page, document, new vscode.Position(line, character));
}

describe('completions', function () {
  this.timeout(600_000);
  let page: PageDriver;
  let place: Place;
  let original = '';

  before(async function () {
    page = needsPage(this);
    place = await learnPlace();
    original = readFileSync(place.file, 'utf8');
    await printLine(`      ${path.basename(place.file)}:${place.line + 1} offers '${place.completion}'`);
    await printLine(`      where there stands '${place.expected}'`);
  });

  beforeEach(clearWindow);
  afterEach(async () => {
    await clearWindow();
    if (original !== '') writeFileSync(place.file, original);
  });

  it('offers at default settings what `recur complete` prints and `recur lsp` offers, and Tab accepts it', async () => {
    const document = await typeAtPlace(page, place);
    await retypeUntilGhostText(page, ' ', place.completion);
    await page.screenshot({ name: 'editor-ghost-text' });
    await document.save();
    const asked = { ...place, commandLine: bundle('cli.js'), modelDirectory: await modelDirectory() };
    const printed = await completeByCommandLine(asked);
    assert.equal(await ghostText(page), printed);
    assert.equal(await completeByLanguageServer({ ...asked, folder: workspaceFolder() }), printed);
    const before = document.lineAt(place.line).text;
    await page.press({ key: 'Tab' });
    await until('the completion is accepted', () => document.lineAt(place.line).text === before + printed);
    await until('nothing is left of it', async () => (await ghostText(page)) === '');
  });

  it('leaves a document alone that Escape has dismissed the completion of', async () => {
    const document = await typeAtPlace(page, place);
    await retypeUntilGhostText(page, ' ', place.completion);
    const before = document.getText();
    await page.press({ key: 'Escape' });
    await until('the ghost text is gone', async () => (await ghostText(page)) === '');
    assert.equal(document.getText(), before);
  });

  it('comes back after the engine was killed, and says so once', async () => {
    await typeAtPlace(page, place);
    await retypeUntilGhostText(page, ' ', place.completion);
    await clearWindow();
    const killed = await killEngine();
    const [told] = await waitForNotices(page, /engine/i);
    assert.match(told!, /^The completion engine has ended .* It is being started again\.$/);
    await until('another engine runs', async () =>
      (await processesOf('engine')).some(({ parent, pid }) => parent === process.pid && pid !== killed),
    );
    await until('its model is in use again', async () => {
      const { engine } = await status();
      return engine.model !== null && !engine.isBase;
    });
    // The list draws a row twice for a moment where it opens while a notice arrives: what stays is what was said.
    await until('it was said once', async () => {
      const said = (await notices(page)).filter((text) => /engine/i.test(text));
      return said.length === 1;
    });
    await typeAtPlace(page, place);
    await retypeUntilGhostText(page, ' ', place.completion);
  });

  it('offers in an untitled document', async () => {
    const document = await vscode.workspace.openTextDocument({ content: original, language: 'plaintext' });
    assert.equal(document.uri.scheme, 'untitled');
    // Its header is another one, and so is what the model is sure of.
    const found = await findConfidentPlaceIn(await model(), original, path.basename(document.uri.fsPath));
    assert.ok(found, 'the model is sure of something here too');
    await typeAt(page, document, new vscode.Position(found.line, found.character));
    // The window remembers other open documents, and may be sure of more.
    await retypeUntilGhostText(page, ' ', found.completion, (shown) => shown.startsWith(found.completion));
  });

  it('offers nothing in a file that is named like a secret', async () => {
    const file = path.join(workspaceFolder(), '.env');
    writeFileSync(file, original);
    await offersNothingIn(page, file, place).finally(() => rmSync(file));
  });

  it('offers nothing in a file that holds a secret', async () => {
    const file = path.join(workspaceFolder(), 'deploy.ts');
    // A key of nobody, put together here so that no scanner takes this source for a leak.
    const border = (kind: string) => `-----${kind} RSA PRIVATE KEY-----`;
    const key = [border('BEGIN'), 'MIIEpAIBAAKCAQEA1234567890abcdef'.repeat(8), border('END')].join('\n');
    writeFileSync(file, `${original}\nconst key = \`${key}\`;\n`);
    await offersNothingIn(page, file, place).finally(() => rmSync(file));
  });

  it('is accepted by the word, then as a whole, and counts both, with the characters saved', async () => {
    const document = await typeAtPlace(page, place);
    await retypeUntilGhostText(page, ' ', place.completion);
    const earlier = (await status()).completions;
    const line = () => document.lineAt(place.line).text;
    const before = line();
    await vscode.commands.executeCommand('editor.action.inlineSuggest.acceptNextWord');
    await until('a part is accepted', () => line().length > before.length);
    assert.ok((before + place.completion).startsWith(line()), line());
    const isWhole = line() === before + place.completion;
    // The document has changed before Recur is told how.
    await untilCounted({ partly: earlier.partly + (isWhole ? 0 : 1) });
    if (!isWhole) {
      await until('the rest is offered', async () => before + place.completion === line() + (await ghostText(page)));
      await page.press({ key: 'Tab' });
      await until('all of it is accepted', () => line() === before + place.completion);
    }
    const charactersSaved = earlier.charactersSaved + place.completion.length;
    await untilCounted({ accepted: earlier.accepted + 1, charactersSaved });
    const { offered, latencyMs } = (await status()).completions;
    assert.ok(offered > 0 && latencyMs.p50 !== null && latencyMs.p50 > 0);
    await vscode.commands.executeCommand('recur.showCompletionStatistics');
    const [told] = await waitForNotices(page, /Offered/);
    assert.match(told!, /^Offered [\d,]+, accepted [\d,]+, in part [\d,]+, rejected [\d,]+; .* \(median\)/);
  });

  it('is rejected by typing something else', async () => {
    await typeAtPlace(page, place);
    await retypeUntilGhostText(page, ' ', place.completion);
    const earlier = (await status()).completions;
    // Long enough to have been read.
    await sleep(500);
    await page.type({ text: '~' });
    await untilCounted({ rejected: earlier.rejected + 1, accepted: earlier.accepted });
  });

  it('is offered only when asked for, where the setting says so', async () => {
    await setSettings({ 'completions.trigger': 'manual' });
    try {
      await typeAtPlace(page, place);
      await assert.rejects(waitForGhostText(page, 3_000), /in vain/);
      await vscode.commands.executeCommand('editor.action.inlineSuggest.trigger');
      assert.equal(await waitForGhostText(page), place.completion);
    } finally {
      await setSettings({ 'completions.trigger': undefined });
    }
  });

  it('is offered with other lines when asked for, of which each can be accepted', async () => {
    await typeAtPlace(page, place);
    await retypeUntilGhostText(page, ' ', place.completion);
    await vscode.commands.executeCommand('editor.action.inlineSuggest.trigger');
    const lines = new Set<string>();
    await until('there are other lines', async () => {
      lines.add(await ghostText(page));
      await vscode.commands.executeCommand('editor.action.inlineSuggest.showNext');
      await sleep(300);
      return [...lines].filter((line) => line !== '').length > 1;
    });
    const shown = await waitForGhostText(page);
    const earlier = (await status()).completions;
    await vscode.commands.executeCommand('editor.action.inlineSuggest.commit');
    await until('the acceptance is counted', async () => {
      const { accepted, rejected } = (await status()).completions;
      return accepted === earlier.accepted + 1 && rejected === earlier.rejected;
    });
    const editor = vscode.window.activeTextEditor!;
    assert.ok(editor.document.lineAt(editor.selection.active.line).text.includes(shown.trim()));
  });

  it('is not offered while the editor snoozes', async () => {
    await vscode.commands.executeCommand('editor.action.inlineSuggest.snooze', 5);
    try {
      await typeAtPlace(page, place);
      await page.press({ key: 'Backspace' });
      await page.type({ text: ' ' });
      await assert.rejects(waitForGhostText(page, 3_000), /in vain/);
    } finally {
      await vscode.commands.executeCommand('editor.action.inlineSuggest.cancelSnooze');
    }
    // An editor in which was typed meanwhile does not listen again before it is asked, or opened anew.
    await clearWindow();
    await typeAtPlace(page, place);
    await retypeUntilGhostText(page, ' ', place.completion);
  });

  it('is not offered with several cursors', async () => {
    await typeAtPlace(page, place);
    await retypeUntilGhostText(page, ' ', place.completion);
    await page.press({ key: 'Backspace' });
    const editor = vscode.window.activeTextEditor!;
    const { active } = editor.selection;
    editor.selections = [active, new vscode.Position(0, 0)].map((at) => new vscode.Selection(at, at));
    await page.type({ text: ' ' });
    await offersNothingAt(page);
  });

  it('offers nothing in a language that is switched off', async () => {
    await setSettings({ 'completions.languages': { typescript: false } });
    try {
      await offersNothingIn(page, place.file, place);
    } finally {
      await setSettings({ 'completions.languages': undefined });
    }
  });

  it('offers nothing where completions are turned off', async () => {
    await setSettings({ 'completions.enabled': false });
    try {
      await offersNothingIn(page, place.file, place);
    } finally {
      await setSettings({ 'completions.enabled': undefined });
    }
  });
});

/** The same text offers something in a file of the corpus, so that silence here is the file's. */
async function offersNothingIn(page: PageDriver, file: string, place: Place): Promise<void> {
  const document = await vscode.workspace.openTextDocument(file);
  await typeAt(page, document, new vscode.Position(place.line, place.character));
  await offersNothingAt(page);
}

/** Not by asking either. */
async function offersNothingAt(page: PageDriver): Promise<void> {
  for (let tries = 0; tries < 3; tries++) {
    await vscode.commands.executeCommand('editor.action.inlineSuggest.trigger');
    await assert.rejects(waitForGhostText(page, 1_500), /in vain/);
  }
}

async function killEngine(): Promise<number> {
  const engine = (await processesOf('engine')).find(({ parent }) => parent === process.pid);
  assert.ok(engine, 'this extension host has an engine');
  process.kill(engine.pid, 'SIGKILL');
  return engine.pid;
}
