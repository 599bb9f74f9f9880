import type { TypistFigures } from '../offers/measuring/completionFigures';
import type { Replay, ReplayedHistory, ReplayFigures } from '../protocol/replay';
import type { Output } from './output';

const percent = (share: number | null): string => (share === null ? '-' : `${(100 * share).toFixed(1)} %`);

export function reportHistory(output: Output, history: ReplayedHistory): void {
  const { commit, date, commits, written, typed, moved, notTyped } = history;
  output.result(
    { type: 'history', ...history },
    `Commits since ${commit.slice(0, 12)} (${date}): ${commits}. Lines that they have added: ${written}; typed again: ${typed}.\n` +
      `Moved or indented besides: ${moved}; lines that nobody types (licences, data, secrets, whole texts at once): ${notTyped}.`,
  );
}

/** Files that are shown to people; `--json` has all. */
const shownFiles = 20;

/** @param threshold in use */
export function reportReplay(output: Output, { groups, curves }: Replay, threshold: number): void {
  const rows = groups.filter(({ of }) => of !== 'file');
  const files = groups.filter(({ of }) => of === 'file');
  const head = `at confidence ${threshold}`.padEnd(width);
  output.say(`\n${head}  lines   exact   shown   right  keystrokes saved: whole, by word`);
  for (const group of rows) reportGroup(output, group);
  if (files.length > 0) output.say(files.length > shownFiles ? `files (${shownFiles} of ${files.length}):` : 'files:');
  for (const [index, file] of files.entries()) reportGroup(output, file, index < shownFiles);
  output.say(
    '\nthreshold    shown   right   keystrokes saved: whole, by word   paying half a one for each wrong: whole',
  );
  for (const [index, point] of curves.operatingPoints.entries()) {
    const { keystrokesSaved, payingForWrong } = curves.typists[index]!;
    output.result(
      { type: 'threshold', ...point, keystrokesSaved, payingForWrong },
      `${point.threshold.toFixed(2).padEnd(9)}${percent(point.shownShare).padStart(9)}${percent(point.precision).padStart(8)}` +
        `${percent(keystrokesSaved.line).padStart(26)}${percent(keystrokesSaved.word).padStart(9)}${percent(payingForWrong.line).padStart(26)}`,
    );
  }
  reportRecommendation(output, groups[0]!, curves.typists, threshold);
}

const width = 40;

function reportGroup(output: Output, group: ReplayFigures, isShown = true): void {
  const { of, name, lines, exactShare, shownShare, precision, keystrokesSaved, savedError } = group;
  const error = of === 'all' ? ` ± ${(100 * savedError).toFixed(1)}` : '';
  const shown =
    `${(of === 'all' ? 'all' : shortened(name)).padEnd(width)}${String(lines).padStart(7)}${percent(exactShare).padStart(8)}` +
    `${percent(shownShare).padStart(8)}${percent(precision).padStart(8)}${percent(keystrokesSaved.line).padStart(16)}` +
    `${percent(keystrokesSaved.word).padStart(9)}${error}`;
  if (isShown || output.json) output.result({ type: 'group', ...group }, shown);
}

/** The end of a path says more than its beginning. Names are anybody's: no control characters. */
function shortened(name: string): string {
  const safe = name.replaceAll(/\p{Cc}/gu, '?');
  return safe.length <= width ? safe : `…${safe.slice(1 - width)}`;
}

/** A difference that is less than this is none. */
const leastGain = 0.003;

/**
 * The threshold that would have saved most, where half a keystroke is lost by each suggestion that was shown and not accepted;
 * of those that are as good as it the one in use, or else the highest.
 */
export function recommendedThreshold(typists: readonly TypistFigures[], inUse: number): number {
  const best = Math.max(...typists.map(({ payingForWrong }) => payingForWrong.line));
  const good = typists.filter(({ payingForWrong }) => payingForWrong.line >= best - leastGain);
  return good.some(({ threshold }) => threshold === inUse) ? inUse : good.at(-1)!.threshold;
}

function reportRecommendation(
  output: Output,
  all: ReplayFigures,
  typists: readonly TypistFigures[],
  threshold: number,
): void {
  const recommended = recommendedThreshold(typists, threshold);
  const [saved, now] = [
    typists.find((typist) => typist.threshold === recommended)!.payingForWrong.line,
    all.payingForWrong.line,
  ];
  const sentence =
    recommended === threshold
      ? `No other threshold would have saved more than ${threshold} does.`
      : `A threshold of ${recommended} (recur.completions.minimumConfidence) would have saved ${percent(saved)} where ${threshold} saves ` +
        `${percent(now)}, half a keystroke lost by each wrong suggestion.`;
  output.result(
    { type: 'replay', threshold, recommended, lines: all.lines, keystrokesSaved: all.keystrokesSaved },
    `\n${sentence}`,
  );
}
