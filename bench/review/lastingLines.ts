import { defaultCorpus } from '../../src/core/configuration';
import { silentLogger } from '../../src/core/logger';
import { createRandom, shuffle } from '../../src/core/random';
import { askGit } from '../../src/corpus/askGit';
import { changedLines } from '../../src/corpus/changedLines';
import { readTextsOf } from '../../src/corpus/history/committedTexts';
import { changesBetween, filesOfCommit, type FileChange } from '../../src/corpus/history/gitHistory';
import type { LoadedModel } from '../../src/engine/model/engineModel';
import { reviewAmong } from '../../src/engine/surprise/lineReview';
import { unhurried } from '../../src/inference/readPrefix';
import { shownOf } from '../../src/protocol/review';
import type { SourceDocument } from '../../src/text/document';
import { codeLinesOf, scanned } from './codeLines';

/** How long a line must stand to have lasted. */
const lastingMs = 30 * 86_400_000;
/** Of fewer lines one in twenty is none; more are mostly moved, formatted or brought in from elsewhere. */
const [fewestLines, mostLines] = [20, 1000];
const codeFiles = /\.(c|cc|cpp|cs|cts|go|h|hpp|java|jsx?|kt|mjs|mts|php|py|rb|rs|scala|svelte|swift|tsx?|vue)$/;

/** A step of the main branch: a commit, or all that a merge brought. */
interface Step {
  readonly commit: string;
  readonly timeMs: number;
}

/** Lines of code that a step has written into a file. */
interface WrittenLines {
  readonly document: SourceDocument;
  /** Numbers from 0. */
  readonly lines: readonly number[];
  /** Those of them that are others or gone so many days later. */
  readonly changedAgain: ReadonlySet<number>;
}

/** A line of code that a step has written. */
export interface WrittenLine {
  readonly changedAgain: boolean;
  readonly measure: number;
  readonly surprisal: number;
  readonly length: number;
}

/**
 * Lines of code that steps of a repository's main branch have written, each as a review at that time would have ranked it, and
 * whether they were changed again within thirty days.
 * @param directory a clone, with its history
 * @returns the lines of each step that was drawn
 */
export async function lastingLines(
  directory: string,
  model: LoadedModel,
  { commits, seed }: { readonly commits: number; readonly seed: number },
): Promise<WrittenLine[][]> {
  const steps = await stepsOf(directory);
  const newestMs = steps[0]?.timeMs ?? 0;
  const candidates = steps.flatMap(({ timeMs }, index) => (timeMs <= newestMs - lastingMs ? [index] : [])).slice(0, -1);
  const found: WrittenLine[][] = [];
  for (const index of shuffle(candidates, createRandom(seed))) {
    if (found.length === commits) break;
    const [step, before] = [steps[index]!, steps[index + 1]!];
    const later = steps.find(({ timeMs }) => timeMs <= step.timeMs + lastingMs)!;
    const written = await writtenIn(directory, before.commit, step.commit, later.commit);
    const count = written.reduce((sum, { lines }) => sum + lines.length, 0);
    if (count < fewestLines || count > mostLines) continue;
    found.push(await reviewed(model, await documentsOf(directory, step.commit), written));
    console.log(`${found.length} ${step.commit.slice(0, 10)} ${count} lines`);
  }
  return found;
}

/** The newest first. */
async function stepsOf(directory: string): Promise<Step[]> {
  const answer = await askGit(directory, ['rev-list', '--first-parent', '--timestamp', 'HEAD']);
  if (!answer.ok) throw new Error(`${directory} has no history: ${answer.why}`);
  const lines = answer.output.toString().trim().split('\n');
  return lines.map((line) => ({ timeMs: 1000 * Number(line.split(' ')[0]), commit: line.split(' ')[1]! }));
}

async function documentsOf(directory: string, commit: string): Promise<SourceDocument[]> {
  return readTextsOf(directory, await filesOfCommit(directory, commit), defaultCorpus);
}

/** What stands on one side of changes, by path. */
async function textsOf(directory: string, changes: readonly FileChange[], side: keyof FileChange) {
  const files = changes.flatMap(({ [side]: file }) => (file === undefined || !codeFiles.test(file.path) ? [] : [file]));
  const texts = await readTextsOf(directory, files, defaultCorpus);
  return new Map(texts.map(({ path, text }) => [path, text]));
}

