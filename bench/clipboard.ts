/**
 * What it is worth to know the clipboard, and whether it harms: `npm run bench -- clipboard [--folder src] [--blocks 40] [--lines 1]
 * [--known] [--model media/base] [--seed 1]`. Of blocks of three to five lines that stand in another file too, alike or with other names,
 * so many lines are typed again: with that other file's lines on the clipboard, with an unrelated block on it, and with nothing. The
 * memory holds the folder without the files that hold such lines, as when they come from elsewhere; with `--known` also with them.
 * docs/experiments.md has what came of it.
 */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { defaultCompletions, defaultCorpus } from '../src/core/configuration';
import { silentLogger } from '../src/core/logger';
import { createRandom, shuffle } from '../src/core/random';
import { mayCompleteFromClipboard } from '../src/corpus/clipboardRules';
import { readCorpus } from '../src/corpus/readCorpus';
import { confidenceOfModel } from '../src/engine/calibrating/confidenceFitting';
import { memoryOf, memoryWeightsOf } from '../src/engine/measuring/memoryEvaluation';
import type { LoadedModel } from '../src/engine/model/engineModel';
import { replaceDocument, type WorkspaceMemory } from '../src/memory/workspaceMemory';
import { ratioOf, type Estimate } from '../src/offers/measuring/standardError';
import type { SourceDocument } from '../src/text/document';
import { copiedBlocks, type CopiedBlock } from './clipboard/copies';
import { typeBlock, type BlockCost, type Typing } from './clipboard/typedBlock';
import { workOnProcessor } from './model/onProcessor';

const { values } = parseArgs({
  options: {
    folder: { type: 'string', default: 'src' },
    blocks: { type: 'string', default: '40' },
    lines: { type: 'string', default: '1' },
    known: { type: 'boolean', default: false },
    model: { type: 'string', default: 'media/base' },
    seed: { type: 'string', default: '1' },
  },
});

/** What the memory holds and what lies on the clipboard. */
const conditions = [
  { memory: 'without the original', clipboard: 'nothing' },
  { memory: 'without the original', clipboard: 'the original' },
  { memory: 'without the original', clipboard: 'something else' },
  { memory: 'with the original', clipboard: 'nothing' },
  { memory: 'with the original', clipboard: 'the original' },
] as const;
const measured = conditions.filter(({ memory }) => values.known || memory === 'without the original');

/** Some blocks, each of another file, none longer than what the rules of the clipboard let in. */
async function chooseBlocks(documents: readonly SourceDocument[]): Promise<CopiedBlock[]> {
  const all = copiedBlocks(documents);
  const files = new Set<SourceDocument>();
  const chosen: CopiedBlock[] = [];
  let refused = 0;
  for (const block of shuffle([...all], createRandom(Number(values.seed)))) {
    if (files.has(block.document) || chosen.length >= Number(values.blocks)) continue;
    if (!(await mayCompleteFromClipboard(block.original))) {
      refused++;
      continue;
    }
    files.add(block.document);
    chosen.push(block);
  }
  const renamed = chosen.filter(({ isRenamed }) => isRenamed).length;
  console.log(
    `${documents.length} files, ${all.length} blocks that stand elsewhere too; ${chosen.length} typed, each of another file,` +
      ` ${renamed} of them with other names; ${refused} refused by the rules of the clipboard`,
  );
  return chosen;
}

/** Its key is that of no file, its ending that of the file that is typed in. */
async function withClipboard<Result>(
  workspace: WorkspaceMemory,
  { document }: CopiedBlock,
  text: string | undefined,
  work: () => Promise<Result>,
): Promise<Result> {
  const key = `clipboard:${/\.\w+$/.exec(document.path)?.[0] ?? ''}`;
  put(workspace, key, text);
  const result = await work();
  put(workspace, key, undefined);
  return result;
}

function put(workspace: WorkspaceMemory, path: string, text: string | undefined): void {
  if (!replaceDocument(workspace, path, text)) throw new Error('There is no room left: type fewer blocks.');
}

