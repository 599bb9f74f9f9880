import {
  expectedCalibrationError,
  operatingPoint,
  reliabilityCurve,
  type OperatingPoint,
  type Outcome,
  type ReliabilityBin,
} from './reliability';
import { keystrokesSaved, typeLine, type Acceptance, type JudgedText, type TypingCost } from './typist';

/** A suggestion at a place whose real text is known. */
export interface MeasuredOffer extends Outcome {
  readonly text: string;
}

/** What the model makes of a place. */
export interface MeasuredPlace {
  /** The line as drawn, before anything is left out or cut, is exactly what stands there, its end included. */
  readonly exact: boolean;
  /** What is shown when so much confidence is asked for. */
  offerAt(threshold: number): MeasuredOffer | undefined;
}

/** A line that is typed, with what the model makes of its places, by index in UTF-16 units. */
export interface TypedLine {
  readonly text: string;
  readonly places: ReadonlyMap<number, MeasuredPlace>;
}

/** Keystrokes saved, as shares, by a typist who accepts only what is right: whole suggestions, or word by word too. */
export type SavedKeystrokes = Readonly<Record<Acceptance, number>>;

/** A typist at a threshold. */
export interface TypistFigures {
  readonly threshold: number;
  readonly keystrokesSaved: SavedKeystrokes;
  /** As above, with half a keystroke lost by every suggestion that was shown and not accepted. */
  readonly payingForWrong: SavedKeystrokes;
}

/** How good completions are. */
export interface CompletionFigures {
  readonly positions: number;
  /** Share of the positions at which the whole line is drawn exactly as it stands there. */
  readonly exactShare: number;
  readonly threshold: number;
  /** Share of the positions at which something is shown at the threshold, and of these the share that is right. */
  readonly shownShare: number;
  readonly precision: number | null;
  /** Of the suggestions at all positions, whatever their confidence. */
  readonly expectedCalibrationError: number;
  /** Of those that are shown at the threshold. */
  readonly shownCalibrationError: number;
  readonly keystrokesSaved: SavedKeystrokes;
  readonly payingForWrong: SavedKeystrokes;
  readonly curves: CompletionCurves;
}

/** What confidence is worth. */
export interface ConfidenceCurves {
  /** Of the suggestions at all positions. */
  readonly reliability: readonly ReliabilityBin[];
  /** One for each of {@link thresholds}. */
  readonly operatingPoints: readonly OperatingPoint[];
}

export interface CompletionCurves extends ConfidenceCurves {
  /** One for each of {@link thresholds}. */
  readonly typists: readonly TypistFigures[];
}

/** Thresholds of the curves. */
export const thresholds: readonly number[] = Array.from({ length: 20 }, (_, index) => index / 20);
const costOfWrong = 0.5;

/** @param threshold the one in use */
export function completionFigures(
  places: readonly MeasuredPlace[],
  lines: readonly TypedLine[],
  threshold: number,
): CompletionFigures {
  const curves = confidenceCurves(places);
  const shown = shownAt(places, threshold);
  const { shownShare, precision } = operatingPoint(threshold, shown, places.length);
  const { keystrokesSaved, payingForWrong } = typistAt(lines, threshold);
  return {
    positions: places.length,
    exactShare: places.length === 0 ? 0 : places.filter(({ exact }) => exact).length / places.length,
    threshold,
    shownShare,
    precision,
    expectedCalibrationError: expectedCalibrationError(curves.reliability),
    shownCalibrationError: expectedCalibrationError(reliabilityCurve(shown)),
    keystrokesSaved,
    payingForWrong,
    curves: { ...curves, typists: thresholds.map((least) => typistAt(lines, least)) },
  };
}

/** How often suggestions of each confidence are right, and what each threshold shows. */
export function confidenceCurves(places: readonly Pick<MeasuredPlace, 'offerAt'>[]): ConfidenceCurves {
  return {
    reliability: reliabilityCurve(shownAt(places, 0)),
    operatingPoints: thresholds.map((least) => operatingPoint(least, shownAt(places, least), places.length)),
  };
}

function shownAt(places: readonly Pick<MeasuredPlace, 'offerAt'>[], threshold: number): MeasuredOffer[] {
  return places.map((place) => place.offerAt(threshold)).filter((offer) => offer !== undefined);
}

function typistAt(lines: readonly TypedLine[], threshold: number): TypistFigures {
  const offerAt =
    ({ places }: TypedLine) =>
    (index: number) =>
      places.get(index)?.offerAt(threshold);
  const { free, paying } = typistFigures(lines, offerAt);
  return { threshold, keystrokesSaved: free, payingForWrong: paying };
}

/**
 * Both typists on the same lines.
 * @param offersOf what is shown in a line
 */
export function typistFigures<Line extends { readonly text: string }>(
  lines: readonly Line[],
  offersOf: (line: Line) => (index: number) => JudgedText | undefined,
): { free: SavedKeystrokes; paying: SavedKeystrokes } {
  const characters = lines.reduce((sum, { text }) => sum + Array.from(text).length, 0);
  const cost = (acceptance: Acceptance): TypingCost =>
    lines
      .map((line) => typeLine(line.text, offersOf(line), acceptance))
      .reduce(
        (sum, { keystrokes, wrong }) => ({
          keystrokes: sum.keystrokes + keystrokes,
          wrong: sum.wrong + wrong,
        }),
        { keystrokes: 0, wrong: 0 },
      );
  const [line, word] = [cost('line'), cost('word')];
  const saved = (lost: number): SavedKeystrokes => ({
    line: keystrokesSaved(characters, line, lost),
    word: keystrokesSaved(characters, word, lost),
  });
  return { free: saved(0), paying: saved(costOfWrong) };
}