/** Lines of code that a step has written, and what became of them. */
export async function writtenIn(
  directory: string,
  before: string,
  step: string,
  later: string,
): Promise<WrittenLines[]> {
  const changes = await changesBetween(directory, [before, step]);
  const texts = await textsOf(directory, changes, 'after');
  const older = await textsOf(directory, changes, 'before');
  const allLater = await changesBetween(directory, [step, later]);
  const changesLater = allLater.filter(({ before: file }) => file !== undefined && texts.has(file.path));
  const newest = await textsOf(directory, changesLater, 'after');
  const written: WrittenLines[] = [];
  for (const [path, text] of texts) {
    const change = changes.find(({ after }) => after?.path === path)!;
    const lines = linesWithout(older.get(change.before?.path ?? ''), text);
    const code = codeLinesOf(scanned({ path, text }));
    const changeLater = changesLater.find(({ before: file }) => file?.path === path);
    const changedAgain = changeLater === undefined ? [] : linesWithout(newest.get(changeLater.after?.path ?? ''), text);
    const document = { path, text };
    written.push({ document, lines: code.filter((line) => lines.has(line)), changedAgain: new Set(changedAgain) });
  }
  return written.filter(({ lines }) => lines.length > 0);
}

/** Numbers of the lines that another text does not have, blanks at both ends aside. */
function linesWithout(other: string | undefined, text: string): Set<number> {
  const trimmed = (each: string): string[] => each.split('\n').map((line) => line.trim());
  return new Set(changedLines(trimmed(other ?? ''), trimmed(text)));
}

async function reviewed(
  model: LoadedModel,
  documents: readonly SourceDocument[],
  written: readonly WrittenLines[],
): Promise<WrittenLine[]> {
  const paths = new Set(written.map(({ document }) => document.path));
  const others = documents.filter(({ path }) => !paths.has(path));
  const workspace = [...others, ...written.map(({ document }) => document)];
  const files = written.map(({ document, lines }) => ({ ...document, lines }));
  const scores = await reviewAmong(model, workspace, files, silentLogger, unhurried());
  const places = written.flatMap((file) => file.lines.map((line) => ({ file, line })));
  return places.map(({ file: { document, changedAgain }, line }, index) => {
    const { score, bits } = scores[index]!;
    const { length } = document.text.split('\n')[line]!.trim();
    return { changedAgain: changedAgain.has(line), measure: score, surprisal: bits, length };
  });
}

/** A share of lines that were changed again, and its standard error. */
interface Share {
  readonly share: number;
  readonly error: number;
}

/** Counts of a step: changed again, of so many. */
interface Count {
  readonly changed: number;
  readonly of: number;
}

/** Lines of one step live and die together: the error is that of drawing steps. */
export function shareOf(counts: readonly Count[]): Share {
  const total = counts.reduce((sum, count) => sum + count.of, 0);
  const share = counts.reduce((sum, { changed }) => sum + changed, 0) / total;
  const squares = counts.reduce((sum, count) => sum + (count.changed - share * count.of) ** 2, 0);
  return { share, error: Math.sqrt((squares * counts.length) / (counts.length - 1)) / total };
}

const changedOf = (lines: readonly WrittenLine[]): number => lines.filter(({ changedAgain }) => changedAgain).length;

/** As many lines of each step as a review shows: the first ones by a ranking, or by lot what is to be expected. */
function shownBy(
  steps: readonly (readonly WrittenLine[])[],
  ranking: 'measure' | 'surprisal' | 'length' | 'lot',
): Count[] {
  return steps.map((lines) => {
    const shown = shownOf(lines.length);
    if (ranking === 'lot') return { changed: (shown * changedOf(lines)) / lines.length, of: shown };
    return { changed: changedOf([...lines].sort((a, b) => b[ranking] - a[ranking]).slice(0, shown)), of: shown };
  });
}

/** How much larger the shares of the same steps are than by lot. */
function gainOf(counts: readonly Count[], byLot: readonly Count[]): Share {
  return shareOf(counts.map(({ changed, of }, index) => ({ changed: changed - byLot[index]!.changed, of })));
}

/** Shares in percent of the lines that were changed again, with standard errors. */
export function printLasting(steps: readonly (readonly WrittenLine[])[]): void {
  const percent = ({ share, error }: Share): string => `${(100 * share).toFixed(1)} ± ${(100 * error).toFixed(1)}`;
  const all = steps.map((lines) => ({ changed: changedOf(lines), of: lines.length }));
  const byLot = shownBy(steps, 'lot');
  const row = (name: string, counts: readonly Count[], gain: string): void =>
    console.log(
      `| ${name} | ${counts.reduce((sum, count) => sum + count.of, 0)} | ${percent(shareOf(counts))} | ${gain} |`,
    );
  console.log(
    `\n${steps.length} commits\n\n| lines | number | changed again | more than by lot |\n| - | -: | -: | -: |`,
  );
  row('all', all, '');
  row('by lot', byLot, '');
  for (const ranking of ['measure', 'surprisal', 'length'] as const) {
    const counts = shownBy(steps, ranking);
    row(`first by ${ranking}`, counts, percent(gainOf(counts, byLot)));
  }
}
