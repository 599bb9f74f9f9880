import { dotProduct, fitLogistic, logistic, type LogisticSample } from '../core/logisticFit';

/**
 * What looking ahead says of the line that is drawn character by character: that no other one is more probable as a whole, or
 * that this is such a one, or that there is one beside this.
 */
export type Ahead = 'agrees' | 'found' | 'differs';

/** A beginning of a drawn line that may be offered, or all of it. */
export interface Cut {
  /** All of the line, its end included. */
  readonly isWholeLine: boolean;
  /** The product of the probabilities of its characters, and of the line's end where that is included. */
  readonly probability: number;
  /** The smallest of them. */
  readonly leastProbability: number;
  /** Code points. */
  readonly length: number;
  readonly ahead: Ahead;
}

/** Where a line is drawn. */
export interface CutPlace {
  /** Characters of the line before it, leading blanks left out. */
  readonly position: number;
  /** Of the file, with its dot; empty where it has none. */
  readonly extension: string;
}

/** How likely it is that what is offered is right, from 0 to 1. */
export type ConfidenceOf = (cut: Cut) => number;

/** What confidence means for one model: the fitted probability that a suggestion is right. */
export interface CompletionCalibration {
  /** One for each feature. */
  readonly coefficients: readonly number[];
  /** What is added for files with an extension. */
  readonly offsets: Readonly<Record<string, number>>;
}

/** A suggestion at a place whose real text is known. */
export interface CalibrationSample {
  readonly place: CutPlace;
  readonly cut: Cut;
  readonly right: boolean;
  /** What it counts: the suggestions of one place are not independent of one another. */
  readonly weight: number;
}

/**
 * ln p and -ln(1 - p) together are the beta calibration of Kull, Silva Filho and Flach (2017); the rest says how much a
 * product of probabilities is worth at such a place.
 */
function featuresOf({ position }: CutPlace, cut: Cut): number[] {
  const { isWholeLine, probability, leastProbability, length, ahead } = cut;
  const p = clamped(probability);
  const growing = [Math.log(p), -Math.log(1 - p), Math.log(clamped(leastProbability))];
  const others = [1, Math.log(length + 1), Math.log(position + 1)];
  // Two fits in one: of whole lines, and of beginnings.
  const own = [...growing, ...others];
  const none = own.map(() => 0);
  return [
    ...(isWholeLine ? [...own, ...none] : [...none, ...own]),
    // Whether another line was looked for says nothing of a beginning.
    isWholeLine && ahead === 'found' ? 1 : 0,
    isWholeLine && ahead === 'differs' ? 1 : 0,
  ];
}

/** The features that grow with the probability: their coefficients are never negative, so that confidence grows with it. */
const growing = [0, 1, 2, 6, 7, 8];
const clamped = (probability: number): number => Math.min(1 - 1e-5, Math.max(1e-9, probability));

/** Fitted to code that no figure is given for (docs/usefulness.md): for models that are not calibrated yet, or cannot be. */
export const defaultCalibration: CompletionCalibration = {
  coefficients: [0.78, 0.89, 0.22, -0.63, 0.15, 0.13, 0.88, 0.15, 1.02, 0.69, 0.15, 0.06, -0.02, -0.42],
  // What is drawn in C is right more often than what is as probable elsewhere.
  offsets: { '.c': 0.31, '.h': 0.42 },
};

/** The same for a memory without a network. */
export const defaultMemoryCalibration: CompletionCalibration = {
  coefficients: [1, 0.6, 0.05, 0.05, -0.35, 0.15, 1.35, 0.2, 0, 0.3, -0.25, 0.2, 0, 0],
  offsets: {},
};

/** Features of the first calibrations that were written down: whatever was added since stands behind them. */
const firstFeatures = 12;

