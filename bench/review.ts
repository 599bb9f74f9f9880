/**
 * Whether the review of changes finds slips: `npm run bench -- review [--projects rxjs,zod] [--variants both,network,memory]
 * [--slips 400] [--characters 60000] [--seed 1] [--model FOLDER]`. Of every project a fifth of the files, by a hash of the path, is
 * held out; in each of so many copies of them one slip is made. The other lines keep the rank that they have without the slip.
 * Downloads and ranks stay in .cache/review/.
 *
 * Whether it finds lines that did not last: `npm run bench -- review --history FOLDER [--commits 100] [--seed 1] [--model FOLDER]`, in
 * a clone with its history. docs/review.md says what the figures mean.
 */
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { LoadedModel } from '../src/engine/model/engineModel';
import { workOnProcessor } from './model/onProcessor';
import { lastingLines, printLasting } from './review/lastingLines';
import { reviewProjects } from './review/projects';
import { chanceShares, rankingNames, sharesOf, type SlipRank } from './review/ranking';
import { slipKinds } from './review/slip';
import { slipRanks } from './review/slipRanks';

const { values } = parseArgs({
  options: {
    projects: { type: 'string', default: reviewProjects.map(({ name }) => name).join() },
    variants: { type: 'string', default: 'both,network,memory' },
    slips: { type: 'string', default: '400' },
    characters: { type: 'string', default: '60000' },
    seed: { type: 'string', default: '1' },
    model: { type: 'string', default: 'media/base' },
    history: { type: 'string' },
    commits: { type: 'string', default: '100' },
  },
});
const seed = Number(values.seed);

async function findSlips(model: LoadedModel): Promise<void> {
  const choice = { slips: Number(values.slips), characters: Number(values.characters), seed };
  const cache = join(process.cwd(), '.cache/review');
  const variants = values.variants.split(',');
  const total = new Map<string, SlipRank[]>(variants.map((variant) => [variant, []]));
  for (const name of values.projects.split(',')) {
    const project = reviewProjects.find((known) => known.name === name);
    if (project === undefined) throw new Error(`There is no project ${name}.`);
    const found = new Map<string, readonly SlipRank[]>();
    await slipRanks(project, variants, model, { ...choice, cache }, (variant, ranks, files) => {
      print(`${name} ${project.version} (${files} files)`, variant, ranks);
      found.set(variant, ranks);
      total.get(variant)!.push(...ranks);
    });
    await writeFile(join(cache, name, `ranks-${seed}.json`), JSON.stringify(Object.fromEntries(found)));
  }
  for (const [variant, ranks] of total) print('all projects', variant, ranks);
}

const percent = ({ first5, first }: { first5: number; first: number }): string =>
  Number.isNaN(first5) ? '–' : `${(100 * first5).toFixed(0)} / ${(100 * first).toFixed(0)}`;

/** Shares in percent: the slip's line among the first 5 % of its file's lines / the first of them. */
function print(name: string, variant: string, ranks: readonly SlipRank[]): void {
  console.log(`\n### ${name}, ${variant}: ${ranks.length} slips\n`);
  console.log(`| slip | number | ${rankingNames.join(' | ')} | chance |\n| - | -: | -: | -: | -: | -: | -: |`);
  for (const kind of ['all', ...slipKinds]) {
    const slips = ranks.filter((slip) => kind === 'all' || slip.kind === kind);
    if (slips.length === 0) continue;
    const shares = rankingNames.map((ranking) => percent(sharesOf(slips, ranking)));
    console.log(`| ${kind} | ${slips.length} | ${shares.join(' | ')} | ${percent(chanceShares(slips))} |`);
  }
}

await workOnProcessor(values.model, async (model) => {
  if (values.history === undefined) return findSlips(model);
  printLasting(await lastingLines(resolve(values.history), model, { commits: Number(values.commits), seed }));
});
process.exit(0);
