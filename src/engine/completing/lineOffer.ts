import type { ConfidenceOf, CutPlace } from '../../offers/completionConfidence';
import { offerable, type CompletionPlace } from '../../offers/completionFilters';
import { confidentParts, writtenOver } from '../../offers/completionRules';
import type { DrawnLine } from '../../inference/drawnLine';
import type { Completion } from '../../protocol/engine';

/** What is offered of a drawn line. */
export interface LineOffer {
  readonly text: string;
  readonly confidence: number;
  /** UTF-16 units behind the cursor that it takes the place of. */
  readonly replaces: number;
  /** All of the line, its end included; otherwise a beginning of it. */
  readonly isWholeLine: boolean;
  /** What it is taken from. */
  readonly line: DrawnLine;
}

export function completionOf({ text, confidence, replaces }: LineOffer, milliseconds: number): Completion {
  return { text, confidence, milliseconds, ...(replaces > 0 && { replaces }) };
}

/** Where on its line a cursor stands, for the confidence of what is offered there. */
export function cutPlaceOf(path: string, before: string): CutPlace {
  return { position: before.trimStart().length, extension: /\.[^./]+$/.exec(path)?.[0].toLowerCase() ?? '' };
}

/**
 * What of a drawn line is sure enough and may stand at the place; undefined where nothing is.
 * @param mayReplace whether it may take the place of closing brackets behind the cursor
 */
export function offerOf(
  line: DrawnLine,
  place: CompletionPlace,
  minimumConfidence: number,
  confidenceOf: ConfidenceOf,
  mayReplace = false,
): LineOffer | undefined {
  for (const part of confidentParts(line, minimumConfidence, confidenceOf)) {
    const { text, replaces } = mayReplace
      ? offerableOver(part.text, place)
      : { text: offerable(part.text, place), replaces: 0 };
    if (text === '') continue;
    return { ...part, text, replaces, isWholeLine: part.isWholeLine && text === part.text.trimEnd() };
  }
  return undefined;
}

/** What may stand at the place or, where that says more, in the place of the brackets behind it. */
export function offerableOver(drawn: string, place: CompletionPlace): Pick<LineOffer, 'text' | 'replaces'> {
  const over = offerable(drawn, { ...place, after: '' });
  const replaces = writtenOver(over, place.after);
  return replaces > 0 ? { text: over, replaces } : { text: offerable(drawn, place), replaces };
}
