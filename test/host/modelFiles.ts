/** What Recur leaves on the disk, read without Recur's own code. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

export interface HistoryLine {
  readonly type: 'start' | 'progress' | 'validation' | 'export';
  readonly step: number;
  readonly seconds: number;
  readonly charactersPerSecond: number;
  readonly nats: number;
  readonly gradientNorm: number;
  readonly learningRate: number;
  readonly perplexity: number;
  readonly bitsPerCharacter: number;
}

interface RunFile {
  readonly folders: readonly { readonly directory: string; readonly name: string }[];
  readonly corpus: {
    readonly include: readonly string[];
    readonly exclude: readonly string[];
    readonly maxFileBytes: number;
    readonly maxCorpusBytes: number;
  };
  readonly split: readonly { readonly path: string }[];
}

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(file, 'utf8'));
}

/** Id of the model in use. */
export function currentModel(directory: string): string | undefined {
  const file = path.join(directory, 'current.json');
  return existsSync(file) ? (readJson(file) as { model: string }).model : undefined;
}

/** Names of the folders of `models/` or `runs/`, oldest first. */
export function storedNames(directory: string, kind: 'models' | 'runs'): string[] {
  const folder = path.join(directory, kind);
  return existsSync(folder) ? readdirSync(folder).sort() : [];
}

/** Everything in the folders of models and runs, with their paths. */
export function filesOf(directory: string): string[] {
  const entries = existsSync(directory) ? readdirSync(directory, { recursive: true, encoding: 'utf8' }) : [];
  return entries.filter((entry) => /^(models|runs)[\\/]/.test(entry)).sort();
}

function newestRun(directory: string): string {
  return path.join(directory, 'runs', storedNames(directory, 'runs').at(-1) ?? 'none');
}

/** The lines of the newest run's `history.jsonl`, as they were written. */
export function newestHistory(directory: string): HistoryLine[] {
  const text = readFileSync(path.join(newestRun(directory), 'history.jsonl'), 'utf8');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as HistoryLine);
}

/** The last line about the largest step: a step that is measured again is written again. */
export function lastMeasured(history: readonly HistoryLine[], type: 'progress' | 'validation'): HistoryLine {
  const lines = history.filter((line) => line.type === type);
  const largest = Math.max(...lines.map(({ step }) => step));
  const last = lines.findLast(({ step }) => step === largest);
  if (last === undefined) throw new Error(`The history has no line of the type ${type}.`);
  return last;
}

/** The last line about the largest step up to a place; undefined where there is none. */
export function lastMeasuredUpTo(
  history: readonly HistoryLine[],
  type: 'progress' | 'validation',
  place: number,
): HistoryLine | undefined {
  const lines = history.filter((line) => line.type === type && line.step <= place);
  return lines.length === 0 ? undefined : lastMeasured(lines, type);
}

/** What the newest run was trained on. */
export function newestRunFile(directory: string): RunFile {
  return readJson(path.join(newestRun(directory), 'configuration.json')) as RunFile;
}

/** The folder with `current.json` below what an editor's server writes: the storage of the one workspace it has seen. */
export function storageFolder(dataFolder: string): string | undefined {
  const storages = path.join(dataFolder, 'data/User/workspaceStorage');
  if (!existsSync(storages)) return undefined;
  return readdirSync(storages)
    .map((name) => path.join(storages, name, 'recur.recur'))
    .find((folder) => existsSync(folder));
}
