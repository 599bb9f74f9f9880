/** Runs inside VS Code (`extensionTestsPath`): types names behind dots, with a list of the members and without, and prints what was offered. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import * as vscode from 'vscode';
import { createRandom, shuffle } from '../../src/core/random';
import { ghostText } from '../../test/host/ghostText';
import { findPageDriver, printLine, type PageDriver } from '../../test/host/pageDriver';
import { hostEnvironment } from '../../test/host/pageOperations';
import { setSettings, status } from '../../test/host/recur';
import { until } from '../../test/host/waiting';
import { distribution } from '../completion/distribution';
import { serverIsReady } from '../list/languageServer';

/** What the benchmark tells this suite, as JSON in RECUR_BENCH_FILE. */
export interface MembersTask {
  readonly folder: string;
  readonly files: readonly string[];
  readonly places: number;
}

/** The memory is read, and the editor's own language server has settled. */
const settlingMs = 20_000;
/** Behind the dot: longer than the pause after which the list is asked for, and the server's answer. */
const pauseMs = 500;
/** Behind the letter: longer than an answer takes. */
const answerMs = 300;
/** Places in a row with the same setting, so that both see the same machine. */
const blockLength = 25;
/** A longer name than its first letter, behind something with members. */
const access = /(?<=[\w)\]])\.(?=[A-Za-z_$][\w$])/g;
const comment = /^\s*(?:\/\/|\/?\*)/;
const name = /^[\w$]*/;

interface Place {
  readonly file: string;
  readonly line: number;
  /** Of the dot. */
  readonly character: number;
  /** Behind the dot. */
  readonly rest: string;
}

interface Outcome {
  /** What is shown behind the first letter; empty: nothing. */
  readonly shown: string;
  readonly isRightName: boolean;
  readonly isMember: boolean;
  readonly isRightLine: boolean;
  readonly answersMs: readonly number[];
}

function drawPlaces({ folder, files, places }: MembersTask): Place[] {
  const all: Place[] = [];
  for (const path of files) {
    const file = join(folder, path);
    for (const [line, text] of readFileSync(file, 'utf8').split('\n').entries()) {
      if (comment.test(text)) continue;
      for (const { index } of text.matchAll(access)) {
        // In a string there are no members.
        const isInString = /'(?:[^']*'[^']*')*[^']*$/.test(text.slice(0, index)) || text.slice(0, index).includes('`');
        if (!isInString) all.push({ file, line, character: index, rest: text.slice(index + 1) });
      }
    }
  }
  return shuffle(all, createRandom(11)).slice(0, places);
}

async function membersAt(document: vscode.TextDocument, position: vscode.Position): Promise<ReadonlySet<string>> {
  const command = 'vscode.executeCompletionItemProvider';
  const list = await vscode.commands.executeCommand<vscode.CompletionList>(command, document.uri, position);
  const labels = list.items.map(({ label }) => (typeof label === 'string' ? label : label.label));
  return new Set(labels.map((label) => label.replace(/[?!]$/, '')));
}

/** How long each answer with a suggestion has taken so far. */
const answers = async (): Promise<readonly number[]> => (await status()).completions.latenciesMs;

async function typeAt(page: PageDriver, { file, line, character, rest }: Place): Promise<Outcome> {
  const document = await vscode.workspace.openTextDocument(file);
  const editor = await vscode.window.showTextDocument(document);
  const at = new vscode.Position(line, character);
  const { range, text } = document.lineAt(line);
  editor.selection = new vscode.Selection(at, at);
  editor.revealRange(new vscode.Range(at, at), vscode.TextEditorRevealType.InCenter);
  await editor.edit((edit) => edit.delete(new vscode.Range(at, range.end)));
  await vscode.commands.executeCommand('workbench.action.focusActiveEditorGroup');
  await page.type({ text: '.' });
  await sleep(pauseMs);
  const before = (await answers()).length;
  await page.type({ text: rest[0]! });
  await sleep(answerMs);
  const shown = await ghostText(page);
  const answersMs = (await answers()).slice(before);
  const members = await membersAt(document, at.translate(0, 1));
  await editor.edit((edit) => edit.replace(document.lineAt(line).range, text));
  const offered = `${rest[0]!}${shown}`;
  const offeredName = name.exec(offered)![0];
  return {
    ...{ shown, answersMs },
    isRightName: offeredName === name.exec(rest)![0],
    isMember: members.has(offeredName),
    isRightLine: offered.trimEnd() === rest.trimEnd(),
  };
}

async function print(withMembers: boolean, outcomes: readonly Outcome[]): Promise<void> {
  const count = (is: (outcome: Outcome) => boolean): number =>
    outcomes.filter((outcome) => outcome.shown !== '' && is(outcome)).length;
  await printLine(
    `${withMembers ? 'with the members' : 'without'}: of ${outcomes.length} places shown ${count(() => true)}, ` +
      `the right name ${count(({ isRightName }) => isRightName)}, ` +
      `another member ${count(({ isRightName, isMember }) => !isRightName && isMember)}, ` +
      `no member ${count(({ isRightName, isMember }) => !isRightName && !isMember)}, ` +
      `the rest of the line exactly right ${count(({ isRightLine }) => isRightLine)}`,
  );
  const answersMs = outcomes.flatMap((outcome) => outcome.answersMs);
  await printLine(`  from the call to the answer, ms: ${distribution(answersMs)}  (${answersMs.length} times)`);
}

async function measure(page: PageDriver, task: MembersTask): Promise<void> {
  const places = drawPlaces(task);
  await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(places[0]!.file));
  await until('a model is in use', async () => {
    const { engine } = await status();
    return engine.id !== null || engine.isBase;
  });
  await serverIsReady(places[0]!.file);
  await sleep(settlingMs);
  const outcomes = new Map<boolean, Outcome[]>([
    [false, []],
    [true, []],
  ]);
  for (let start = 0; start < places.length; start += blockLength) {
    for (const [withMembers, own] of outcomes) {
      await setSettings({ 'completions.members': withMembers });
      for (const place of places.slice(start, start + blockLength)) own.push(await typeAt(page, place));
    }
  }
  for (const [withMembers, own] of outcomes) await print(withMembers, own);
}

export async function run(): Promise<void> {
  const page = findPageDriver();
  const [task, results] = [process.env.RECUR_BENCH_FILE, process.env[hostEnvironment.resultsFile]];
  if (page === undefined || task === undefined || results === undefined) throw new Error('Run bench members.');
  let failed = 0;
  await measure(page, JSON.parse(task) as MembersTask).catch(async (error: unknown) => {
    failed = 1;
    await printLine(error instanceof Error ? (error.stack ?? error.message) : String(error));
    await page.screenshot({ name: 'bench-members-failed' });
  });
  writeFileSync(results, JSON.stringify({ passed: 1 - failed, failed, skipped: [] }));
}
