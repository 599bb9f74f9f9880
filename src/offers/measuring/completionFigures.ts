import {
  expectedCalibrationError,
  operatingPoint,
  reliabilityCurve,
  type OperatingPoint,
  type Outcome,
  type ReliabilityBin,
} from './reliability';
import { defaultListShares, type ListPlace, type ListShares } from '../completionFilters';
import {
  keystrokesSaved,
  typeLine,
  type Acceptance,
  type JudgedText,
  type ListAtHand,
  type TypingCost,
} from './typist';

/** A suggestion at a place whose real text is known. */
export interface MeasuredOffer extends Outcome {
  readonly text: string;
}

/** What the model makes of a place. */
export interface MeasuredPlace {
  /** The line as drawn, before anything is left out or cut, is exactly what stands there, its end included. */
  readonly exact: boolean;
  /** What is shown when so much confidence is asked for, and, where the list would open, so much more. */
  offerAt(threshold: number, shares?: ListShares): MeasuredOffer | undefined;
}

/** A line that is typed, with what the model makes of its places, by index in UTF-16 units. */
export interface TypedLine {
  readonly text: string;
  readonly places: ReadonlyMap<number, MeasuredPlace>;
  /** What the editor's list has for the typist at an index. */
  readonly listAt: ListAtHand['choiceAt'];
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

/** Shares of the keystrokes that are saved with the editor's list at hand. */
export interface ListFigures {
  /** By the list, without any suggestions. */
  readonly alone: number;
  /** By suggestions and the list, which stays closed while a suggestion is shown. */
  readonly closed: SavedKeystrokes;
  /** By both, side by side: what closing the list costs is the difference. */
  readonly beside: SavedKeystrokes;
}

/** What is saved with the list closed by suggestions, where these must be surer in one of its places. */
export interface ListShareFigures {
  readonly place: ListPlace;
  /** Of {@link ListShares}; the other place keeps its default. */
  readonly share: number;
  readonly closed: SavedKeystrokes;
}

/** How good completions are. */
export interface CompletionTotals {
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
  /** At the threshold. */
  readonly list: ListFigures;
}

export interface CompletionFigures extends CompletionTotals {
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
  /** For both places, at the threshold in use. */
  readonly lists: readonly ListShareFigures[];
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
  const curves = {
    ...confidenceCurves(places),
    typists: thresholds.map((least) => typistAt(lines, least)),
    lists: (['member', 'word'] as const).flatMap((place) => listCurve(lines, threshold, place)),
  };
  return { ...completionTotals(places, lines, threshold), curves };
}

/** {@link completionFigures} without what other thresholds would show. */
export function completionTotals(
  places: readonly MeasuredPlace[],
  lines: readonly TypedLine[],
  threshold: number,
): CompletionTotals {
  const shown = shownAt(places, threshold);
  const { shownShare, precision } = operatingPoint(threshold, shown, places.length);
  const { keystrokesSaved, payingForWrong } = typistAt(lines, threshold);
  return {
    positions: places.length,
    exactShare: places.length === 0 ? 0 : places.filter(({ exact }) => exact).length / places.length,
    threshold,
    shownShare,
    precision,
    expectedCalibrationError: expectedCalibrationError(reliabilityCurve(shownAt(places, 0))),
    shownCalibrationError: expectedCalibrationError(reliabilityCurve(shown)),
    keystrokesSaved,
    payingForWrong,
    list: listFigures(lines, threshold),
  };
}

function listFigures(lines: readonly TypedLine[], threshold: number): ListFigures {
  const none = (): (() => undefined) => () => undefined;
  const list = (closedBySuggestions: boolean) => (line: TypedLine) => ({ choiceAt: line.listAt, closedBySuggestions });
  return {
    alone: typistFigures(lines, none, list(true)).free.line,
    closed: typistFigures(lines, offersAt(threshold), list(true)).free,
    beside: typistFigures(lines, offersAt(threshold), list(false)).free,
  };
}

const listShares: readonly number[] = [1, 0.8, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1, 0];

function listCurve(lines: readonly TypedLine[], threshold: number, place: ListPlace): ListShareFigures[] {
  const list = ({ listAt }: TypedLine): ListAtHand => ({ choiceAt: listAt, closedBySuggestions: true });
  return listShares.map((share) => {
    const offers = offersAt(threshold, { ...defaultListShares, [place]: share });
    return { place, share, closed: typistFigures(lines, offers, list).free };
  });
}

/** What is shown in a line. */
function offersAt(threshold: number, shares?: ListShares) {
  return ({ places }: TypedLine) =>
    (index: number): JudgedText | undefined =>
      places.get(index)?.offerAt(threshold, shares);
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
  const { free, paying } = typistFigures(lines, offersAt(threshold));
  return { threshold, keystrokesSaved: free, payingForWrong: paying };
}

/** What one line costs a typist at a threshold. */
export interface LineCost {
  /** Code points. */
  readonly characters: number;
  readonly keystrokes: Readonly<Record<Acceptance, number>>;
}

/** What each line costs at a threshold, for figures over lines. */
export function lineCosts(lines: readonly TypedLine[], threshold: number): LineCost[] {
  return lines.map((line) => {
    const keystrokes = (acceptance: Acceptance): number =>
      typeLine(line.text, offersAt(threshold)(line), acceptance).keystrokes;
    return {
      characters: Array.from(line.text).length,
      keystrokes: { line: keystrokes('line'), word: keystrokes('word') },
    };
  });
}

/**
 * Both typists on the same lines.
 * @param offersOf what is shown in a line
 * @param listOf the editor's list in a line; undefined: none
 */
export function typistFigures<Line extends { readonly text: string }>(
  lines: readonly Line[],
  offersOf: (line: Line) => (index: number) => JudgedText | undefined,
  listOf?: (line: Line) => ListAtHand,
): { free: SavedKeystrokes; paying: SavedKeystrokes } {
  const characters = lines.reduce((sum, { text }) => sum + Array.from(text).length, 0);
  const cost = (acceptance: Acceptance): TypingCost =>
    lines
      .map((line) => typeLine(line.text, offersOf(line), acceptance, listOf?.(line)))
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
