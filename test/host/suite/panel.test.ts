import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { formatCount, formatDuration, formatPerplexity } from '../../../src/core/formatting';
import { lastMeasured, newestHistory } from '../modelFiles';
import { needsPage, type PageDriver } from '../pageDriver';
import { clearWindow, ensureModel, modelDirectory, setTheme } from '../recur';
import { figure, pixelsOfValidationCurve, showPanel } from '../panelPage';
import { until } from '../waiting';

describe('panel of a training that has ended', function () {
  this.timeout(300_000);
  let page: PageDriver;

  before(async function () {
    page = needsPage(this);
    await ensureModel();
    await clearWindow();
    await showPanel(page);
    await until('the numbers are shown', async () => /\d/.test(await figure(page, 'validation')));
  });
  after(async () => {
    await clearWindow();
  });

  it('has the numbers of history.jsonl', async () => {
    const history = newestHistory(await modelDirectory());
    const measured = lastMeasured(history, 'validation');
    const progress = lastMeasured(history, 'progress');
    const expected = {
      validation: formatPerplexity(measured.perplexity),
      bits: measured.bitsPerCharacter.toFixed(2),
      training: formatPerplexity(progress.perplexity),
      speed: formatCount(progress.charactersPerSecond),
      time: formatDuration(progress.seconds),
      steps: formatCount(Math.max(progress.step, measured.step)),
    };
    for (const [name, value] of Object.entries(expected)) assert.equal(await figure(page, name), value, name);
  });

  it('lists every measured step once, the newest first', async () => {
    const history = newestHistory(await modelDirectory());
    const steps = history.filter(({ type }) => type === 'validation').map(({ step }) => step);
    const rows = await page.attributes({ frame: 'webview', selector: 'tr[data-step]', name: 'data-step' });
    assert.deepEqual(
      rows.map(Number),
      [...new Set(steps)].sort((a, b) => b - a),
    );
    assert.ok(rows.length >= 2, `${rows.length} validation points`);
  });

  it('draws the validation curve', async () => {
    assert.ok((await pixelsOfValidationCurve(page)) > 200);
  });

  it('keeps curve and numbers when its tab was hidden', async () => {
    const shown = await figure(page, 'validation');
    const [file] = await vscode.workspace.findFiles('src/internal.ts');
    await vscode.window.showTextDocument(file!, { viewColumn: vscode.ViewColumn.Beside });
    await vscode.commands.executeCommand('workbench.action.joinAllGroups');
    await page.waitFor({ selector: 'iframe.webview.ready', state: 'hidden' });
    await showPanel(page);
    await until('the number is shown', async () => (await figure(page, 'validation')) === shown);
    await until('the curve is drawn again', async () => (await pixelsOfValidationCurve(page)) > 200);
  });

  it('takes the colours of a light theme', async () => {
    const colours = async () =>
      page.evaluate({ frame: 'webview', expression: 'getComputedStyle(document.body).backgroundColor' });
    const dark = await colours();
    await setTheme('vs');
    await until('the background changes', async () => (await colours()) !== dark);
    await until('the curve is drawn in the new colour', async () => (await pixelsOfValidationCurve(page)) > 200);
    await vscode.commands.executeCommand('notifications.clearAll');
    await page.screenshot({ name: 'panel-light' });
  });
});
