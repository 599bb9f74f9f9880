/** Runs inside VS Code (`extensionTestsPath`): types held-out lines with the language server's list at hand, and prints what is saved. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { defaultCompletions, defaultCorpus } from '../../src/core/configuration';
import { silentLogger } from '../../src/core/logger';
import { createRandom } from '../../src/core/random';
import { startEngine, type EngineClient } from '../../src/ipc/client';
import { defaultListShares, isBehindMemberAccess } from '../../src/offers/completionFilters';
import { drawLines, type MeasuredLine } from '../../src/offers/measuring/evaluationPlaces';
import { isRight, keystrokesSaved, typeLine, type JudgedText, type Taken } from '../../src/offers/measuring/typist';
import { printLine } from '../../test/host/pageDriver';
import { hostEnvironment } from '../../test/host/pageOperations';
import { extension } from '../../test/host/recur';
import { serverIsReady } from './languageServer';
import { createListedItems } from './listedItems';

/** What the benchmark tells this suite, as JSON in RECUR_BENCH_FILE. */
export interface ListTask {
  readonly model: string;
  /** What the memory holds. */
  readonly training: string;
  /** Held-out files below `folder`. */
  readonly folder: string;
  readonly files: readonly string[];
  readonly lines: number;
}

/** How likely to be wrong a suggestion behind a member access may be, as a share of what it may be elsewhere. */
const shares = [1, 0.8, 0.6, 0.4, 0.2, 0];
const comment = /^(?:\/\/|\/?\*)/;

interface TypedLine {
  readonly text: string;
  /** By index in the line. */
  readonly listed: ReadonlyMap<number, Taken>;
  /** By index, for each of the shares. */
  readonly offers: ReadonlyMap<number, readonly (JudgedText | undefined)[]>;
}

/** What to ask for, so that the engine, which asks for more behind a member access by its own share, asks for so much. */
function minimumFor(share: number, before: string): number {
  const allowed = 1 - defaultCompletions.minimumConfidence;
  return 1 - (isBehindMemberAccess(before) ? (allowed * share) / defaultListShares.member : allowed);
}

async function typeMeasured(engine: EngineClient, folder: string, line: MeasuredLine): Promise<TypedLine> {
  const { document, start, end } = line;
  const text = document.text.slice(start, end);
  const opened = await vscode.workspace.openTextDocument(join(folder, document.path));
  const editor = await vscode.window.showTextDocument(opened);
  const uri = opened.uri.toString();
  const whole = new vscode.Range(opened.positionAt(start), opened.positionAt(end));
  await editor.edit((edit) => edit.delete(whole));
  const list = createListedItems();
  const [listed, offers] = [new Map<number, Taken>(), new Map<number, (JudgedText | undefined)[]>()];
  for (let index = 0; index < text.length; index++) {
    const [before, rest] = [text.slice(0, index), text.slice(index)];
    const position = opened.positionAt(start + index);
    const choice = await list.choiceAt(opened.uri, position, before, rest);
    if (choice !== undefined) listed.set(index, choice);
    const { version } = opened;
    await engine.remote.openDocument({ uri, path: document.path, version, text: opened.getText() });
    const judged: (JudgedText | undefined)[] = [];
    for (const share of isBehindMemberAccess(before) ? shares : shares.slice(0, 1)) {
      judged.push(await offerAt(engine, { uri, version, offset: start + index }, minimumFor(share, before), rest));
    }
    offers.set(index, judged);
    await editor.edit((edit) => edit.insert(position, text[index]!), { undoStopBefore: false, undoStopAfter: false });
  }
  return { text, listed, offers };
}

async function offerAt(
  engine: EngineClient,
  place: { uri: string; version: number; offset: number },
  minimumConfidence: number,
  rest: string,
): Promise<JudgedText | undefined> {
  const { maxCharacters } = defaultCompletions;
  const answer = await engine.remote.complete({ ...place, maxCharacters, minimumConfidence, exact: true });
  if (answer.kind !== 'completion') return undefined;
  const { text } = answer.completion;
  return { text, right: isRight(text, false, rest) };
}

/** Share of the keystrokes saved by whole suggestions and the list. @param share index; undefined: the list alone */
function savedBy(lines: readonly TypedLine[], share: number | undefined, closedBySuggestions: boolean): string {
  let [characters, keystrokes] = [0, 0];
  for (const { text, listed, offers } of lines) {
    const offer = (index: number): JudgedText | undefined => {
      const judged = offers.get(index);
      return share === undefined || judged === undefined ? undefined : judged[Math.min(share, judged.length - 1)];
    };
    const list = { closedBySuggestions, choiceAt: (index: number) => listed.get(index) };
    characters += text.length;
    keystrokes += typeLine(text, offer, 'line', list).keystrokes;
  }
  return (100 * keystrokesSaved(characters, { keystrokes, wrong: 0 })).toFixed(1).padStart(6);
}

async function measure({ model, training, folder, files, lines }: ListTask): Promise<void> {
  const engine = startEngine({ entry: join(extension().extensionPath, 'dist/engine.js'), logger: silentLogger });
  try {
    const memory = { folders: [{ directory: training, name: 'training' }], corpus: defaultCorpus, patient: false };
    await engine.remote.load({ directory: model, provider: 'cpu', memory });
    await engine.remote.memoryReady();
    const documents = await Promise.all(
      files.map(async (path) => {
        const opened = await vscode.workspace.openTextDocument(join(folder, path));
        return { path, text: opened.getText() };
      }),
    );
    const drawn = drawLines(documents, lines * 2, createRandom(3));
    const code = drawn.filter(({ document, start }) => !comment.test(document.text.slice(start, start + 2)));
    await serverIsReady(join(folder, files[0]!));
    const typed: TypedLine[] = [];
    for (const line of code.slice(0, lines)) typed.push(await typeMeasured(engine, folder, line));
    const places = typed.reduce((sum, { listed }) => sum + listed.size, 0);
    await printLine(`${typed.length} lines, at ${places} places the list has what is meant in one of its rows`);
    await printLine(`keystrokes saved, %: the list alone ${savedBy(typed, undefined, true)}`);
    await printLine('share behind a member access   closed by suggestions   side by side');
    for (const [index, share] of shares.entries()) {
      await printLine(
        `${String(share).padStart(28)}${savedBy(typed, index, true).padStart(24)}${savedBy(typed, index, false).padStart(15)}`,
      );
    }
  } finally {
    engine.dispose();
  }
}

export async function run(): Promise<void> {
  const [task, results] = [process.env.RECUR_BENCH_FILE, process.env[hostEnvironment.resultsFile]];
  if (task === undefined || results === undefined) throw new Error('Run bench list.');
  let failed = 0;
  await measure(JSON.parse(task) as ListTask).catch(async (error: unknown) => {
    failed = 1;
    await printLine(error instanceof Error ? (error.stack ?? error.message) : String(error));
  });
  writeFileSync(results, JSON.stringify({ passed: 1 - failed, failed, skipped: [] }));
}
