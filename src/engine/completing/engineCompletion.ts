import {
  confidenceUnder,
  defaultCalibration,
  leastProbabilities,
  type ConfidenceOf,
} from '../../offers/completionConfidence';
import { completionPlace, minimumConfidenceAt, offerable, type CompletionPlace } from '../../offers/completionFilters';
import { defaultCompletions, type Multiline } from '../../core/configuration';
import type { DrawnLine } from '../../inference/drawnLine';
import type { ModelSession } from '../../inference/session';
import type { LanguageMemory } from '../../memory/languageMemory';
import type { Completion, CompletionAnswer, CompletionRequest } from '../../protocol/engine';
import { createClock } from './completionClock';
import type { EngineDocument } from '../documents/engineDocuments';
import { offerLeft, type KeptCompletion, type KeptOffer } from '../documents/keptOffer';
import { drawAtCursor, type Drawing } from './lineDrawing';
import { completionOf, cutPlaceOf, offerOf, type LineOffer } from './lineOffer';
import { withLinesBelow } from './linesBelow';
import { otherLines } from './otherLines';
import { revealsSecret } from '../documents/writtenSecrets';

type Reason = Extract<CompletionAnswer, { kind: 'none' }>['reason'];

export const none = (reason: Reason): CompletionAnswer => ({ kind: 'none', reason });

/**
 * The rest of the cursor's line as the model expects it, cut to what is confident enough and is not there already.
 * @param signal aborted by whoever does not want the answer any more
 * @param memory what is mixed into every character's distribution; undefined: the network alone
 * @param calibration what their confidence means
 */
export async function completeLine(
  session: ModelSession,
  document: EngineDocument,
  request: CompletionRequest,
  signal: AbortSignal,
  memory?: LanguageMemory,
  calibration = defaultCalibration,
): Promise<CompletionAnswer> {
  const { text, path } = document;
  const offset = Math.min(request.offset, text.length);
  const place = completionPlace(text, offset, path, request.languageId);
  const { minimumConfidence, prose } = { ...defaultCompletions, ...request };
  const enough = minimumConfidenceAt(place, minimumConfidence, prose);
  if (enough === undefined) return none('nothing to offer');
  const drawing = { session, document, memory, clock: createClock() };
  const confidenceOf = confidenceUnder(calibration, cutPlaceOf(path, place.before));
  const isSecret = (offered: string): boolean => revealsSecret(path, place.before, offered);
  const offer = (line: DrawnLine, minimum: number): LineOffer | undefined => {
    const offered = offerOf(line, place, minimum, confidenceOf, request.mayReplace);
    return offered === undefined || isSecret(offered.text) ? undefined : offered;
  };
  const lines = { multiline: 'never', ...request, offset } as const;
  const answer = await bestAnswer(drawing, lines, { place, enough, confidenceOf, offer, isSecret }, signal);
  if ((request.suggestions ?? 1) === 1 || isStale(answer)) return answer;
  const others = await otherLines(drawing, lines, answer, (line) => offer(line, 0), signal);
  return others === undefined || signal.aborted ? none('stale') : { ...answer, others };
}

/** What of a drawn line may be offered at a place. */
interface Judging {
  readonly place: CompletionPlace;
  /** The least confidence with which anything is offered. */
  readonly enough: number;
  readonly confidenceOf: ConfidenceOf;
  readonly offer: (line: DrawnLine, minimum: number) => LineOffer | undefined;
  readonly isSecret: (text: string) => boolean;
}

async function bestAnswer(
  drawing: Drawing,
  request: CompletionRequest & { readonly multiline: Multiline },
  { place, enough, confidenceOf, offer, isSecret }: Judging,
  signal: AbortSignal,
): Promise<CompletionAnswer> {
  const { session, document, memory, clock } = drawing;
  const { offset } = request;
  const origin = { session, memory, asked: askedOf(request), offset };
  const shown = request.exact === true ? undefined : shownBefore(document, origin, request.mayReplace);
  if (shown !== undefined) {
    return { kind: 'completion', completion: { ...shown, milliseconds: clock.timing(0).totalMs } };
  }
  const least = request.exact === true ? undefined : leastProbabilities(confidenceOf, enough, request.maxCharacters);
  const line = await drawAtCursor(drawing, request, signal, least);
  if (line === undefined) return none('stale');
  const sure = offer(line, enough);
  if (sure === undefined) {
    return { ...unsureAnswer(offer(line, 0), clock.timing(0).totalMs), timing: clock.timing(line.characters.length) };
  }
  const alone = completionOf(sure, clock.timing(0).totalMs);
  const first = { line: sure.line, completion: alone, minimumConfidence: enough };
  const whole = await withLinesBelow(drawing, first, request, signal);
  if (whole === undefined || signal.aborted) return none('stale');
  const timing = clock.timing(line.characters.length);
  const fitted = fittedTo(place, whole);
  // Where the lines below spoil the whole, the first line is offered alone.
  const completion = fitted.text === '' || isSecret(fitted.text) ? alone : fitted;
  if (completion.text.includes('\n')) {
    const closed = document.text.slice(offset, offset + (completion.replaces ?? 0));
    document.offered = { ...origin, text: completion.text, confidence: completion.confidence, closed };
  }
  return { kind: 'completion', completion: { ...completion, milliseconds: timing.totalMs }, timing };
}

function isStale(answer: CompletionAnswer): boolean {
  return answer.kind === 'none' && answer.reason === 'stale';
}

/** What of several lines may stand at the place. */
function fittedTo(place: CompletionPlace, whole: Completion): Completion {
  const isOver = whole.replaces !== undefined;
  return { ...whole, text: offerable(whole.text, isOver ? { ...place, after: '' } : place) };
}

type Origin = Pick<KeptOffer, 'session' | 'memory' | 'asked' | 'offset'>;

/** What an offer that is on the screen depends on, but for the confidence: it is not taken back from who types it. */
function askedOf({ maxCharacters, multiline, prose, languageId, mayReplace }: CompletionRequest): string {
  return JSON.stringify([maxCharacters, multiline, prose, languageId, mayReplace]);
}

/** What is left of several lines that were offered before the last edits, which have typed or accepted their beginning. */
function shownBefore(
  { offered, text }: EngineDocument,
  origin: Origin,
  mayReplace?: boolean,
): KeptCompletion | undefined {
  if (offered === undefined) return undefined;
  const { session, memory, asked, offset } = origin;
  const isSame = offered.session === session && offered.memory === memory && offered.asked === asked;
  return isSame && offered.offset === offset ? offerLeft(offered, text, mayReplace) : undefined;
}

/** What would be offered if less confidence were asked for. */
function unsureAnswer(unsure: LineOffer | undefined, milliseconds: number): CompletionAnswer {
  if (unsure === undefined) return none('nothing to offer');
  return { kind: 'unsure', completion: completionOf(unsure, milliseconds) };
}
