import type { SourceDocument } from '../core/document';
import { createRandom, type Random } from '../core/random';
import { drawLine } from '../inference/decoding';
import { createPrefixStates } from '../inference/prefixStates';
import type { ModelSession } from '../inference/session';
import type { CompletionExample } from '../protocol/engine';

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

/** Real places of held-out documents: what stands there, and what the model would write, however unsure it is. */
export async function completionExamples(
  session: ModelSession,
  documents: readonly SourceDocument[],
  count: number,
  seed: number,
): Promise<CompletionExample[]> {
  const examples: CompletionExample[] = [];
  for (const { document, line, lineStart, offset, lineEnd } of choosePlaces(documents, count, createRandom(seed))) {
    const states = createPrefixStates(session, document.path);
    const position = await states.positionAt(document.text, offset, () => false);
    const drawn = await drawLine(session, position!, longestExample, () => false);
    examples.push({
      path: document.path,
      line,
      before: document.text.slice(lineStart, offset),
      expected: document.text.slice(offset, lineEnd),
      completion: drawn!.characters.join(''),
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
