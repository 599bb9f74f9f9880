import * as l10n from '@vscode/l10n';
import type { TrainingConfiguration } from '../../core/configuration';
import type { EncodedDocument } from '../../text/encodedDocument';
import { UserError } from '../../core/errors';
import type { Quality } from '../../text/metrics';
import type { Weights } from '../../core/parameters';
import { isOverfitting, type SampleMeasurement } from '../plan/stopping';
import type { Vocabulary } from '../../text/vocabulary';
import {
  measureDocuments,
  measureWeights,
  measuringCost,
  type Measurer,
  type WholeQuality,
} from '../measuring/measuring';
import { piecesOf, samplePieces, type Piece } from '../measuring/pieces';
import type { Best } from '../state/snapshot';

/** Measures on held-out documents and remembers the best weights. */
export interface Validator {
  /** On the fixed sample; copies the weights where they are the best so far. */
  sample(weights: Weights, step: number): Promise<{ quality: Quality; isBest: boolean }>;
  best(): Best;
  /** On every document of the part; null where the part is empty. */
  whole(weights: Weights, part: 'validation' | 'test'): Promise<WholeQuality | null>;
  /** What the last sample took, and what both whole parts are expected to take. */
  costs(): { sampleMs: number; wholeMs: number };
  /** @param margin by `overfittingMargin` */
  isOverfitting(margin: number): boolean;
  /** Of the last sample. */
  lastStep(): number | undefined;
}

/** Pieces of the sample: about 32,000 characters, fewer where TensorFlow is slow. */
const samplePieceCounts = { fast: 64, slow: 8 };

/** Measuring is estimated to take this much longer than the quickest sample says. */
const reserveFactor = 1.5;

/** @throws UserError where there is nothing to validate on */
export function createValidator(
  measurer: Measurer,
  configuration: TrainingConfiguration,
  data: { vocabulary: Vocabulary; validation: readonly EncodedDocument[]; test: readonly EncodedDocument[] },
  isFast: boolean,
): Validator {
  const documents = { validation: data.validation.map(piecesOf), test: data.test.map(piecesOf) };
  const pieces = { validation: documents.validation.flat(), test: documents.test.flat() };
  if (pieces.validation.length === 0) {
    throw new UserError(
      l10n.t('No text is left to validate on.'),
      l10n.t('Raise the validation share, or train on more files.'),
    );
  }
  const sampled = validationSample(data.validation, configuration.seed, isFast);
  const history: SampleMeasurement[] = [];
  let best: Best | undefined;
  let sampleMs = 0;
  // The first one pays for what is made once, and any may be slowed down by what else the machine does.
  let quickestMs = Infinity;
  let threads = 0;
  /** What both whole parts take, in samples, for as many threads. */
  let wholeSamples = 0;
  const noteThreads = (): void => {
    if (threads === measurer.threads) return;
    ({ threads } = measurer);
    quickestMs = Infinity;
    const wholeCost = measuringCost(pieces.validation, threads) + measuringCost(pieces.test, threads);
    wholeSamples = wholeCost / measuringCost(sampled, threads);
  };
  return {
    sample: async (weights, step) => {
      const began = performance.now();
      const quality = await measureWeights(measurer, weights, data.vocabulary, sampled);
      sampleMs = performance.now() - began;
      noteThreads();
      quickestMs = Math.min(quickestMs, sampleMs);
      history.push({ step, nats: quality.nats });
      const isBest = best === undefined || quality.nats < best.nats;
      if (isBest) best = { weights: { ...weights, values: weights.values.slice() }, nats: quality.nats, step };
      return { quality, isBest };
    },
    best: () => best!,
    whole: async (weights, part) =>
      pieces[part].length === 0 ? null : measureDocuments(measurer, weights, data.vocabulary, documents[part]),
    costs: () => ({ sampleMs, wholeMs: quickestMs * wholeSamples * reserveFactor }),
    isOverfitting: (margin) => isOverfitting(history, margin),
    lastStep: () => history.at(-1)?.step,
  };
}

/** The pieces that weights are compared on: the same ones for the same documents, in whatever vocabulary. */
export function validationSample(validation: readonly EncodedDocument[], seed: number, isFast: boolean): Piece[] {
  return samplePieces(validation, isFast ? samplePieceCounts.fast : samplePieceCounts.slow, seed);
}
