import {
  defaultCalibration,
  defaultMemoryCalibration,
  completeCalibration,
  fewestCalibrationPlaces,
  fitCalibration,
  type CalibrationSample,
  type CompletionCalibration,
} from '../../offers/completionConfidence';
import {
  confidenceCurves,
  thresholds,
  type ConfidenceCurves,
  type MeasuredPlace,
} from '../../offers/measuring/completionFigures';
import { cutsOf, textOfCut } from '../../offers/completionRules';
import { defaultCompletions } from '../../core/configuration';
import { drawPlaces } from '../../offers/measuring/evaluationPlaces';
import type { Logger } from '../../core/logger';
import { createRandom } from '../../core/random';
import { lineStart } from '../../text/textOffsets';
import { isRight } from '../../offers/measuring/typist';
import { unhurried, type Pace } from '../../inference/readPrefix';
import { mixedModels } from '../../memory/experts/expertTable';
import type { WorkspaceMemory } from '../../memory/workspaceMemory';
import type { MeasuredModel } from '../../protocol/engine';
import type { FittedConfidence } from '../../store/files';
import { readConfidence, readRunOfModel, writeConfidence } from '../../store/modelDirectory';
import { createCompleter } from '../measuring/completer';
import { drawAtPlaces, restOfLine, type DrawnPlace } from '../measuring/completionDrawing';
import { documentsOfSplit } from '../measuring/heldOutDocuments';
import { memoryOf } from '../measuring/memoryEvaluation';
import type { LoadedModel } from '../model/engineModel';
import { cutPlaceOf } from '../completing/lineOffer';
import { measuredPlace } from '../measuring/measuredPlace';

/** Places of the validation part: a thousand change the fit little more. */
const calibrationPlaces = 600;
const seed = 1;

/** What confidence means for one model; with curves where that was fitted to it. */
export interface ModelConfidence extends CompletionCalibration {
  readonly curves?: ConfidenceCurves;
}

/** What is mixed: with other readings of the memory confidence means something else. */
function modelsOf(completing: MeasuredModel): readonly string[] | undefined {
  return completing === 'network' ? undefined : mixedModels;
}

function unfittedOf(completing: MeasuredModel): CompletionCalibration {
  return completing === 'memory' ? defaultMemoryCalibration : defaultCalibration;
}

/** What was fitted for a model earlier; undefined where nothing was, or of another form. */
export async function keptConfidence(
  { stored }: Pick<LoadedModel, 'stored'>,
  completing: MeasuredModel,
): Promise<ModelConfidence | undefined> {
  const kept = (await readConfidence(stored))?.[completing];
  if (kept === undefined || kept.models?.join() !== modelsOf(completing)?.join()) return undefined;
  const calibration = completeCalibration(kept, unfittedOf(completing));
  return calibration && { ...kept, ...calibration };
}

/**
 * What confidence means for a model, fitted to the validation part of its run, with a memory that holds the training part only,
 * where it never was; kept beside the model. The default where there is too little to fit to.
 * @param pace asked before every piece of it
 */
export async function confidenceOfModel(
  model: Pick<LoadedModel, 'stored' | 'session'>,
  completing: MeasuredModel,
  logger: Logger,
  pace = unhurried(),
): Promise<ModelConfidence> {
  const kept = await keptConfidence(model, completing);
  if (kept !== undefined) return kept;
  const unfitted = unfittedOf(completing);
  const run = await readRunOfModel(model.stored);
  if (run === undefined) return unfitted;
  const validation = await documentsOfSplit(run, 'validation', logger, pace);
  const places = drawPlaces(validation, calibrationPlaces, createRandom(seed));
  if (places.length < fewestCalibrationPlaces) return unfitted;
  const { maxCharacters } = defaultCompletions;
  const remember = async (): Promise<WorkspaceMemory> =>
    memoryOf(model.session.vocabulary, await documentsOfSplit(run, 'training', logger, pace), pace);
  const completer = await createCompleter(model, { completing, maxCharacters, run, remember }, logger, pace);
  const drawn = await drawAtPlaces(completer, places, pace);
  const calibration = fitCalibration(drawn.flatMap(samplesOf), unfitted);
  const curves = await curvesOf(drawn, unfitted, pace);
  const models = modelsOf(completing);
  await keep(model, completing, { ...calibration, places: places.length, curves, ...(models && { models }) }, logger);
  return { ...calibration, curves };
}

/** No fit is judged by what it was fitted to: each half of the places by a fit to the other. */
async function curvesOf(
  drawn: readonly DrawnPlace[],
  unfitted: CompletionCalibration,
  pace: Pace,
): Promise<ConfidenceCurves> {
  const middle = Math.ceil(drawn.length / 2);
  const halves = [drawn.slice(0, middle), drawn.slice(middle)] as const;
  const places: Pick<MeasuredPlace, 'offerAt'>[] = [];
  for (const [half, other] of [halves, halves.toReversed()] as const) {
    const calibration = fitCalibration(other.flatMap(samplesOf), unfitted);
    for (const { line, document, offset } of half) {
      await pace();
      const place = measuredPlace(line, document, offset, { calibration, prose: defaultCompletions.prose });
      const offers = new Map(thresholds.map((threshold) => [threshold, place.offerAt(threshold)]));
      places.push({ offerAt: (threshold) => offers.get(threshold) });
    }
  }
  return confidenceCurves(places);
}

/** All that could be offered at a place: the whole line, and its beginnings together as much as one suggestion. */
function samplesOf({ document: { path, text }, offset, line }: DrawnPlace): CalibrationSample[] {
  const place = cutPlaceOf(path, text.slice(lineStart(text, offset), offset));
  const rest = restOfLine(text, offset);
  const cuts = cutsOf(line);
  const beginnings = cuts.filter(({ isWholeLine }) => !isWholeLine).length;
  return cuts.map((cut) => {
    const offered = textOfCut(line, cut).trimEnd();
    return { place, cut, right: isRight(offered, cut.isWholeLine, rest), weight: cut.isWholeLine ? 1 : 1 / beginnings };
  });
}

async function keep(
  { stored }: Pick<LoadedModel, 'stored'>,
  completing: MeasuredModel,
  fitted: FittedConfidence,
  logger: Logger,
): Promise<void> {
  try {
    await writeConfidence(stored, { ...(await readConfidence(stored)), [completing]: fitted });
  } catch (error) {
    // A model in a folder that cannot be written to is calibrated every time.
    logger.warn(`What confidence means for ${stored.manifest.id} was not kept: ${String(error)}`);
  }
}
