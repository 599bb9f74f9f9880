/**
 * What completions are worth on code that no setting was chosen on: `npm run bench -- usefulness [--projects rxjs,zod]
 * [--workspaces whole,50,200] [--minutes 3] [--columns memory,base:0,none:3,base:3] [--positions 3000] [--lines 600] [--seed 1]
 * [--zpaq PROGRAM]`, after `npm run build`. Downloads, models and figures stay in .cache/usefulness/: what is there is not made
 * again. docs/usefulness.md says what the figures mean.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import * as v from 'valibot';
import { defaultCorpus } from '../src/core/configuration';
import { silentLogger } from '../src/core/logger';
import { createRandom } from '../src/core/random';
import { readCorpus } from '../src/corpus/readCorpus';
import { typistFigures } from '../src/offers/measuring/completionFigures';
import { drawLines, drawPlaces } from '../src/offers/measuring/evaluationPlaces';
import { wordSuggestions } from '../src/offers/measuring/wordList';
import { readJson, writeFileAtomically } from '../src/store/atomicFile';
import type { SourceDocument } from '../src/text/document';
import { parseColumns } from './usefulness/columns';
import { copyableShare, verbatimShare, zpaqBits } from './usefulness/compression';
import { measureColumn, modelOf } from './usefulness/measurement';
import { sourcesOf } from './usefulness/projectFiles';
import { projects, type Project } from './usefulness/projects';
import { printColumns, printTexts, type MeasuredColumn, type Texts } from './usefulness/report';
import { workspaceOf, type Workspace } from './usefulness/workspaces';

const { values } = parseArgs({
  options: {
    projects: { type: 'string', default: projects.map(({ name }) => name).join() },
    workspaces: { type: 'string', default: 'whole' },
    minutes: { type: 'string', default: '3' },
    columns: { type: 'string' },
    positions: { type: 'string', default: '3000' },
    lines: { type: 'string', default: '600' },
    seed: { type: 'string', default: '1' },
    zpaq: { type: 'string', default: 'zpaq' },
  },
});
const { minutes } = values;
const columns = parseColumns(values.columns ?? `memory,base:0,none:${minutes},base:${minutes}`);
const draws = { positions: Number(values.positions), lines: Number(values.lines), seed: Number(values.seed) };
const cache = join(process.cwd(), '.cache/usefulness');

/** What was made before, by name; otherwise made now and kept. */
async function once<Result>(directory: string, name: string, make: () => Promise<Result>): Promise<Result> {
  const file = join(directory, `${name}.json`);
  const kept = await readJson(file, v.object({ result: v.unknown() })).catch(() => undefined);
  if (kept !== undefined) return kept.result as Result;
  const result = await make();
  await writeFileAtomically(file, JSON.stringify({ result }));
  return result;
}

async function textFigures({ folder, heldOut }: Workspace, directory: string): Promise<Texts> {
  const read = async (from: string): Promise<readonly SourceDocument[]> =>
    (await readCorpus([{ directory: from, name: '' }], defaultCorpus, silentLogger)).documents;
  const [training, test] = [await read(folder), await read(heldOut)];
  const random = createRandom(draws.seed);
  // The same draws in the same order as in the engine, so that the lines are the same.
  const places = drawPlaces(test, draws.positions, random);
  const typed = drawLines(test, draws.lines, random).map((line) => ({
    text: line.document.text.slice(line.start, line.end),
    line,
  }));
  return {
    testCharacters: test.reduce((sum, { text }) => sum + text.length, 0),
    verbatim: verbatimShare(training, test),
    copyable: Object.fromEntries([0, 4, 8].map((context) => [context, copyableShare(training, places, context)])),
    zpaq: await zpaqBits(values.zpaq, directory, training, test),
    words: typistFigures(typed, ({ line }) => wordSuggestions(line)),
  };
}

async function measure(project: Project, size: string): Promise<void> {
  const directory = join(cache, project.name);
  await mkdir(directory, { recursive: true });
  const workspace = await workspaceOf(await sourcesOf(project, directory), directory, size);
  const key = [size, draws.positions, draws.lines, draws.seed].join('-');
  printTexts(project, size, await once(directory, `texts-${key}`, () => textFigures(workspace, directory)));
  const measured: MeasuredColumn[] = [];
  for (const column of columns) {
    const model = await modelOf(column, workspace, directory);
    const name = `measured-${column.name.replace(':', '-')}-${key}`;
    measured.push({
      ...column,
      measured: await once(directory, name, () => measureColumn(column, model, workspace, draws)),
    });
  }
  printColumns(measured);
}

for (const name of values.projects.split(',')) {
  const project = projects.find((known) => known.name === name);
  if (project === undefined) throw new Error(`There is no project ${name}.`);
  for (const size of values.workspaces.split(',')) await measure(project, size);
}
