/**
 * What completions are worth on code that no setting was chosen on: `npm run bench -- usefulness [--projects rxjs,zod]
 * [--minutes 3] [--positions 3000] [--seed 1] [--zpaq PROGRAM]`, after `npm run build`. Downloads, models and figures stay in
 * .cache/usefulness/: what is there is not made again. docs/usefulness.md says what the figures mean.
 */
import { spawnSync } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import * as v from 'valibot';
import { typistFigures, type CompletionFigures, type TypistFigures } from '../src/core/completionFigures';
import { defaultCompletions } from '../src/core/configuration';
import { drawLines, drawPlaces } from '../src/core/evaluationPlaces';
import { silentLogger } from '../src/core/logger';
import { createRandom } from '../src/core/random';
import { startEngine, type EngineClient } from '../src/processes/client';
import { documentsOfSplit } from '../src/processes/engineEvaluation';
import { readJson, writeFileAtomically } from '../src/protocol/atomicFile';
import { measuredModels, type MeasuredModel, type MemoryEvaluation } from '../src/protocol/engine';
import { findModel, readModel, readRunOfModel } from '../src/protocol/modelDirectory';
import { copyableShare, verbatimShare, zpaqBits } from './usefulness/compression';
import { projects, type Project } from './usefulness/projects';
import { sourcesOf } from './usefulness/projectFiles';
import { wordSuggestions } from './usefulness/wordBased';

const { values } = parseArgs({
  options: {
    projects: { type: 'string', default: projects.map(({ name }) => name).join() },
    minutes: { type: 'string', default: '3' },
    positions: { type: 'string', default: '3000' },
    seed: { type: 'string', default: '1' },
    zpaq: { type: 'string', default: 'zpaq' },
  },
});
const [positions, seed] = [Number(values.positions), Number(values.seed)];
/** Lines are typed character by character: about 30 places each. */
const lines = Math.ceil(positions / 20);
const cache = join(process.cwd(), '.cache/usefulness');

type Figures = Record<MeasuredModel, CompletionFigures>;
interface Texts {
  readonly testCharacters: number;
  readonly verbatim: number;
  /** Shares by how many characters before a place have to be the same. */
  readonly copyable: Readonly<Record<string, number>>;
  readonly zpaq: number | null;
  readonly words: ReturnType<typeof typistFigures>;
}

/** What was made before, by name; otherwise made now and kept. */
async function once<Result>(directory: string, name: string, make: () => Promise<Result>): Promise<Result> {
  const file = join(directory, `${name}.json`);
  const kept = await readJson(file, v.object({ result: v.unknown() })).catch(() => undefined);
  if (kept !== undefined) return kept.result as Result;
  const result = await make();
  await writeFileAtomically(file, JSON.stringify({ result }));
  return result;
}

