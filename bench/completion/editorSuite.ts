/** Runs inside VS Code (`extensionTestsPath`): types at places of a long file, 10 characters a second, and prints what took how long. */
import { writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import * as vscode from 'vscode';
import { createRandom } from '../../src/core/random';
import { findPageDriver, printLine, type PageDriver } from '../../test/host/pageDriver';
import { hostEnvironment } from '../../test/host/pageOperations';
import { status } from '../../test/host/recur';
import { until } from '../../test/host/waiting';
import { distribution } from './distribution';

const keysPerPlace = 10;
const keyMs = 100;
const places = 25;
/** The memory is read and fitted, the file read up to its end, and the editor's own language server has settled. */
const settlingMs = 30_000;

/** Runs in the page: how long after a key another ghost text stood there. */
const watchGhostText = `(() => {
  const shown = () => [...document.querySelectorAll('.ghost-text-decoration')].map((part) => part.textContent).join('');
  let [keyAt, last] = [undefined, shown()];
  window.recurGhostTexts = [];
  document.addEventListener('keydown', () => (keyAt = performance.now()), true);
  new MutationObserver(() => {
    const text = shown();
    if (text === last) return;
    last = text;
    if (text !== '' && keyAt !== undefined) window.recurGhostTexts.push(performance.now() - keyAt);
    if (text !== '') keyAt = undefined;
  }).observe(document.querySelector('.monaco-workbench'), { subtree: true, childList: true, characterData: true });
})()`;

interface Place {
  readonly line: number;
  readonly character: number;
  readonly typed: string;
}

/** Offsets inside lines, followed by plain characters that no list of suggestions or bracket gets in the way of. */
function choosePlaces(document: vscode.TextDocument): Place[] {
  const random = createRandom(7);
  const chosen: Place[] = [];
  while (chosen.length < places) {
    const line = random.integer(document.lineCount);
    const { text } = document.lineAt(line);
    const character = random.integer(text.length + 1);
    const typed = text.slice(character, character + keysPerPlace);
    if (text.slice(0, character).trim() !== '' && typed.length === keysPerPlace)
      chosen.push({ line, character, typed });
  }
  return chosen;
}

/** How long each answer has taken so far, but for the oldest of very many. */
const latencies = async (): Promise<readonly number[]> => (await status()).completions.latenciesMs;

/** Removes the rest of a line, writes its first characters again, and puts the line back. @returns what the keys' answers took */
async function typeAt(
  page: PageDriver,
  editor: vscode.TextEditor,
  { line, character, typed }: Place,
): Promise<readonly number[]> {
  const at = new vscode.Position(line, character);
  const { range, text } = editor.document.lineAt(line);
  editor.selection = new vscode.Selection(at, at);
  editor.revealRange(new vscode.Range(at, at), vscode.TextEditorRevealType.InCenter);
  await sleep(500);
  await editor.edit((edit) => edit.delete(new vscode.Range(at, range.end)));
  await sleep(500);
  const before = (await latencies()).length;
  for (const key of typed) {
    const startMs = performance.now();
    await page.type({ text: key });
    await sleep(Math.max(0, keyMs - (performance.now() - startMs)));
  }
  await sleep(500);
  const answers = (await latencies()).slice(before);
  await editor.edit((edit) => edit.replace(editor.document.lineAt(line).range, text));
  return answers;
}

async function measure(page: PageDriver, file: string): Promise<void> {
  const editor = await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(file));
  await until('a model is in use', async () => (await status()).engine.model !== null);
  await sleep(settlingMs);
  await vscode.commands.executeCommand('workbench.action.focusActiveEditorGroup');
  await page.evaluate({ expression: watchGhostText });
  const answers: number[] = [];
  for (const place of choosePlaces(editor.document)) answers.push(...(await typeAt(page, editor, place)));
  const ghostTexts = (await page.evaluate({ expression: 'window.recurGhostTexts' })) as number[];
  await printLine(`${places * keysPerPlace} keys in a file of ${editor.document.lineCount} lines, ms:`);
  await printLine(`  from a key to ghost text    ${distribution(ghostTexts)}  (${ghostTexts.length} times)`);
  await printLine(`  from the call to the answer ${distribution(answers)}  (${answers.length} times)`);
}

export async function run(): Promise<void> {
  const page = findPageDriver();
  const [file, results] = [process.env.RECUR_BENCH_FILE, process.env[hostEnvironment.resultsFile]];
  if (page === undefined || file === undefined || results === undefined)
    throw new Error('Run bench completion --editor.');
  let failed = 0;
  await measure(page, file).catch(async (error: unknown) => {
    failed = 1;
    await printLine(String(error));
    await page.screenshot({ name: 'bench-completion-failed' });
  });
  writeFileSync(results, JSON.stringify({ passed: 1 - failed, failed, skipped: [] }));
}
