import { confidenceUnder, defaultCalibration } from '../core/completionConfidence';
import { completionPlace, minimumConfidenceAt, offerable } from '../core/completionFilters';
import { defaultCompletions } from '../core/configuration';
import type { ModelSession } from '../inference/session';
import type { LanguageMemory } from '../memory/languageMemory';
import type { Completion, CompletionAnswer, CompletionRequest } from '../protocol/engine';
import { createClock } from './completionClock';
import type { EngineDocument } from './engineDocuments';
import { drawAtCursor } from './lineDrawing';
import { cutPlaceOf, offerOf, type LineOffer } from './lineOffer';
import { withLinesBelow } from './linesBelow';

type Reason = Extract<CompletionAnswer, { kind: 'none' }>['reason'];

export const none = (reason: Reason): CompletionAnswer => ({ kind: 'none', reason });

/**
 * The rest of the cursor's line as the model expects it, cut to what is confident enough and is not there already.
 * @param isStale whether a newer request or edit came meanwhile
 * @param memory what is mixed into every character's distribution; undefined: the network alone
 * @param calibration what their confidence means
 */
export async function completeLine(
  session: ModelSession,
  document: EngineDocument,
  request: CompletionRequest,
  isStale: () => boolean,
  memory?: LanguageMemory,
  calibration = defaultCalibration,
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
  const confidenceOf = confidenceUnder(calibration, cutPlaceOf(path, place.before));
  const offer = (minimum: number): LineOffer | undefined => offerOf(line, place, minimum, confidenceOf);
  const answer = answerWith(offer, enough, clock.timing(0).totalMs);
  if (answer.kind !== 'completion') return { ...answer, timing: clock.timing(line.characters.length) };
  const first = { line, completion: answer.completion, minimumConfidence: enough };
  const lines = { multiline: 'never', ...request, offset } as const;
  const completion = await withLinesBelow(drawing, first, lines, isStale);
  if (completion === undefined || isStale()) return none('stale');
  const timing = clock.timing(line.characters.length);
  // The lines below have to suit the place too; where they spoil the whole, the first line is offered alone.
  const offered = offerable(completion.text, place) || answer.completion.text;
  return { kind: 'completion', completion: { ...completion, text: offered, milliseconds: timing.totalMs }, timing };
}

/** What is offered, or would be if less confidence were asked for. */
function answerWith(
  offer: (minimum: number) => LineOffer | undefined,
  minimumConfidence: number,
  milliseconds: number,
): CompletionAnswer {
  const completionOf = ({ text, confidence }: LineOffer): Completion => ({ text, confidence, milliseconds });
  const sure = offer(minimumConfidence);
  if (sure !== undefined) return { kind: 'completion', completion: completionOf(sure) };
  const unsure = offer(0);
  return unsure === undefined ? none('nothing to offer') : { kind: 'unsure', completion: completionOf(unsure) };
}
