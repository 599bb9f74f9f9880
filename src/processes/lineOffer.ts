import { confidentPart, withoutRepeated } from '../core/completionRules';
import type { DrawnLine } from '../inference/decoding';

/** What is offered of a drawn line. */
export interface LineOffer {
  readonly text: string;
  readonly confidence: number;
  /** All of the line, its end included; otherwise a beginning of it. */
  readonly isWholeLine: boolean;
}

/**
 * What of a drawn line is sure enough and is not there already; undefined where nothing is.
 * @param after the line from the cursor on
 */
export function offerOf(
  { characters, probabilities, ends }: DrawnLine,
  after: string,
  minimumConfidence: number,
): LineOffer | undefined {
  const part = confidentPart(characters, probabilities, ends, minimumConfidence);
  // Blanks at the end say nothing, and whoever accepted them would leave them in the line.
  const text = withoutRepeated(part.text, after).trimEnd();
  return text === '' ? undefined : { ...part, text };
}
