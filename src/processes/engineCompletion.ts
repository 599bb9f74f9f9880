import { completionPlace, minimumConfidenceAt, type CompletionPlace } from '../core/completionFilters';
import { defaultCompletions } from '../core/configuration';
import type { DrawnLine } from '../inference/decoding';
import type { ModelSession } from '../inference/session';
import type { LanguageMemory } from '../memory/languageMemory';
import type { Completion, CompletionAnswer, CompletionRequest } from '../protocol/engine';
import { createClock } from './completionClock';
import type { EngineDocument } from './engineDocuments';
import { drawAtCursor } from './lineDrawing';
import { offerOf } from './lineOffer';
import { withLinesBelow } from './linesBelow';

type Reason = Extract<CompletionAnswer, { kind: 'none' }>['reason'];

export const none = (reason: Reason): CompletionAnswer => ({ kind: 'none', reason });

/**
 * The rest of the cursor's line as the model expects it, cut to what is confident enough and is not there already.
 * @param isStale whether a newer request or edit came meanwhile
 * @param memory what is mixed into every character's distribution; undefined: the network alone
 */
export async function completeLine(
  session: ModelSession,
  document: EngineDocument,
  request: CompletionRequest,
  isStale: () => boolean,
  memory?: LanguageMemory,
): Promise<CompletionAnswer> {
  const { text, path } = document;
  const offset = Math.min(request.offset, text.length);
  const place = completionPlace(text, offset, path, request.languageId);
  const { minimumConfidence, prose } = { ...defaultCompletions, ...request };
  const enough = minimumConfidenceAt(place, minimumConfidence, prose);
  if (enough === undefined) return none('nothing to offer');
  const clock = createClock();
  const drawing = { session, document, memory, clock };
  const line = await drawAtCursor(drawing, { ...request, offset }, isStale);
  if (line === undefined || isStale()) return none('stale');
  const answer = answerWith(line, place, enough, clock.timing(0).totalMs);
  if (answer.kind !== 'completion') return { ...answer, timing: clock.timing(line.characters.length) };
  const first = { line, completion: answer.completion, minimumConfidence: enough };
  const lines = { multiline: 'never', ...request, offset } as const;
  const completion = await withLinesBelow(drawing, first, lines, isStale);
  if (completion === undefined || isStale()) return none('stale');
  const timing = clock.timing(line.characters.length);
  return { kind: 'completion', completion: { ...completion, milliseconds: timing.totalMs }, timing };
}

/** What is offered of a drawn line, and how sure that is. */
function answerWith(
  line: DrawnLine,
  place: CompletionPlace,
  minimumConfidence: number,
  milliseconds: number,
): CompletionAnswer {
  const offer = (minimum: number): Completion | undefined => {
    const { text, confidence } = offerOf(line, place, minimum) ?? {};
    return text === undefined || confidence === undefined ? undefined : { text, confidence, milliseconds };
  };
  const completion = offer(minimumConfidence);
  if (completion !== undefined) return { kind: 'completion', completion };
  const unsure = offer(0);
  return unsure === undefined ? none('nothing to offer') : { kind: 'unsure', completion: unsure };
}
