import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import * as vscode from 'vscode';
import { heatedWords, type HeatedWord } from '../../../src/surprise/heatLevels';
import { scanWords } from '../../../src/surprise/wordScanning';
import { languageOf } from '../../../src/text/languages';
import { branchesOf } from '../../../src/extension/review/gitBranches';
import { needsPage, type PageDriver } from '../pageDriver';
import { commitAll, git } from '../repository';
import { bundle, clearWindow, extension, setTheme, status, useBaseModel, workspaceFolder } from '../recur';
import { until } from '../waiting';

const name = 'orders.ts';
/** They surprise whatever a model has learned: their letters are rare. */
const oddName = 'zqxjqzxq';
const oddText = 'vkwqjxzv';
const text = `import { each } from "./utils/common"

export function total(orders: Order[]): number {
	let sum = 0
	for (let index = 0; index < orders.length; index++) {
		const order = orders[index]
		if (order.price === undefined) throw new Error("${oddText}")
		sum += order.price * order.count
	}
	return ${oddName}
}
`;

interface Character {
  readonly bits: number;
  readonly entropy: number;
}

/** How many marks the editor draws: words that touch and have one level share one. */
function marksOf(words: readonly HeatedWord[]): number {
  return words.filter(({ start, level }, index) => {
    const before = words[index - 1];
    return before?.end !== start || before.level !== level;
  }).length;
}

/** What the command line says of a file, with the model that is in use. */
async function charactersOf(file: string): Promise<Character[]> {
  const { engine } = await status();
  const args = [bundle('cli.js'), 'evaluate', file, '--per-character', '--json', '--model', engine.model!];
  const environment = { ...process.env, ELECTRON_RUN_AS_NODE: '1' };
  const { stdout } = await promisify(execFile)(process.execPath, args, { env: environment, maxBuffer: 1 << 26 });
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Character & { type: string })
    .filter(({ type }) => type === 'character');
}

describe('surprise', function () {
  this.timeout(180_000);
  useBaseModel();
  let document: vscode.TextDocument;
  const file = (): string => path.join(workspaceFolder(), name);
  const surprising = async () => (await extension().activate()).surprisingWords(document.uri.toString());
  const textOf = ({ start, end }: { start: number; end: number }): string => document.getText().slice(start, end);

  before(() => writeFileSync(file(), text));
  beforeEach(async () => {
    await clearWindow();
    document = await vscode.workspace.openTextDocument(file());
    await vscode.window.showTextDocument(document, { preview: false });
    await vscode.commands.executeCommand('recur.toggleHeatMap');
    await until('the heat map is there', surprising);
  });
  afterEach(async () => {
    await vscode.window.showTextDocument(document);
    await vscode.commands.executeCommand('recur.toggleHeatMap');
    assert.equal(await surprising(), undefined);
    await clearWindow();
  });
  after(() => rmSync(file()));

  it('has the levels that recur evaluate --per-character gives', async () => {
    const characters = await charactersOf(file());
    const surprise = {
      bits: Float64Array.from(characters, ({ bits }) => bits),
      entropy: Float64Array.from(characters, ({ entropy }) => entropy),
    };
    const expected = heatedWords(text, scanWords(text, languageOf(name)), surprise);
    assert.ok(expected.some(({ level }) => level >= 4));
    assert.deepEqual(await surprising(), expected);
  });

  it('is shown in colours, and follows what is written', async function () {
    const page = needsPage(this);
    const areColoured = async (): Promise<boolean> => {
      const marks = await page.attributes({ selector: '.view-overlays [class*="ced-"]', name: 'class' });
      const words = await surprising();
      return words !== undefined && marks.length === marksOf(words);
    };
    await until('the words are coloured', areColoured);
    await page.screenshot({ name: 'heatMap' });
    await setTheme('vs');
    await page.screenshot({ name: 'heatMapLight' });
    await setTheme('vs-dark');
    const editor = vscode.window.activeTextEditor!;
    const at = document.positionAt(text.indexOf(oddName));
    await editor.edit((edit) => edit.replace(new vscode.Range(at, at.translate(0, oddName.length)), 'sum'));
    const words = await until('all is read again', surprising);
    assert.ok(!words.map(textOf).includes(oddName));
    await until('these are coloured', areColoured);
    await vscode.commands.executeCommand('undo');
    await until('it is back', async () => (await surprising())?.some((word) => textOf(word) === oddName));
    await document.save();
  });

  it('goes from one surprising place to the next and back', async () => {
    const editor = vscode.window.activeTextEditor!;
    const places = (await surprising())!.filter(({ level }) => level >= 4);
    assert.ok(places.length > 1);
    editor.selection = new vscode.Selection(0, 0, 0, 0);
    const visited: string[] = [];
    while (visited.length < places.length) {
      await vscode.commands.executeCommand('recur.nextSurprise');
      visited.push(document.getText(editor.selection));
    }
    assert.deepEqual([...visited].sort(), places.map(textOf).sort());
    await vscode.commands.executeCommand('recur.previousSurprise');
    assert.equal(document.getText(editor.selection), visited.at(-2));
  });

  it('says what is expected in the place of a surprising word, with places, and writes it', async function () {
    const page = needsPage(this);
    const at = document.positionAt(text.indexOf(oddName) + 1);
    const others = [1, 2, 3].map((number) => path.join(workspaceFolder(), `sums${number}.ts`));
    const end = text.slice(text.indexOf('\t\tsum +=')).replace(oddName, 'sum');
    for (const other of others) writeFileSync(other, `export function ${path.parse(other).name}() {\n${end}`.repeat(3));
    try {
      const hover = await until('the hover tells of places in the new files', async () => {
        const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
          'vscode.executeHoverProvider',
          document.uri,
          at,
        );
        const texts = hovers.flatMap(({ contents }) =>
          contents.map((content) => (content as vscode.MarkdownString).value),
        );
        return texts.find((each) => each.includes('Here this project writes `sum`'));
      });
      assert.match(hover, /\d+ %/);
      const editor = vscode.window.activeTextEditor!;
      editor.selection = new vscode.Selection(at, at);
      await vscode.commands.executeCommand('editor.action.showHover');
      await page.waitFor({ selector: '.monaco-hover', text: 'Here this project writes' });
      await page.screenshot({ name: 'heatMapHover' });
      const edit = await until('it can be written', async () => {
        const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
          'vscode.executeCodeActionProvider',
          document.uri,
          new vscode.Range(at, at),
        );
        return actions.find(({ title }) => title === 'Write sum here')?.edit;
      });
      await vscode.workspace.applyEdit(edit);
      assert.ok(!document.getText().includes(oddName));
      assert.equal(document.lineCount, text.split('\n').length);
    } finally {
      for (const other of others) rmSync(other);
      await vscode.commands.executeCommand('workbench.action.files.revert');
    }
  });
});

