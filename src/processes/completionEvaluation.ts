import {
  completionFigures,
  type CompletionFigures,
  type MeasuredPlace,
  type TypedLine,
} from '../core/completionFigures';
import type { SourceDocument } from '../core/document';
import { drawLines, drawPlaces, isLowSurrogate, type MeasuredLine } from '../core/evaluationPlaces';
import type { Logger } from '../core/logger';
import { createRandom } from '../core/random';
import { createUniformSession } from '../inference/uniformSession';
import { createLanguageMemory } from '../memory/languageMemory';
import { withoutNetwork } from '../memory/memoryWeights';
import type { CompletionEvaluationRequest } from '../protocol/engine';
import { readRunOfModel } from '../protocol/modelDirectory';
import { drawInOrder, type Completer } from './completionDrawing';
import { confidenceOfModel } from './confidenceFitting';
import { documentsToMeasure } from './engineEvaluation';
import { memoryWeightsOf, memoryWithout } from './engineMemoryEvaluation';
import type { LoadedModel } from './engineModel';
import { measuredPlace, type Judging } from './measuredPlace';

/**
 * How good the completions are at random places of files, and what they save whoever types random lines of them. At every
 * place the file ends there, as if it were being typed; the memory holds the workspace without these files.
 */
export async function evaluateCompletions(
  model: LoadedModel,
  request: CompletionEvaluationRequest,
  logger: Logger,
): Promise<CompletionFigures> {
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
    return { text: document.text.slice(start, end), places: new Map(offsets) };
  });
  return completionFigures(
    places.map(({ document, offset }) => at(document, offset)),
    typed,
    request.minimumConfidence,
  );
}

/** What the request asks for, the memory as it is in the editor. */
export async function completerFor(
  model: LoadedModel,
  request: Pick<CompletionEvaluationRequest, 'files' | 'workspace' | 'maxCharacters' | 'model'>,
  documents: readonly SourceDocument[],
  logger: Logger,
): Promise<Completer> {
  const { session, stored } = model;
  const { files, workspace, maxCharacters } = request;
  if (request.model === 'network') return { session, memory: undefined, maxCharacters };
  const { vocabulary } = session;
  const run = await readRunOfModel(stored);
  const remembered = await memoryWithout(vocabulary, documents, { run, request: files, workspace }, logger);
  const fitted = await memoryWeightsOf(model, run, logger);
  const alone = request.model === 'memory';
  return {
    session: alone ? createUniformSession(vocabulary) : session,
    memory: createLanguageMemory(vocabulary, remembered, alone ? withoutNetwork(fitted) : fitted),
    maxCharacters,
  };
}

function placesOf({ document, start, end }: MeasuredLine): { document: SourceDocument; offset: number }[] {
  const offsets = Array.from({ length: end - start }, (_, index) => start + index);
  return offsets.filter((offset) => !isLowSurrogate(document.text, offset)).map((offset) => ({ document, offset }));
}

/** What stands at each place, by document and offset. Every document is read once, in order. */
async function measurePlaces(
  completer: Completer,
  judging: Judging,
  places: readonly { readonly document: SourceDocument; readonly offset: number }[],
): Promise<Map<SourceDocument, Map<number, MeasuredPlace>>> {
  const byDocument = new Map<SourceDocument, Map<number, MeasuredPlace>>();
  const offsets = new Map<SourceDocument, Set<number>>();
  for (const { document, offset } of places) offsets.set(document, (offsets.get(document) ?? new Set()).add(offset));
  for (const [document, wanted] of offsets) {
    const measured = new Map<number, MeasuredPlace>();
    const ascending = [...wanted].sort((a, b) => a - b);
    await drawInOrder(completer, document, ascending, (offset, line) => {
      measured.set(offset, measuredPlace(line, document, offset, judging));
    });
    byDocument.set(document, measured);
  }
  return byDocument;
}
