import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { currentModel, filesOf, newestHistory, storedNames } from '../modelFiles';
import { needsPage, type PageDriver } from '../pageDriver';
import { figure, pixelsOfValidationCurve, showPanel, validationPoints } from '../panelPage';
import { processesOf, threadsOf, type RunningProcess } from '../processes';
import {
  clearWindow,
  ensureModel,
  modelDirectory,
  modelInUse,
  setSettings,
  status,
  statusBarText,
  trainBy,
  trainQuickly,
  waitForNotices,
} from '../recur';
import { until } from '../waiting';

async function phase(): Promise<string> {
  return (await status()).training.phase;
}

/** Waits as long as the training has not failed. */
async function untilTraining(what: string, isSo: () => Promise<boolean>): Promise<void> {
  await until(what, async () => (await phase()) === 'failed' || isSo());
  const { training } = await status();
  assert.notEqual(training.phase, 'failed', training.message);
}

async function ownTrainer(): Promise<RunningProcess | undefined> {
  return (await processesOf('trainer')).find(({ parent }) => parent === process.pid);
}

/** Begins a training that ends only when something ends it. */
async function beginTraining(): Promise<{ ended: Thenable<unknown> }> {
  await trainQuickly(600);
  const ended = vscode.commands.executeCommand('recur.train');
  await untilTraining('a model was measured and written', async () => {
    const { training } = await status();
    return training.phase === 'training' && training.validation.length >= 2 && training.progress.length >= 2;
  });
  return { ended };
}

