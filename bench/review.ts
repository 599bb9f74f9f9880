/**
 * Whether the review of changes finds slips: `npm run bench -- review [--projects rxjs,zod] [--variants both,network,memory]
 * [--slips 400] [--characters 60000] [--seed 1] [--model FOLDER]`. Of every project a fifth of the files, by a hash of the path, is
 * held out; in each of so many copies of them one slip is made. The other lines keep the rank that they have without the slip.
 * Downloads and ranks stay in .cache/review/. docs/review.md says what the figures mean.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { defaultCorpus } from '../src/core/configuration';
import { silentLogger } from '../src/core/logger';
import { createRandom, shuffle } from '../src/core/random';
import { sha256Of } from '../src/core/sha256';
import { readCorpus } from '../src/corpus/readCorpus';
import { keptWeights, memoryOf } from '../src/engine/measuring/memoryEvaluation';
import { createProviderTrials } from '../src/engine/providers/providerTrials';
import { createModelSlot, type LoadedModel } from '../src/engine/model/engineModel';
import { linesOf, surpriseOfLines, type LineModel } from '../src/engine/surprise/lineSurprise';
import { unhurried } from '../src/inference/readPrefix';
import { inVocabulary } from '../src/inference/translation';
import { createUniformSession } from '../src/inference/uniformSession';
import { createLanguageMemory } from '../src/memory/languageMemory';
import { initialWeights, withoutNetwork } from '../src/memory/memoryWeights';
import type { CharacterSurprise } from '../src/surprise/characterSurprise';
import { lineEvidence } from '../src/surprise/lineEvidence';
import { partOf, scannedText, type ScannedText } from '../src/surprise/scannedText';
import { judgeLine } from '../src/surprise/lineJudgement';
import { createWordKnowledge, type WordKnowledge } from '../src/surprise/wordKnowledge';
import { scanWords } from '../src/surprise/wordScanning';
import type { SourceDocument } from '../src/text/document';
import { languageOf } from '../src/text/languages';
import { buildVocabulary, createVocabulary } from '../src/text/vocabulary';
import { chooseSlips, type FileSlip } from './review/chooseSlips';
import { reviewProjects } from './review/projects';
import { chanceShares, rankingNames, rankOf, sharesOf, type Rankings, type SlipRank } from './review/ranking';
import { applySlip, slipKinds } from './review/slip';
import type { Project } from './usefulness/projects';
import { sourcesOf } from './usefulness/projectFiles';

const { values } = parseArgs({
  options: {
    projects: { type: 'string', default: reviewProjects.map(({ name }) => name).join() },
    variants: { type: 'string', default: 'both,network,memory' },
    slips: { type: 'string', default: '400' },
    characters: { type: 'string', default: '60000' },
    seed: { type: 'string', default: '1' },
    model: { type: 'string', default: 'media/base' },
  },
});
const pace = unhurried();
const cache = join(process.cwd(), '.cache/review');

const scanned = ({ path, text }: SourceDocument): ScannedText => scannedText(text, scanWords(text, languageOf(path)));

interface Held {
  readonly documents: readonly SourceDocument[];
  readonly rest: readonly SourceDocument[];
}

/** Files that are neither tiny nor huge, so many characters of them. */
function heldOut(all: readonly SourceDocument[], mostCharacters: number, seed: number): Held {
  const isHeld = ({ path }: SourceDocument): boolean => Number.parseInt(sha256Of(path).slice(0, 8), 16) % 5 === 0;
  const fitting = all.filter((file) => isHeld(file) && file.text.split('\n').length >= 30 && file.text.length < 30_000);
  let characters = 0;
  const documents = shuffle(fitting, createRandom(seed)).filter(
    ({ text }) => (characters += text.length) <= mostCharacters,
  );
  return { documents, rest: all.filter((file) => !isHeld(file)) };
}

async function lineModelOf(variant: string, model: LoadedModel, { documents, rest }: Held): Promise<LineModel> {
  if (variant === 'network') return { session: model.session, memory: undefined };
  const { codePoints } = buildVocabulary(
    [...documents, ...rest].map(({ text }) => text),
    2000,
  );
  const vocabulary = createVocabulary([...codePoints, ...model.session.vocabulary.codePoints]);
  const workspace = await memoryOf(vocabulary, rest);
  if (variant === 'memory') {
    const memory = createLanguageMemory(vocabulary, workspace, withoutNetwork(initialWeights()));
    return { session: createUniformSession(vocabulary), memory };
  }
  const weights = (await keptWeights(model.stored)) ?? initialWeights();
  const { session } = inVocabulary(model.session, vocabulary);
  return { session, memory: createLanguageMemory(vocabulary, workspace, weights) };
}

/** A line of a text: its number, and where it stands. */
function boundsOf(text: string, line: number): [number, number] {
  const lines = linesOf(text);
  const start = lines.slice(0, line).reduce((sum, { length }) => sum + length, 0);
  return [start, start + lines[line]!.length];
}

interface Slipped {
  readonly slip: FileSlip;
  readonly line: number;
  readonly text: string;
  readonly scanned: ScannedText;
}

function slippedIn(slip: FileSlip): Slipped {
  const text = applySlip(slip.document.text, slip);
  const line = text.slice(0, slip.at).split('\n').length - 1;
  return { slip, line, text, scanned: scanned({ path: slip.document.path, text }) };
}

