import assert from 'node:assert/strict';
import { readFileSync, utimesSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { formatPerplexity } from '../../../src/core/formatting';
import type { Row } from '../../../src/extension/sidebar/rows';
import { currentModel } from '../modelFiles';
import { needsPage, type PageDriver } from '../pageDriver';
import { clearWindow, ensureModel, extension, modelDirectory, workspaceFolder } from '../recur';
import { until } from '../waiting';

describe('the side bar', function () {
  this.timeout(300_000);
  let page: PageDriver;
  const changedFile = (): string => path.join(workspaceFolder(), 'src/internal.ts');

  before(async function () {
    page = needsPage(this);
    await ensureModel();
    await clearWindow();
    await vscode.commands.executeCommand('workbench.view.extension.recur');
  });
  after(async () => {
    await vscode.commands.executeCommand('workbench.view.explorer');
    await clearWindow();
  });

  const shown = async () => (await extension().activate()).sidebar();
  const row = async (id: string): Promise<Row | undefined> => (await shown()).model.find((each) => each.id === id);
  const labels = () => page.texts({ selector: '.pane-body .monaco-list-row .label-name' });

  it('has the quality of the model in use, and how old it is', async () => {
    const directory = await modelDirectory();
    const manifest = path.join(directory, 'models', currentModel(directory)!, 'manifest.json');
    const { validation } = JSON.parse(readFileSync(manifest, 'utf8')) as { validation: { perplexity: number } };
    const quality = `Perplexity ${formatPerplexity(validation.perplexity)}`;
    await until('the model is shown', async () => (await row('quality'))?.label === quality);
    await until('the page shows it', async () => (await labels()).includes(quality));
    assert.match((await row('age'))!.label, /^Trained /);
  });

  it('counts the files that were written since, and opens them', async () => {
    await until('the files are counted', async () => (await row('changes')) !== undefined);
    const before = new Date();
    utimesSync(changedFile(), before, before);
    await until('the file is named', async () => {
      const files = (await row('changes'))?.rows ?? [];
      return files.some(({ file }) => file === changedFile());
    });
  });

  it('lists the trainings, the one in use marked, in a picture to look at', async () => {
    await until('the trainings are listed', async () => (await shown()).runs.length > 0);
    const { runs } = await shown();
    assert.equal(runs.filter(({ description }) => description.includes('in use')).length, 1);
    await until('the page shows them', async () => (await labels()).includes(runs[0]!.label));
    await vscode.commands.executeCommand('recur.model.focus');
    await page.screenshot({ name: 'side-bar' });
  });
});
