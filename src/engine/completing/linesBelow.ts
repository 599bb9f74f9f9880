import { linesInBlock } from '../../text/blockLines';
import type { Multiline } from '../../core/configuration';
import { lineEnd, lineStart } from '../../text/textOffsets';
import type { DrawnLine } from '../../inference/drawnLine';
import type { Completion, CompletionRequest } from '../../protocol/engine';
import { drawBelow, type Drawing } from './lineDrawing';

/** A completion of the cursor's line that may be followed by more lines. */
export interface FirstLine {
  readonly line: DrawnLine;
  readonly completion: Completion;
  /** The least confidence with which anything is offered here. */
  readonly minimumConfidence: number;
}

/**
 * The completion with the lines that belong below it, never past the end of the block. `auto` draws them where the model is at
 * least halfway between the least confidence and certainty, and adds those with which all of it still has the least one;
 * `always` adds them whatever their probability, and speaks of the first line's confidence.
 * @returns undefined where it was aborted
 */
export async function withLinesBelow(
  drawing: Drawing,
  first: FirstLine,
  request: CompletionRequest & { readonly multiline: Multiline },
  signal: AbortSignal,
): Promise<Completion | undefined> {
  const { completion, line, minimumConfidence } = first;
  const { text } = drawing.document;
  const { offset, multiline } = request;
  const after = text.slice(offset + (completion.replaces ?? 0), lineEnd(text, offset));
  const isWhole = line.state !== undefined && completion.text === line.characters.join('').trimEnd();
  if (multiline === 'never' || !isWhole || after.trim() !== '') return completion;
  if (multiline === 'auto' && completion.confidence < (1 + minimumConfidence) / 2) return completion;
  const current = text.slice(lineStart(text, offset), offset) + completion.text;
  const next = nextLine(text, offset);
  const block = (below: readonly DrawnLine[]) => linesInBlock(current, below.map(textOf), next);
  const confidence = (below: readonly DrawnLine[]): number =>
    below.reduce((product, lineBelow) => product * probabilityOf(lineBelow), completion.confidence);
  const leastProbability = (below: readonly DrawnLine[]): number | undefined => {
    if (block(below).ended) return undefined;
    return multiline === 'always' ? 0 : minimumConfidence / confidence(below);
  };
  const drawn = await drawBelow(drawing, line, request, leastProbability, signal);
  if (drawn === undefined) return undefined;
  const whole = drawn.filter(({ ends }) => ends !== undefined);
  const below = whole.slice(0, block(whole).count);
  if (below.length === 0) return completion;
  return {
    ...completion,
    text: [completion.text, ...below.map((lineBelow) => textOf(lineBelow).trimEnd())].join('\n'),
    confidence: multiline === 'always' ? completion.confidence : confidence(below),
  };
}

const textOf = ({ characters }: DrawnLine): string => characters.join('');

function probabilityOf({ probabilities, ends = 0 }: DrawnLine): number {
  return probabilities.reduce((product, probability) => product * probability, ends);
}

/** The next line below an offset that is not blank. */
function nextLine(text: string, offset: number): string | undefined {
  const lineFeed = text.indexOf('\n', offset);
  if (lineFeed < 0) return undefined;
  // A block that goes on after more blank lines than this is another matter.
  return text
    .slice(lineFeed + 1, lineFeed + 1 + farthestNext)
    .split('\n')
    .find((line) => line.trim() !== '');
}

/** UTF-16 units in which the next line is looked for. */
const farthestNext = 2000;