/** A calibration that was written down when there were fewer features, the others as unfitted; undefined where it is none. */
export function completeCalibration(
  { coefficients, offsets }: CompletionCalibration,
  unfitted: CompletionCalibration,
): CompletionCalibration | undefined {
  const missing = unfitted.coefficients.slice(coefficients.length);
  if (coefficients.length < firstFeatures || coefficients.length > unfitted.coefficients.length) return undefined;
  return { coefficients: [...coefficients, ...missing], offsets };
}

/** A fit needs this many places. */
export const fewestCalibrationPlaces = 60;
/**
 * How much what was fitted to other code weighs: the held-out part of one workspace are a few files, which say more about
 * themselves than about the next one (docs/experiments.md).
 */
const ridge = 1000;
const fewestOfExtension = 100;
const offsetRidge = 5;

/** The fitted probability that a suggestion is right: monotone in the probabilities of its characters. */
export function confidenceUnder({ coefficients, offsets }: CompletionCalibration, place: CutPlace): ConfidenceOf {
  const offset = offsetOf(offsets, place.extension);
  return (cut) => logistic(dotProduct(featuresOf(place, cut), coefficients) + offset);
}

function offsetOf(offsets: CompletionCalibration['offsets'], extension: string): number {
  return Object.hasOwn(offsets, extension) ? offsets[extension]! : 0;
}

/** Halvings that find a probability well enough: it may be too small by a four thousandth. */
const halvings = 12;

/**
 * How probable a whole line has to be at least to be as sure as `minimum`, and a beginning of one, whatever else is true of them.
 * @param longest in code points
 */
export function leastProbabilities(
  confidenceOf: ConfidenceOf,
  minimum: number,
  longest: number,
): { readonly line: number; readonly beginning: number } {
  const least = (isWholeLine: boolean): number => {
    const others = (['agrees', 'found', 'differs'] as const).flatMap((ahead) =>
      [1, longest].map((length) => ({ isWholeLine, leastProbability: 1, length, ahead })),
    );
    const confidences = others.map((cut) => confidenceOf({ ...cut, probability: 0.5 }));
    const surest = others[confidences.indexOf(Math.max(...confidences))]!;
    let [low, high] = [0, 1];
    for (let count = 0; count < halvings; count++) {
      const middle = (low + high) / 2;
      if (confidenceOf({ ...surest, probability: middle }) >= minimum) high = middle;
      else low = middle;
    }
    return low;
  };
  return { line: least(true), beginning: least(false) };
}

/**
 * Fits what confidence means to suggestions whose real text is known.
 * @param from what to stay close to where they say little
 */
export function fitCalibration(
  samples: readonly CalibrationSample[],
  from: CompletionCalibration = defaultCalibration,
): CompletionCalibration {
  const rows = samples.map(({ place, cut, right, weight }) => ({
    ...{ features: featuresOf(place, cut), right, weight },
    offset: offsetOf(from.offsets, place.extension),
  }));
  const coefficients = fitLogistic(rows, { prior: from.coefficients, ridge, notNegative: growing });
  const offsets = { ...from.offsets };
  for (const extension of new Set(samples.map(({ place }) => place.extension))) {
    const own = rows.filter((_, index) => samples[index]!.place.extension === extension);
    if (own.length < fewestOfExtension || own.length === rows.length) continue;
    offsets[extension] = fitOffset(own, coefficients, offsetOf(from.offsets, extension));
  }
  return { coefficients, offsets };
}

/** What has to be added for these samples: a fit whose one feature is the score, its coefficient 1. */
function fitOffset(rows: readonly LogisticSample[], coefficients: readonly number[], from: number): number {
  let offset = from;
  for (let iteration = 0; iteration < 20; iteration++) {
    let [gradient, curvature] = [offsetRidge * (offset - from), offsetRidge];
    for (const { features, right, weight } of rows) {
      const p = logistic(dotProduct(features, coefficients) + offset);
      gradient += weight * (p - (right ? 1 : 0));
      curvature += weight * p * (1 - p);
    }
    offset -= Math.max(-1, Math.min(1, gradient / curvature));
  }
  return offset;
}