async function modelOf(directory: string, sources: string): Promise<string> {
  const model = join(directory, `model-${values.minutes}`);
  if ((await findModel(model).catch(() => undefined)) !== undefined) return model;
  const { status } = spawnSync(
    process.execPath,
    ['dist/cli.js', 'train', sources, '--minutes', values.minutes, '--out', model],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  if (status !== 0) throw new Error(`The training in ${sources} failed.`);
  return model;
}

async function textFigures(model: string, directory: string): Promise<Texts> {
  const run = (await readRunOfModel(await readModel(model)))!;
  const [training, test] = [
    await documentsOfSplit(run, 'training', silentLogger),
    await documentsOfSplit(run, 'test', silentLogger),
  ];
  const random = createRandom(seed);
  // The same draws in the same order as in the engine, so that the lines are the same.
  const places = drawPlaces(test, positions, random);
  const typed = drawLines(test, lines, random).map((line) => ({
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

async function withEngine<Result>(model: string, use: (engine: EngineClient) => Promise<Result>): Promise<Result> {
  const engine = startEngine({ entry: join(process.cwd(), 'dist/engine.js'), logger: silentLogger });
  try {
    await engine.remote.load({ directory: model, provider: 'cpu' });
    return await use(engine);
  } finally {
    engine.dispose();
  }
}

async function measure(project: Project): Promise<void> {
  const directory = join(cache, project.name);
  await mkdir(directory, { recursive: true });
  const model = await modelOf(directory, await sourcesOf(project, directory));
  const key = `${values.minutes}-${positions}-${seed}`;
  const files = { split: 'test' } as const;
  const texts = await once(directory, `text-figures-${key}`, () => textFigures(model, directory));
  const bits = await once(directory, `bits-${key}`, () =>
    withEngine(model, (engine) => engine.remote.evaluateWithMemory(files)),
  );
  const figures: Partial<Figures> = {};
  for (const measured of measuredModels) {
    const request = { files, model: measured, positions, lines, seed, ...defaultCompletions };
    figures[measured] = await once(directory, `completions-${measured}-${key}`, () =>
      withEngine(model, (engine) => engine.remote.evaluateCompletions(request)),
    );
  }
  print(project, texts, bits, figures as Figures);
}

const percent = (share: number | null): string => (share === null ? '-' : (100 * share).toFixed(1));
const best = (typists: readonly TypistFigures[], of: (typist: TypistFigures) => number): string => {
  const highest = typists.reduce((a, b) => (of(b) > of(a) ? b : a));
  return `${percent(of(highest))} (${highest.threshold})`;
};

/** The largest share of places at which what is shown is right at least so often. */
function coverageAt({ curves }: CompletionFigures, precision: number): string {
  const enough = curves.operatingPoints.filter((point) => (point.precision ?? 1) >= precision);
  return percent(Math.max(0, ...enough.map(({ shownShare }) => shownShare)));
}

function print({ name, language, version }: Project, texts: Texts, bits: MemoryEvaluation, figures: Figures): void {
  const zpaq = texts.zpaq === null ? 'zpaq is not installed' : `zpaq -m5 ${texts.zpaq.toFixed(3)} bits per character`;
  const { free, paying } = texts.words;
  console.log(
    `\n### ${name} ${version} (${language})\n\n${texts.testCharacters} characters of test files; ${percent(texts.verbatim)} % of their lines over 20` +
      ` characters stand verbatim in the training part. The rest of a line stands there or above in the file at ${percent(texts.copyable[0]!)} %` +
      ` of the places, behind the same 4 characters at ${percent(texts.copyable[4]!)} %, behind the same 8 at ${percent(texts.copyable[8]!)} %;` +
      ` ${zpaq}. Words of the file as an editor lists them save` +
      ` ${percent(free.line)} % of the keystrokes, ${percent(paying.line)} % with half a one lost by each wrong first item.\n`,
  );
  const rows = measuredModels.map((model) => ({ model, figure: figures[model], bits: bits[model].bitsPerCharacter }));
  const row = (label: string, of: (row: (typeof rows)[number]) => string): void =>
    console.log(`| ${label} | ${rows.map(of).join(' | ')} |`);
  row('', ({ model }) => model);
  row('-', () => '-:');
  row('bits per character', ({ bits }) => bits.toFixed(3));
  row('rest of line exactly right, %', ({ figure }) => percent(figure.exactShare));
  row(`shown at ${defaultCompletions.minimumConfidence}, %`, ({ figure }) => percent(figure.shownShare));
  row('of that right, %', ({ figure }) => percent(figure.precision));
  row('shown where 60 % of it is right, %', ({ figure }) => coverageAt(figure, 0.6));
  row('calibration error, all / shown, points', ({ figure }) =>
    [figure.expectedCalibrationError, figure.shownCalibrationError].map(percent).join(' / '),
  );
  row('keystrokes saved, whole suggestions, %', ({ figure }) => percent(figure.keystrokesSaved.line));
  row('word by word', ({ figure }) => percent(figure.keystrokesSaved.word));
  row('at the best threshold, whole', ({ figure }) => best(figure.curves.typists, (at) => at.keystrokesSaved.line));
  row('word by word', ({ figure }) => best(figure.curves.typists, (at) => at.keystrokesSaved.word));
  row('paying 0.5 for each wrong one, whole', ({ figure }) => percent(figure.payingForWrong.line));
  row('word by word', ({ figure }) => percent(figure.payingForWrong.word));
  row('at the best threshold, whole', ({ figure }) => best(figure.curves.typists, (at) => at.payingForWrong.line));
  row('word by word', ({ figure }) => best(figure.curves.typists, (at) => at.payingForWrong.word));
}

for (const name of values.projects.split(',')) {
  const project = projects.find((known) => known.name === name);
  if (project === undefined) throw new Error(`There is no project ${name}.`);
  await measure(project);
}
