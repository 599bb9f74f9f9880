import type { DrawnLine } from '../../inference/drawnLine';
import { mostSuggestions, type Completion, type CompletionAnswer, type CompletionRequest } from '../../protocol/engine';
import { drawLinesAtCursor, type Drawing } from './lineDrawing';
import { completionOf, type LineOffer } from './lineOffer';

/** Lines that are drawn for each that is wanted: some may not stand at the place. */
const drawnForEach = 3;

/**
 * The lines that may be meant beside what is offered, as many as are wanted, the surest first.
 * @param answer what is offered, or would be if less confidence were asked for
 * @param offerOf all of a line that may stand at the place
 * @returns undefined where it was aborted
 */
export async function otherLines(
  drawing: Drawing,
  request: CompletionRequest,
  answer: CompletionAnswer,
  offerOf: (line: DrawnLine) => LineOffer | undefined,
  signal: AbortSignal,
): Promise<readonly Completion[] | undefined> {
  const wanted = Math.min(mostSuggestions, request.suggestions ?? 1);
  const lines = await drawLinesAtCursor(drawing, request, drawnForEach * wanted, signal);
  if (lines === undefined) return undefined;
  const offered = answer.kind === 'completion' ? [answer.completion] : [];
  const known = new Set(offered.map(({ text }) => text.split('\n', 1)[0]));
  const milliseconds = drawing.clock.timing(0).totalMs;
  const others: Completion[] = [];
  for (const offer of lines.map(offerOf)) {
    if (offer === undefined || known.has(offer.text)) continue;
    known.add(offer.text);
    others.push(completionOf(offer, milliseconds));
  }
  others.sort((a, b) => b.confidence - a.confidence);
  return others.slice(0, wanted - offered.length);
}