describe('training', function () {
  this.timeout(600_000);
  let page: PageDriver;

  before(function () {
    page = needsPage(this);
  });
  beforeEach(clearWindow);
  after(clearWindow);

  it("trains by 'Recur: Train RNN on workspace', live in the panel, and the model appears", async () => {
    const earlier = (await status()).engine.id;
    await trainQuickly(25);
    const [file] = await vscode.workspace.findFiles('src/core/current.ts');
    await vscode.window.showTextDocument(file!, { preview: false, viewColumn: vscode.ViewColumn.One });
    await showPanel(page);
    await page.command({ title: 'Recur: Train RNN on workspace' });
    await untilTraining('training has begun', async () => (await phase()) === 'training');
    await untilTraining('the panel has two validation points', async () => (await validationPoints(page)) >= 2);
    assert.match(await figure(page, 'time'), /^0:\d\d$/);
    assert.match(await statusBarText(), /Recur .*left/);
    await vscode.commands.executeCommand('notifications.hideToasts');
    await until(
      'the curve has some points',
      async () => (await validationPoints(page)) >= 4 || (await phase()) === 'done',
    );
    await until('the curve is drawn', async () => (await pixelsOfValidationCurve(page)) > 100);
    await page.screenshot({ name: 'panel-while-training' });
    await untilTraining('training has ended', async () => (await phase()) === 'done');
    const model = await modelInUse();
    assert.notEqual(model, earlier);
    assert.equal(currentModel(await modelDirectory()), model);
    await until('the status bar has its perplexity', async () => /Recur \d+\.\d+$/.test(await statusBarText()));
  });

  it("keeps the best model when 'Recur: Stop training' ends it", async () => {
    await beginTraining().then(async ({ ended }) => {
      await vscode.commands.executeCommand('recur.stopTraining');
      await ended;
    });
    const { training } = await status();
    assert.equal(training.phase, 'done');
    assert.match(training.message, /^Stopped after [\d,]+ steps/);
    const model = await modelInUse();
    const exports = newestHistory(await modelDirectory()).filter(({ type }) => type === 'export');
    assert.ok(exports.length > 0, 'the stopped run has written a model');
    assert.ok(storedNames(await modelDirectory(), 'models').includes(model));
    await until('the trainer has ended', async () => (await ownTrainer()) === undefined);
  });

  it('says in one sentence that the trainer was killed, and goes on with the last model', async () => {
    const { ended } = await beginTraining();
    const trainer = await ownTrainer();
    assert.ok(trainer, 'a trainer runs');
    await vscode.commands.executeCommand('notifications.clearAll');
    process.kill(trainer.pid, 'SIGKILL');
    await ended;
    assert.equal(await phase(), 'failed');
    const told = await waitForNotices(page, /train/i);
    assert.equal(told.length, 1, told.join('\n'));
    assert.match(told[0]!, /^The training has ended unexpectedly/);
    assert.ok(storedNames(await modelDirectory(), 'models').includes(await modelInUse()));
  });

  it('trains again after the trainer was killed', async () => {
    const { ended } = await beginTraining();
    await vscode.commands.executeCommand('recur.stopTraining');
    await ended;
    assert.equal(await phase(), 'done');
    await modelInUse();
  });

  it('goes on with as many threads as the setting names now', async () => {
    await setSettings({ 'training.threads': 2 });
    const { ended } = await beginTraining();
    const trainer = await ownTrainer();
    assert.ok(trainer, 'a trainer runs');
    const before = await threadsOf(trainer);
    await setSettings({ 'training.threads': 1 });
    await until('the trainer has fewer threads', async () => (await threadsOf(trainer)) < before);
    const { step } = (await status()).training.progress.at(-1)!;
    await untilTraining('it goes on', async () => (await status()).training.progress.at(-1)!.step > step);
    assert.equal(await phase(), 'training');
    await vscode.commands.executeCommand('recur.stopTraining');
    await ended;
    await setSettings({ 'training.threads': undefined });
  });

  for (const { title, settings, sentence } of [
    {
      title: 'a workspace with too little to learn from',
      settings: { include: ['src/utils/env.ts'] },
      sentence: /only [\d,]+ characters/,
    },
    {
      title: 'a setting out of its range',
      settings: { 'training.minutes': 100_000 },
      sentence: /recur\.training\.minutes/,
    },
    {
      title: 'a setting of the wrong type',
      settings: { 'training.hidden': 'many' },
      sentence: /recur\.training\.hidden/,
    },
  ]) {
    it(`says in one sentence what is wrong with ${title}`, async () => {
      const runs = storedNames(await modelDirectory(), 'runs');
      await trainQuickly(20);
      await setSettings(settings);
      try {
        await vscode.commands.executeCommand('recur.train');
        const told = await waitForNotices(page, sentence);
        assert.equal(told.length, 1, told.join('\n'));
        assert.deepEqual(storedNames(await modelDirectory(), 'runs'), runs, 'nothing was trained');
      } finally {
        await setSettings(Object.fromEntries(Object.keys(settings).map((key) => [key, undefined])));
      }
    });
  }

  it("goes back to another model by 'Recur: Use another model'", async () => {
    await ensureModel();
    const directory = await modelDirectory();
    if (storedNames(directory, 'models').length < 2) await trainBy('recur.train', 20);
    const before = await modelInUse();
    const row = '.quick-input-list .monaco-list-row';
    const ended = vscode.commands.executeCommand('recur.useModel');
    await page.waitFor({ selector: row, text: 'in use' });
    await page.screenshot({ name: 'use-another-model' });
    await page.click({ selector: `${row}:not(:has-text("in use"))` });
    await ended;
    const model = await modelInUse();
    assert.notEqual(model, before);
    assert.ok(storedNames(directory, 'models').includes(before), 'the one before is kept');
    assert.deepEqual(await waitForNotices(page, /is in use/), [`The model ${model} is in use.`]);
  });

  it("deletes by 'Recur: Delete model' after a question that is no dialog", async () => {
    await ensureModel();
    const directory = await modelDirectory();
    const ended = vscode.commands.executeCommand('recur.deleteModel');
    await page.click({ selector: '.quick-input-list .monaco-list-row', text: 'Keep' });
    await ended;
    assert.ok(currentModel(directory), 'Keep keeps it');
    const deleted = vscode.commands.executeCommand('recur.deleteModel');
    await page.click({ selector: '.quick-input-list .monaco-list-row', text: 'Delete' });
    await deleted;
    assert.equal(currentModel(directory), undefined);
    assert.deepEqual(filesOf(directory), []);
    assert.ok((await status()).engine.isBase);
    await until('the status bar says that nothing is trained', async () =>
      (await statusBarText()).endsWith('not trained on this workspace yet'),
    );
  });
});
