import type { SourceDocument } from '../../text/document';
import type { Logger } from '../../core/logger';
import { createRandom, type Random } from '../../core/random';
import type { CompletionExample } from '../../protocol/engine';
import { readRunOfModel } from '../../store/modelDirectory';
import { drawInOrder } from '../measuring/completionDrawing';
import { completerFor } from './completionEvaluation';
import { documentsOfSplit } from '../measuring/heldOutDocuments';
import type { LoadedModel } from '../model/engineModel';

/** A place in the middle of a line, between two words or signs. */
interface Place {
  readonly document: SourceDocument;
  readonly line: number;
  /** In UTF-16 units of the document. */
  readonly lineStart: number;
  readonly offset: number;
  readonly lineEnd: number;
}

const longestExample = 80;
/** Lines shorter than this say little about a completion. */
const shortestLine = 16;
const shortestSide = 4;
const triesPerExample = 50;

/**
 * Real places of held-out documents: what stands there, and what network and memory would write, however unsure they are.
 * The memory holds the workspace without the held-out documents.
 */
export async function completionExamples(
  model: LoadedModel,
  count: number,
  seed: number,
  logger: Logger,
): Promise<CompletionExample[]> {
  const run = await readRunOfModel(model.stored);
  if (run === undefined) return [];
  const hasTest = run.split.some(({ part }) => part === 'test');
  const files = { split: hasTest ? 'test' : 'validation' } as const;
  const documents = await documentsOfSplit(run, files.split, logger);
  const completer = await completerFor(
    model,
    { model: 'both', files, maxCharacters: longestExample },
    documents,
    logger,
  );
  const examples: CompletionExample[] = [];
  for (const { document, line, lineStart, offset, lineEnd } of choosePlaces(documents, count, createRandom(seed))) {
    await drawInOrder(completer, document, [offset], (_, drawn) => {
      examples.push({
        path: document.path,
        line,
        before: document.text.slice(lineStart, offset),
        expected: document.text.slice(offset, lineEnd),
        completion: drawn.characters.join(''),
      });
    });
  }
  return examples;
}

/** Different lines, each from a document drawn at random. */
function choosePlaces(documents: readonly SourceDocument[], count: number, random: Random): Place[] {
  const places = new Map<string, Place>();
  for (let tries = 0; documents.length > 0 && places.size < count && tries < count * triesPerExample; tries++) {
    const document = documents[random.integer(documents.length)]!;
    const place = placeIn(document, random);
    if (place !== undefined) places.set(`${document.path}:${place.line}`, place);
  }
  return [...places.values()];
}

function placeIn(document: SourceDocument, random: Random): Place | undefined {
  const lines = document.text.split('\n');
  const index = random.integer(lines.length);
  const line = lines[index]!;
  const indentation = line.length - line.trimStart().length;
  if (line.length - indentation < shortestLine) return undefined;
  const offsets = Array.from(line.matchAll(/\b|(?<=[^\w\s])/gu), (match) => match.index);
  const inside = offsets.filter((at) => at >= indentation + shortestSide && at <= line.trimEnd().length - shortestSide);
  if (inside.length === 0) return undefined;
  const lineStart = lines.slice(0, index).reduce((sum, { length }) => sum + length + 1, 0);
  const offset = lineStart + inside[random.integer(inside.length)]!;
  return { document, line: index + 1, lineStart, offset, lineEnd: lineStart + line.length };
}
