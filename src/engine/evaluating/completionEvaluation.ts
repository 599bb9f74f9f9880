import {
  completionFigures,
  lineCosts,
  type MeasuredPlace,
  type TypedLine,
} from '../../offers/measuring/completionFigures';
import { wordList } from '../../offers/measuring/wordList';
import type { SourceDocument } from '../../text/document';
import {
  drawLines,
  drawPlaces,
  isLowSurrogate,
  type MeasuredLine,
  type Place,
} from '../../offers/measuring/evaluationPlaces';
import type { Logger } from '../../core/logger';
import { createRandom } from '../../core/random';
import type { WorkspaceMemory } from '../../memory/workspaceMemory';
import type { CompletionEvaluation, CompletionEvaluationRequest } from '../../protocol/engine';
import { readRunOfModel } from '../../store/modelDirectory';
import { createCompleter, type Completer } from '../measuring/completer';
import { drawAtPlaces } from '../measuring/completionDrawing';
import { confidenceOfModel } from '../calibrating/confidenceFitting';
import { documentsToMeasure } from '../measuring/heldOutDocuments';
import { memoryWithout } from '../measuring/memoryEvaluation';
import type { LoadedModel } from '../model/engineModel';
import { measuredPlace, type Judging } from '../measuring/measuredPlace';

/**
 * How good the completions are at random places of files, and what they save whoever types random lines of them. At every
 * place the file ends there, as if it were being typed; the memory holds the workspace without these files.
 */
export async function evaluateCompletions(
  model: LoadedModel,
  request: CompletionEvaluationRequest,
  logger: Logger,
): Promise<CompletionEvaluation> {
  const documents = await documentsToMeasure(model.stored, request.files, logger);
  const random = createRandom(request.seed);
  const places = drawPlaces(documents, request.positions, random);
  const lines = drawLines(documents, request.lines, random);
  const completer = await completerFor(model, request, documents, logger);
  const calibration = await confidenceOfModel(model, request.model, logger);
  const judging = { calibration, prose: request.prose };
  const measured = await measurePlaces(completer, judging, [...places, ...lines.flatMap(placesOf)]);
  const at = (document: SourceDocument, offset: number): MeasuredPlace => measured.get(document)!.get(offset)!;
  const typed = lines.map((line): TypedLine => {
    const { document, start, end } = line;
    const offsets = placesOf(line).map(({ offset }) => [offset - start, at(document, offset)] as const);
    return { text: document.text.slice(start, end), places: new Map(offsets), listAt: wordList(line) };
  });
  const drawn = places.map(({ document, offset }) => at(document, offset));
  const samples = { exact: drawn.map(({ exact }) => exact), lines: lineCosts(typed, request.minimumConfidence) };
  return { figures: completionFigures(drawn, typed, request.minimumConfidence), samples };
}

/** What the request asks for, the memory as it is in the editor. */
export async function completerFor(
  model: LoadedModel,
  request: Pick<CompletionEvaluationRequest, 'files' | 'workspace' | 'maxCharacters' | 'model'>,
  documents: readonly SourceDocument[],
  logger: Logger,
): Promise<Completer> {
  const { files, workspace, maxCharacters, model: completing } = request;
  const run = await readRunOfModel(model.stored);
  const remember = (): Promise<WorkspaceMemory> =>
    memoryWithout(model.session.vocabulary, documents, { run, request: files, workspace }, logger);
  return createCompleter(model, { completing, maxCharacters, run, remember }, logger);
}

function placesOf({ document, start, end }: MeasuredLine): Place[] {
  const offsets = Array.from({ length: end - start }, (_, index) => start + index);
  return offsets.filter((offset) => !isLowSurrogate(document.text, offset)).map((offset) => ({ document, offset }));
}

/** What stands at each place, by document and offset. */
async function measurePlaces(
  completer: Completer,
  judging: Judging,
  places: readonly Place[],
): Promise<Map<SourceDocument, Map<number, MeasuredPlace>>> {
  const measured = new Map<SourceDocument, Map<number, MeasuredPlace>>();
  for (const { document, offset, line } of await drawAtPlaces(completer, places)) {
    const ofDocument = measured.get(document) ?? new Map<number, MeasuredPlace>();
    measured.set(document, ofDocument.set(offset, measuredPlace(line, document, offset, judging)));
  }
  return measured;
}