describe('surprise of changes', function () {
  this.timeout(180_000);
  useBaseModel();

  const file = (): string => path.join(workspaceFolder(), 'src/utils/env.ts');
  const shown = async () => (await extension().activate()).reviewedLines();
  let text: string;
  // What was told to be fine stays so: a second try needs another line.
  let tries = 0;

  /** @param chosen part of what the list of comparisons says */
  async function review(page: PageDriver, chosen: string): Promise<void> {
    const done = vscode.commands.executeCommand('recur.reviewChanges');
    await page.click({ selector: '.quick-input-list .monaco-list-row', text: chosen });
    await done;
  }

  /** Adds a method that writes into what must not change, where all others write into the copy. */
  function writeMethod(): { readonly path: string; readonly slip: string; undo(): void } {
    const changed = 'src/plugins/mapset.ts';
    const slip = `\t\t\tstate.base_!.set(key, value)${tries++ === 0 ? '' : ` // ${tries}`}`;
    const mapset = path.join(workspaceFolder(), changed);
    const before = readFileSync(mapset, 'utf8');
    const method = [
      '\t\tgetOrInsert(key: any, value: any): any {',
      '\t\t\tconst state: MapState = this[DRAFT_STATE]',
      '\t\t\tassertUnrevoked(state)',
      '\t\t\tif (latest(state).has(key)) {',
      '\t\t\t\treturn this.get(key)',
      '\t\t\t}',
      '\t\t\tprepareMapCopy(state)',
      '\t\t\tmarkChanged(state)',
      '\t\t\tstate.assigned_!.set(key, true)',
      slip,
      '\t\t\treturn value',
      '\t\t}\n\n',
    ];
    writeFileSync(mapset, before.replace('\t\tclear() {', `${method.join('\n')}$&`));
    return { path: changed, slip, undo: () => writeFileSync(mapset, before) };
  }

  beforeEach(async () => {
    await clearWindow();
    text = readFileSync(file(), 'utf8');
    await commitAll();
    await git('branch', '--force', 'before');
  });
  afterEach(async () => {
    writeFileSync(file(), text);
    await clearWindow();
  });

  it('is ranked of what is staged, and of what has changed since a branch', async function () {
    const page = needsPage(this);
    const odd = 'export const zebra: any = undefined === typeof Symbol\n';
    writeFileSync(file(), text + odd);
    await git('add', '.');
    writeFileSync(file(), text);
    await review(page, 'What is staged');
    assert.deepEqual(
      (await shown()).map(({ path, text }) => [path, text]),
      [['src/utils/env.ts', odd.trim()]],
    );
    await git('commit', '-q', '-m', 'odd');
    writeFileSync(file(), text + odd);
    await review(page, 'What is staged');
    assert.deepEqual(await shown(), []);
    await until('the editor knows the branch', async () => {
      await vscode.commands.executeCommand('git.openRepository', workspaceFolder());
      return (await branchesOf(workspaceFolder())).includes('before');
    });
    await review(page, 'What has changed since before');
    assert.deepEqual(
      (await shown()).map(({ text }) => text),
      [odd.trim()],
    );
  });

  it('is ranked in the source control view, and what is fine is not shown again', async function () {
    const page = needsPage(this);
    const written = writeMethod();
    try {
      await review(page, 'What has changed since the last commit');
      const [line, ...others] = await shown();
      assert.deepEqual(others, []);
      assert.equal(line?.path, written.path);
      assert.equal(line.text, written.slip);
      await page.waitFor({ selector: '.pane-body .monaco-list-row', text: line.text.trim() });
      await page.waitFor({ selector: '.pane-body .monaco-list-row', text: `mapset.ts:${line.line}` });
      await vscode.commands.executeCommand('recur.review.focus');
      await page.press({ key: 'ArrowDown' });
      await page.press({ key: 'Enter' });
      await until(
        'its file is open',
        () => vscode.window.activeTextEditor?.document.uri.fsPath === path.join(workspaceFolder(), written.path),
      );
      assert.equal(vscode.window.activeTextEditor!.selection.start.line, line.line - 1);
      await page.screenshot({ name: 'review' });
      await setTheme('vs');
      await page.screenshot({ name: 'reviewLight' });
      await vscode.commands.executeCommand('recur.review.focus');
      await page.press({ key: 'Delete' });
      await until('it is gone', async () => (await shown()).length === 0);
      // The list that is empty now gives the focus away, which would close the next question.
      await vscode.commands.executeCommand('workbench.action.focusActiveEditorGroup');
      await review(page, 'What has changed since the last commit');
      assert.deepEqual(await shown(), []);
    } finally {
      written.undo();
    }
  });
});
