import type { ConfidenceOf, CutPlace } from '../core/completionConfidence';
import { offerable, type CompletionPlace } from '../core/completionFilters';
import { confidentPart } from '../core/completionRules';
import type { DrawnLine } from '../inference/decoding';

/** What is offered of a drawn line. */
export interface LineOffer {
  readonly text: string;
  readonly confidence: number;
  /** All of the line, its end included; otherwise a beginning of it. */
  readonly isWholeLine: boolean;
}

/** Where on its line a cursor stands, for the confidence of what is offered there. */
export function cutPlaceOf(path: string, before: string): CutPlace {
  return { position: before.trimStart().length, extension: /\.[^./]+$/.exec(path)?.[0].toLowerCase() ?? '' };
}

/** What of a drawn line is sure enough and may stand at the place; undefined where nothing is. */
export function offerOf(
  { characters, probabilities, ends }: DrawnLine,
  place: CompletionPlace,
  minimumConfidence: number,
  confidenceOf: ConfidenceOf,
): LineOffer | undefined {
  const part = confidentPart(characters, probabilities, ends, minimumConfidence, confidenceOf);
  const text = offerable(part.text, place);
  return text === '' ? undefined : { ...part, text, isWholeLine: part.isWholeLine && text === part.text.trimEnd() };
}
