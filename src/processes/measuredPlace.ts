import { confidenceUnder, type CompletionCalibration } from '../core/completionConfidence';
import type { MeasuredPlace } from '../core/completionFigures';
import { completionPlace, minimumConfidenceAt } from '../core/completionFilters';
import type { ProseCompletions } from '../core/configuration';
import type { SourceDocument } from '../core/document';
import { isRight } from '../core/typist';
import type { DrawnLine } from '../inference/decoding';
import { restOfLine } from './completionDrawing';
import { cutPlaceOf, offerOf } from './lineOffer';

/** How what is drawn is judged: what confidence means, and how much is offered in prose. */
export interface Judging {
  readonly calibration: CompletionCalibration;
  readonly prose: ProseCompletions;
}

/** What was drawn at a place of a document, beside what stands there. */
export function measuredPlace(
  line: DrawnLine,
  { path, text }: SourceDocument,
  offset: number,
  { calibration, prose }: Judging,
): MeasuredPlace {
  const rest = restOfLine(text, offset);
  const place = completionPlace(text.slice(0, offset), offset, path);
  const confidenceOf = confidenceUnder(calibration, cutPlaceOf(path, place.before));
  return {
    exact: line.ends !== undefined && isRight(line.characters.join(''), true, rest),
    offerAt(threshold) {
      // A threshold of 0 asks for all there is, in comments too.
      const enough = threshold === 0 ? 0 : minimumConfidenceAt(place, threshold, prose);
      const offer = enough === undefined ? undefined : offerOf(line, place, enough, confidenceOf);
      return offer && { ...offer, right: isRight(offer.text, offer.isWholeLine, rest) };
    },
  };
}
