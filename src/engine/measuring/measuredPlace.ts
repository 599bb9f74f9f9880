import { confidenceUnder, type CompletionCalibration } from '../../offers/completionConfidence';
import type { MeasuredPlace } from '../../offers/measuring/completionFigures';
import { completionPlace, minimumConfidenceAt } from '../../offers/completionFilters';
import type { ProseCompletions } from '../../core/configuration';
import type { SourceDocument } from '../../text/document';
import { isRight } from '../../offers/measuring/typist';
import type { DrawnLine } from '../../inference/drawnLine';
import { restOfLine } from './completionDrawing';
import { cutPlaceOf, offerOf } from '../completing/lineOffer';

/** How what is drawn is judged: what confidence means, and how much is offered in prose. */
export interface Judging {
  readonly calibration: CompletionCalibration;
  readonly prose: ProseCompletions;
}

/** What was drawn at a place of a document, beside what stands there; the text ended there when it was drawn. */
export function measuredPlace(
  line: DrawnLine,
  { path, text }: SourceDocument,
  offset: number,
  judging: Judging,
): MeasuredPlace {
  return judgedPlace(line, { path, text: text.slice(0, offset) }, offset, restOfLine(text, offset), judging);
}

/**
 * What was drawn at a place.
 * @param document as it was when that was drawn
 * @param rest what is written there, without blanks at its end
 */
export function judgedPlace(
  line: DrawnLine,
  { path, text }: SourceDocument,
  offset: number,
  rest: string,
  { calibration, prose }: Judging,
): MeasuredPlace {
  const place = completionPlace(text, offset, path);
  const confidenceOf = confidenceUnder(calibration, cutPlaceOf(path, place.before));
  return {
    exact: line.ends !== undefined && isRight(line.characters.join(''), true, rest),
    offerAt(threshold, shares) {
      // A threshold of 0 asks for all there is, in comments too.
      const enough = threshold === 0 ? 0 : minimumConfidenceAt(place, threshold, prose, shares);
      const offer = enough === undefined ? undefined : offerOf(line, place, enough, confidenceOf);
      return offer && { ...offer, right: isRight(offer.text, offer.isWholeLine, rest) };
    },
  };
}
