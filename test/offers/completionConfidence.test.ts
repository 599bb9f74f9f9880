import { describe, expect, it } from 'vitest';
import {
  confidenceUnder,
  defaultCalibration,
  defaultMemoryCalibration,
  fitCalibration,
  leastProbabilities,
  type CalibrationSample,
  type Cut,
} from '../../src/offers/completionConfidence';
import { createRandom } from '../../src/core/random';
import { expectedCalibrationError, reliabilityCurve } from '../../src/offers/measuring/reliability';

/** Suggestions that are right as often as a model that is too sure of itself, above all in one kind of file, is right. */
function samples(count: number, seed: number): CalibrationSample[] {
  const random = createRandom(seed);
  return Array.from({ length: count }, () => {
    const probability = random.uniform() ** 2;
    const leastProbability = probability ** (0.3 + 0.7 * random.uniform());
    const isWholeLine = random.uniform() < 0.5;
    const extension = random.uniform() < 0.5 ? '.ts' : '.md';
    const ahead = (['agrees', 'found', 'differs'] as const)[random.integer(3)]!;
    const cut: Cut = { isWholeLine, probability, leastProbability, length: 1 + random.integer(40), ahead };
    const truth =
      probability ** 1.7 * (extension === '.md' ? 0.5 : 1) * (isWholeLine ? 0.8 : 1) * (ahead === 'agrees' ? 1 : 0.7);
    return { place: { position: random.integer(30), extension }, cut, right: random.uniform() < truth, weight: 1 };
  });
}

const outcomes = (calibration: typeof defaultCalibration, of: readonly CalibrationSample[]) =>
  of.map(({ place, cut, right }) => ({ confidence: confidenceUnder(calibration, place)(cut), right }));

describe('a calibrated confidence', () => {
  const fitted = fitCalibration(samples(2000, 1));

  it('is the share that is right, on suggestions that it was not fitted to', () => {
    const unseen = samples(20_000, 2);
    for (const extension of ['.ts', '.md']) {
      const own = unseen.filter(({ place }) => place.extension === extension);
      const raw = own.map(({ cut, right }) => ({ confidence: cut.probability, right }));
      const error = expectedCalibrationError(reliabilityCurve(outcomes(fitted, own)));
      expect(error).toBeLessThan(0.04);
      expect(error).toBeLessThan(expectedCalibrationError(reliabilityCurve(raw)));
    }
  });

  it.each([
    ['fitted', fitted],
    ['fitted to nonsense', fitCalibration(samples(500, 3).map((sample) => ({ ...sample, right: !sample.right })))],
    ['the default', defaultCalibration],
    ['the default of a memory alone', defaultMemoryCalibration],
  ])('%s lies between 0 and 1 and grows with the probability', (_, calibration) => {
    const random = createRandom(9);
    for (let round = 0; round < 300; round++) {
      const of = confidenceUnder(calibration, {
        position: random.integer(60),
        extension: ['.ts', '', '.x'][round % 3]!,
      });
      const ahead = (['agrees', 'found', 'differs'] as const)[round % 3]!;
      const shape = { isWholeLine: random.uniform() < 0.5, length: 1 + random.integer(80), ahead };
      const ordered = Array.from({ length: 6 }, () => random.uniform()).sort((a, b) => a - b);
      const confidences = [0, ...ordered, 1].map((p) => of({ ...shape, probability: p, leastProbability: p }));
      for (const [index, confidence] of confidences.entries()) {
        expect(confidence).toBeGreaterThanOrEqual(confidences[index - 1] ?? 0);
        expect(confidence).toBeLessThanOrEqual(1);
      }
    }
  });

  it.each([
    ['fitted', fitted],
    ['the default', defaultCalibration],
    ['the default of a memory alone', defaultMemoryCalibration],
  ])('%s is never reached by what is less probable than what is told', (_, calibration) => {
    const random = createRandom(10);
    for (let round = 0; round < 300; round++) {
      const confidenceOf = confidenceUnder(calibration, { position: random.integer(60), extension: '.ts' });
      const minimum = random.uniform();
      const least = leastProbabilities(confidenceOf, minimum, 64);
      for (const isWholeLine of [true, false]) {
        const bound = isWholeLine ? least.line : least.beginning;
        const length = 1 + random.integer(64);
        const ahead = (['agrees', 'found', 'differs'] as const)[round % 3]!;
        const below = { isWholeLine, probability: 0.999 * bound * random.uniform(), length, ahead };
        expect(confidenceOf({ ...below, leastProbability: 1 })).toBeLessThan(minimum);
        const surest = [1, 64].flatMap((longest) =>
          (['agrees', 'found', 'differs'] as const).map((any) =>
            confidenceOf({ ...below, probability: bound + 0.001, leastProbability: 1, length: longest, ahead: any }),
          ),
        );
        if (bound < 0.99) expect(Math.max(...surest)).toBeGreaterThanOrEqual(minimum);
      }
    }
  });

  it('is the default without samples', () => {
    expect(fitCalibration([])).toEqual(defaultCalibration);
    expect(fitCalibration([], defaultMemoryCalibration)).toEqual(defaultMemoryCalibration);
  });
});
