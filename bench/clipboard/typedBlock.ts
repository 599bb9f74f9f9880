import { lineCosts, type MeasuredPlace, type TypedLine } from '../../src/offers/measuring/completionFigures';
import type { AddedLine } from '../../src/offers/measuring/addedLines';
import { createRandom, shuffle } from '../../src/core/random';
import { surpriseNats } from '../../src/text/metrics';
import { scoreDocuments } from '../../src/inference/scoring';
import { createLanguageMemory } from '../../src/memory/languageMemory';
import type { MemoryWeights } from '../../src/memory/memoryWeights';
import type { WorkspaceMemory } from '../../src/memory/workspaceMemory';
import type { LoadedModel } from '../../src/engine/model/engineModel';
import { typeLines } from '../../src/engine/measuring/lineTyping';
import type { Judging } from '../../src/engine/measuring/measuredPlace';
import { asTyped } from '../../src/engine/measuring/memoryScoring';
import type { CopiedBlock } from './copies';

/** What a block costs whoever types it. */
export interface BlockCost {
  readonly positions: number;
  readonly exact: number;
  readonly shown: number;
  readonly right: number;
  readonly characters: number;
  readonly keystrokes: number;
  /** Of all characters of the block, and how many these are. */
  readonly bits: number;
  readonly scored: number;
}

export interface Typing {
  readonly model: LoadedModel;
  readonly weights: MemoryWeights;
  readonly judging: Judging;
  readonly maxCharacters: number;
  readonly threshold: number;
  /** Lines of each block that are typed, at most; all of it is scored. */
  readonly lines: number;
}

/** Of a text so much is read above a block, from the start of a line. */
const contextUnits = 1_000;

/** Types a block in its text, without it before, with the memory as it is. */
export async function typeBlock(typing: Typing, workspace: WorkspaceMemory, whole: CopiedBlock): Promise<BlockCost> {
  const { model, weights, judging, maxCharacters, threshold } = typing;
  const block = withShortContext(whole);
  const { document, start, end } = block;
  const lineStart = document.text.lastIndexOf('\n', start - 1) + 1;
  const before = document.text.slice(0, lineStart) + document.text.slice(end + 1);
  const memory = createLanguageMemory(model.session.vocabulary, workspace, weights);
  const lines: TypedLine[] = [];
  const onLine = (line: AddedLine, places: ReadonlyMap<number, MeasuredPlace>): void => {
    lines.push({ text: document.text.slice(line.start, line.end), places, listAt: () => undefined });
  };
  const added = someOf(addedLines(block, lineStart), typing.lines, whole.start);
  const completer = { session: model.session, memory, maxCharacters };
  await typeLines(completer, { before, after: document, lines: added }, judging, onLine);
  const places = lines.flatMap((line) => [...line.places.values()]);
  const shown = places.map((place) => place.offerAt(threshold)).filter((offer) => offer !== undefined);
  const costs = lineCosts(lines, threshold);
  return {
    positions: places.length,
    exact: places.filter(({ exact }) => exact).length,
    shown: shown.length,
    right: shown.filter(({ right }) => right).length,
    characters: costs.reduce((sum, { characters }) => sum + characters, 0),
    keystrokes: costs.reduce((sum, { keystrokes }) => sum + keystrokes.line, 0),
    ...(await scored(typing, workspace, block)),
  };
}

function withShortContext(block: CopiedBlock): CopiedBlock {
  const { document, start, end } = block;
  const from = start <= contextUnits ? 0 : document.text.indexOf('\n', start - contextUnits) + 1;
  const text = document.text.slice(from);
  return { ...block, document: { ...document, text }, start: start - from, end: end - from };
}

/** Its lines without their indentation, each typed above what stands below the block. */
function addedLines({ document, start, end }: CopiedBlock, below: number): AddedLine[] {
  const lines: AddedLine[] = [];
  let at = start;
  for (const line of document.text.slice(start, end).split('\n')) {
    const blanks = line.length - line.trimStart().length;
    if (line.trim() !== '') lines.push({ start: at + blanks, end: at + line.trimEnd().length, below });
    at += line.length + 1;
  }
  return lines;
}

/** In the order in which they stand, the same ones whatever the memory holds. */
function someOf(lines: readonly AddedLine[], count: number, seed: number): AddedLine[] {
  const drawn = shuffle([...lines], createRandom(seed)).slice(0, count);
  return drawn.sort((a, b) => a.start - b.start);
}

/** How surprising it is to network and memory together, read as if it were being typed. */
async function scored(
  { model: { session }, weights }: Typing,
  workspace: WorkspaceMemory,
  { document: { path, text }, start, end }: CopiedBlock,
): Promise<Pick<BlockCost, 'bits' | 'scored'>> {
  const memory = createLanguageMemory(session.vocabulary, workspace, weights);
  const characters = Array.from(text.slice(0, start)).length;
  let [read, nats] = [0, 0];
  await scoreDocuments(
    session,
    [{ path, text: text.slice(0, end) }],
    () => undefined,
    (_, header) =>
      asTyped(session, memory, path, header, (_predicted, logits, offset, token) => {
        if (read++ >= characters) nats += surpriseNats(session.vocabulary, memory.mix(logits, offset), 0, token);
      }),
  );
  return { bits: nats / Math.LN2, scored: read - characters };
}
