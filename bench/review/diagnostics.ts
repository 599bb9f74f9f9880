import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import ts from 'typescript';
import type { SourceDocument } from '../../src/text/document';
import { askPython } from './python';

/** What a tool says of a text, and where: its line from 0. */
export interface Diagnostic {
  readonly line: number;
  readonly code: number | string;
}

/** What a tool says of each text as it would stand in its project. */
export type Diagnose = (texts: readonly SourceDocument[]) => Diagnostic[][];

/** How many messages more there are than before on the lines that have more; of a kind that stood there already only those beyond. */
export function newDiagnostics(
  before: readonly Diagnostic[],
  after: readonly Diagnostic[],
): ReadonlyMap<number, number> {
  const nameOf = ({ line, code }: Diagnostic): string => `${line} ${code}`;
  const known = new Map<string, number>();
  for (const each of before) known.set(nameOf(each), (known.get(nameOf(each)) ?? 0) + 1);
  const counts = new Map<number, number>();
  for (const each of after) {
    const left = known.get(nameOf(each)) ?? 0;
    if (left > 0) known.set(nameOf(each), left - 1);
    else counts.set(each.line, (counts.get(each.line) ?? 0) + 1);
  }
  return counts;
}

const compilerOptions: ts.CompilerOptions = {
  ...{ strict: true, noEmit: true, skipLibCheck: true, allowImportingTsExtensions: true, types: ['node'] },
  target: ts.ScriptTarget.ESNext,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
};

/**
 * TypeScript's errors of meaning, strict, in a project of these files: packages that they import and that are not installed here
 * say nothing. One language service answers for all texts, each put in place of its file in turn.
 */
export function typescriptDiagnose(
  directory: string,
  project: readonly SourceDocument[],
  options: ts.CompilerOptions = {},
): Diagnose {
  const fileOf = ({ path }: SourceDocument): string => join(directory, path);
  const texts = new Map(project.map((document) => [fileOf(document), document.text]));
  const versions = new Map<string, number>();
  const service = ts.createLanguageService({
    getCompilationSettings: () => ({ ...compilerOptions, ...options }),
    getCurrentDirectory: () => directory,
    getDefaultLibFileName: ts.getDefaultLibFilePath,
    getScriptFileNames: () => [...texts.keys()],
    getScriptVersion: (file) => String(versions.get(file) ?? 0),
    getScriptSnapshot: (file) => {
      const text = texts.get(file) ?? ts.sys.readFile(file);
      return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
    },
    fileExists: (file) => texts.has(file) || ts.sys.fileExists(file),
    readFile: (file) => texts.get(file) ?? ts.sys.readFile(file),
    directoryExists: (path) => ts.sys.directoryExists(path),
    getDirectories: (path) => ts.sys.getDirectories(path),
  });
  const put = (file: string, text: string): void => {
    texts.set(file, text);
    versions.set(file, (versions.get(file) ?? 0) + 1);
  };
  return (asked) =>
    asked.map((document) => {
      const file = fileOf(document);
      const own = texts.get(file)!;
      put(file, document.text);
      const found = service.getSemanticDiagnostics(file).map(({ start, code }) => {
        return { line: document.text.slice(0, start).split('\n').length - 1, code };
      });
      put(file, own);
      return found;
    });
}

/**
 * pyflakes' messages, installed into a folder of its own the first time.
 * @returns undefined where it cannot be had
 */
export function pyflakesDiagnose(directory: string): Diagnose | undefined {
  if (!existsSync(directory)) {
    const requirements = ['--require-hashes', '--no-deps', '-r', resolve('bench/review/pyflakes.txt')];
    const pip = ['-m', 'pip', 'install', '--quiet', '--target', directory, ...requirements];
    if (spawnSync('python3', pip, { stdio: ['ignore', 'inherit', 'inherit'] }).status !== 0) return undefined;
  }
  return (asked) => {
    const texts = asked.map(({ text }) => text);
    const messages = askPython('pyflakesMessages.py', texts, directory) as { line: number; code: string }[][];
    return messages.map((each) => each.map(({ line, code }) => ({ line: line - 1, code })));
  };
}
