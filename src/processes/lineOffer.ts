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

/** What of a drawn line is sure enough and may stand at the place; undefined where nothing is. */
export function offerOf(
  { characters, probabilities, ends }: DrawnLine,
  place: CompletionPlace,
  minimumConfidence: number,
): LineOffer | undefined {
  const part = confidentPart(characters, probabilities, ends, minimumConfidence);
  const text = offerable(part.text, place);
  return text === '' ? undefined : { ...part, text, isWholeLine: part.isWholeLine && text === part.text.trimEnd() };
}