function knowledgeOf(rest: readonly SourceDocument[], asked: readonly { text: ScannedText; line: number }[]) {
  const knowledge = createWordKnowledge(false);
  for (const { text, line } of asked) {
    const { from, to } = partOf(text, ...boundsOf(text.text, line));
    for (let place = from; place < to; place++) knowledge.surroundings.want(text.sequence.codes, place);
  }
  for (const document of rest) knowledge.add(scanned(document));
  return knowledge;
}

async function ranksIn(
  lineModel: LineModel,
  document: SourceDocument,
  slips: readonly Slipped[],
  knowledge: WordKnowledge,
): Promise<SlipRank[]> {
  const own = scanned(document);
  const codeLines = linesOf(document.text).flatMap((_, line) => (isCode(own, line) ? [line] : []));
  const [whole, ...slipped] = await surpriseOfLines(
    lineModel,
    [
      { ...document, lines: codeLines },
      ...slips.map(({ line, text }) => ({ path: document.path, text, lines: [line] })),
    ],
    pace,
  );
  const judge = (text: ScannedText, line: number, surprise: CharacterSurprise): Rankings => {
    const [start, end] = boundsOf(text.text, line);
    const { score, bits } = judgeLine(lineEvidence(text, start, end, surprise, knowledge), knowledge);
    return { measure: score, surprisal: bits, length: end - start };
  };
  const lines = new Map(codeLines.map((line) => [line, judge(own, line, whole!.get(line)!)]));
  const ranks: SlipRank[] = [];
  for (const [index, { slip, line, scanned: changed }] of slips.entries()) {
    const rankings = judge(changed, line, slipped[index]!.get(line)!);
    const others = [...lines].filter(([other]) => other !== line).map(([, each]) => each);
    ranks.push({ kind: slip.kind, lines: others.length + 1, rank: rankOf(rankings, others) });
  }
  return ranks;
}

function isCode(text: ScannedText, line: number): boolean {
  const { words } = partOf(text, ...boundsOf(text.text, line));
  return words.some(({ kind }) => kind !== 'layout' && kind !== 'comment');
}

async function measure(project: Project, model: LoadedModel): Promise<Map<string, SlipRank[]>> {
  const directory = join(cache, project.name);
  await mkdir(directory, { recursive: true });
  const folder = { directory: await sourcesOf(project, directory), name: '' };
  const { documents: all } = await readCorpus([folder], defaultCorpus, silentLogger);
  const seed = Number(values.seed);
  const held = heldOut(all, Number(values.characters), seed);
  const slips = chooseSlips(held.documents, Number(values.slips), createRandom(seed)).map(slippedIn);
  const whole = held.documents.flatMap((document) => {
    const text = scanned(document);
    return linesOf(document.text).map((_, line) => ({ text, line }));
  });
  const knowledge = knowledgeOf(held.rest, [...whole, ...slips.map(({ scanned: text, line }) => ({ text, line }))]);
  const ranks = new Map<string, SlipRank[]>();
  for (const variant of values.variants.split(',')) {
    const lineModel = await lineModelOf(variant, model, held);
    const found: SlipRank[] = [];
    for (const document of held.documents) {
      const inFile = slips.filter(({ slip }) => slip.document === document);
      if (inFile.length > 0) found.push(...(await ranksIn(lineModel, document, inFile, knowledge)));
    }
    ranks.set(variant, found);
    print(`${project.name} ${project.version} (${held.documents.length} files)`, variant, found);
    await writeFile(join(directory, `ranks-${variant}-${values.seed}.json`), JSON.stringify(found));
  }
  return ranks;
}

const percent = ({ first5, first }: { first5: number; first: number }): string =>
  `${(100 * first5).toFixed(0)} / ${(100 * first).toFixed(0)}`;

/** Shares in percent: the slip's line among the first 5 % of its file's lines / the first of them. */
function print(name: string, variant: string, ranks: readonly SlipRank[]): void {
  console.log(`\n### ${name}, ${variant}: ${ranks.length} slips\n`);
  console.log(`| slip | number | ${rankingNames.join(' | ')} | chance |\n| - | -: | -: | -: | -: | -: |`);
  for (const kind of ['all', ...slipKinds]) {
    const slips = ranks.filter((slip) => kind === 'all' || slip.kind === kind);
    if (slips.length === 0) continue;
    const shares = rankingNames.map((ranking) => percent(sharesOf(slips, ranking)));
    console.log(`| ${kind} | ${slips.length} | ${shares.join(' | ')} | ${percent(chanceShares(slips))} |`);
  }
}

const trials = createProviderTrials({
  ...{ logger: silentLogger, folder: undefined },
  probe: () => Promise.reject(new Error('The processor is enough.')),
  profile: () => Promise.reject(new Error('The processor is enough.')),
});
const slot = createModelSlot(silentLogger, trials, { changed: () => undefined, lost: () => undefined });
await slot.load({ directory: resolve(values.model), provider: 'cpu' });
await slot.use(async (model) => {
  const total = new Map<string, SlipRank[]>();
  for (const name of values.projects.split(',')) {
    const project = reviewProjects.find((known) => known.name === name);
    if (project === undefined) throw new Error(`There is no project ${name}.`);
    for (const [variant, ranks] of await measure(project, model))
      total.set(variant, [...(total.get(variant) ?? []), ...ranks]);
  }
  for (const [variant, ranks] of total) print('all projects', variant, ranks);
});
process.exit(0);
