import assert from 'node:assert/strict';
import { existsSync, readFileSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { formatCount, formatDuration, formatPerplexity } from '../../../src/core/formatting';
import type { ChartName } from '../../../src/panel/curves/chartContents';
import { formatValue } from '../../../src/panel/curves/curveFormatting';
import { currentModel, lastMeasured, lastMeasuredUpTo, newestHistory } from '../modelFiles';
import { needsPage, type PageDriver } from '../pageDriver';
import { clearWindow, ensureModel, modelDirectory, setTheme, workspaceFolder } from '../recur';
import { figure, pixelsOfValidationCurve, readingsAlong, showPanel } from '../panelPage';
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

  /** Saves something in the folder of the workspace, as the editor's own dialog offers it. @returns what was written */
  async function exported(title: string, name: string): Promise<Buffer> {
    const file = path.join(workspaceFolder(), name);
    try {
      await page.click({ frame: 'webview', selector: '.exports summary' });
      await page.click({ frame: 'webview', selector: '.exports button', text: title });
      const input = '.quick-input-widget input';
      await page.waitFor({ selector: input });
      await until('the dialog offers the name', async () => {
        const value = await page.evaluate({ expression: `document.querySelector('${input}').value` });
        return typeof value === 'string' && value.endsWith(name);
      });
      await page.press({ key: 'Enter' });
      await until('the file is written', () => existsSync(file) && statSync(file).size > 0);
      return readFileSync(file);
    } finally {
      rmSync(file, { force: true });
    }
  }

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

  it('reads in each chart, wherever the cursor is, what history.jsonl has there', async () => {
    const history = newestHistory(await modelDirectory());
    const stops = (await page.evaluate({ frame: 'webview', expression: readingsAlong })) as Record<string, string[]>[];
    assert.equal(stops.length, 51);
    const most = Math.max(...history.filter(({ type }) => type !== 'export').map(({ step }) => step));
    let place = 0;
    for (const [index, stop] of stops.entries()) {
      // As the arrow keys go.
      if (index > 0) place = Math.min(most, place + most / 50);
      const progress = lastMeasuredUpTo(history, 'progress', place);
      const validation = lastMeasuredUpTo(history, 'validation', place);
      const text = (chart: ChartName, value: number | undefined): string =>
        value === undefined ? '' : formatValue(chart, value);
      assert.deepEqual(stop, {
        perplexity: [progress, validation].map((line) => text('perplexity', line && Math.exp(line.nats))),
        gradientNorm: [text('gradientNorm', progress?.gradientNorm)],
        learningRate: [text('learningRate', progress?.learningRate)],
        charactersPerSecond: [text('charactersPerSecond', progress?.charactersPerSecond)],
      });
    }
  });

  it('saves the model that is in use, and the series, where one says', async () => {
    const directory = await modelDirectory();
    const graph = readFileSync(path.join(directory, 'models', currentModel(directory)!, 'model.onnx'));
    assert.ok(graph.equals(await exported('Model as ONNX', 'model.onnx')), 'the file is the model');
    const series = JSON.parse((await exported('Series as JSON', 'recur-curves.json')).toString()) as {
      progress: Record<'step' | 'nats', number[]>;
    };
    const progress = newestHistory(directory).filter(({ type }) => type === 'progress');
    assert.deepEqual(
      series.progress.step.map((step, index) => [step, series.progress.nats[index]]),
      progress.map(({ step, nats }) => [step, nats]),
    );
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
