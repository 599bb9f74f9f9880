import type { CompletionCurves, CompletionFigures } from '../offers/measuring/completionFigures';
import type { MeasuredModel } from '../protocol/engine';
import type { Output } from './output';

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

/**
 * Writes the curves, and then the total.
 * @param model that was measured
 */
export function reportCompletions(output: Output, figures: CompletionFigures, model: MeasuredModel): void {
  const { curves, ...total } = figures;
  reportCurves(output, curves);
  const { positions, exactShare, threshold, shownShare, precision, keystrokesSaved, payingForWrong, list } = total;
  output.result(
    { type: 'completions', model, ...total },
    [
      `completions, ${model}: ${positions} positions, rest of line exactly right at ${percent(exactShare)}`,
      `at confidence ${threshold}: something shown at ${percent(shownShare)}, of that right ${orDash(precision)}`,
      `calibration error ${percent(total.expectedCalibrationError)}, of what is shown ${percent(total.shownCalibrationError)}`,
      `keystrokes saved ${percent(keystrokesSaved.line)}, word by word ${percent(keystrokesSaved.word)}; with half a` +
        ` keystroke lost by each wrong suggestion ${percent(payingForWrong.line)}, ${percent(payingForWrong.word)}`,
      `with the editor's list of words: ${percent(list.alone)} by the list alone, ${percent(list.closed.line)} where suggestions` +
        ` close it, ${percent(list.beside.line)} side by side`,
    ].join('\n'),
  );
}

function reportCurves(output: Output, { reliability, operatingPoints, typists, lists }: CompletionCurves): void {
  output.say('confidence     suggestions   mean   right');
  for (const bin of reliability) {
    const { from, to, count, confidence, right } = bin;
    output.result(
      { type: 'reliability', ...bin },
      `${from.toFixed(1)} to ${to.toFixed(1)}${String(count).padStart(16)}${confidence.toFixed(3).padStart(7)}${right.toFixed(3).padStart(8)}`,
    );
  }
  output.say('threshold    shown   right   keystrokes saved: lines, words');
  for (const [index, point] of operatingPoints.entries()) {
    const { line, word } = typists[index]!.keystrokesSaved;
    output.result(
      { type: 'threshold', ...point, ...typists[index] },
      `${point.threshold.toFixed(2).padEnd(9)}${percent(point.shownShare).padStart(9)}${orDash(point.precision).padStart(8)}` +
        `${percent(line).padStart(26)}${percent(word).padStart(8)}`,
    );
  }
  output.say('where the list would open, so much less may be wrong    keystrokes saved with it: lines, words');
  for (const figures of lists) {
    const { place, share, closed } = figures;
    output.result(
      { type: 'list', ...figures },
      `${place.padEnd(9)}${share.toFixed(1).padStart(9)}${percent(closed.line).padStart(26)}${percent(closed.word).padStart(8)}`,
    );
  }
}

function orDash(share: number | null): string {
  return share === null ? '-' : percent(share);
}