const percent = ({ value, standardError }: Estimate): string =>
  `${(100 * value).toFixed(1)} ± ${(100 * standardError).toFixed(1)} %`;

function print(name: string, costs: readonly BlockCost[], nothing: readonly BlockCost[]): void {
  const saved = ({ characters, keystrokes }: BlockCost): number => characters - keystrokes;
  const share = (part: keyof BlockCost, whole: keyof BlockCost): Estimate =>
    ratioOf(costs.map((cost) => ({ part: cost[part], whole: cost[whole] })));
  const savedShare = ratioOf(costs.map((cost) => ({ part: saved(cost), whole: cost.characters })));
  const difference = ratioOf(
    costs.map((cost, index) => ({ part: saved(cost) - saved(nothing[index]!), whole: cost.characters })),
  );
  console.log(
    `${name}: exactly right ${percent(share('exact', 'positions'))}, shown ${percent(share('shown', 'positions'))},` +
      ` of that right ${percent(share('right', 'shown'))}, keystrokes saved ${percent(savedShare)}` +
      ` (${difference.value < 0 ? '' : '+'}${percent(difference)}), ${share('bits', 'scored').value.toFixed(3)} bits per character`,
  );
}

async function measure(model: LoadedModel): Promise<void> {
  const folders = [{ directory: resolve(values.folder), name: '' }];
  const { documents } = await readCorpus(folders, defaultCorpus, silentLogger);
  const blocks = await chooseBlocks(documents);
  const typing: Typing = {
    ...{ model, weights: await memoryWeightsOf(model, undefined, silentLogger) },
    judging: { calibration: await confidenceOfModel(model, 'both', silentLogger), prose: defaultCompletions.prose },
    ...{ maxCharacters: defaultCompletions.maxCharacters, threshold: defaultCompletions.minimumConfidence },
    lines: Number(values.lines),
  };
  const { vocabulary } = model.session;
  const [whole, without] = [await memoryOf(vocabulary, documents), await memoryOf(vocabulary, documents)];
  const costs = measured.map((): BlockCost[] => []);
  console.log(
    'of each: exactly right, places, keystrokes, characters; bits, characters of the whole block; shown, right',
  );
  for (const [index, block] of blocks.entries()) {
    for (const { path } of block.holders) put(without, path, undefined);
    const texts = {
      nothing: undefined,
      'the original': block.original,
      'something else': blocks[(index + 1) % blocks.length]!.original,
    };
    for (const [number, { memory, clipboard }] of measured.entries()) {
      const workspace = memory === 'with the original' ? whole : without;
      const type = (): Promise<BlockCost> => typeBlock(typing, workspace, block);
      const cost = await withClipboard(workspace, block, texts[clipboard], type);
      costs[number]!.push(cost);
      const line = [
        cost.exact,
        cost.positions,
        cost.keystrokes,
        cost.characters,
        cost.bits.toFixed(1),
        cost.scored,
        cost.shown,
        cost.right,
      ].join(' ');
      console.log(`${index + 1}. ${block.document.path}: ${memory}, ${clipboard}: ${line}`);
    }
    for (const { path, text } of block.holders) put(without, path, text);
  }
  const groups = {
    'of all kinds': blocks,
    'with other names': blocks.filter(({ isRenamed }) => isRenamed),
    'that are the same': blocks.filter(({ isRenamed }) => !isRenamed),
  };
  for (const [name, group] of Object.entries(groups)) {
    const own = costs.map((list) => list.filter((_, index) => group.includes(blocks[index]!)));
    console.log(`\n${group.length} blocks ${name}`);
    if (group.length === 0) continue;
    for (const [number, { memory, clipboard }] of measured.entries()) {
      const nothing = measured.findIndex((other) => other.memory === memory && other.clipboard === 'nothing');
      print(`memory ${memory}, ${clipboard} on the clipboard`, own[number]!, own[nothing]!);
    }
  }
}

await workOnProcessor(values.model, measure);
process.exit(0);
