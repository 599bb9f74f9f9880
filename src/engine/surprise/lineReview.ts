import type { Logger } from '../../core/logger';
import { readCorpus } from '../../corpus/readCorpus';
import type { Pace } from '../../inference/readPrefix';
import { inVocabulary } from '../../inference/translation';
import type { ModelSession } from '../../inference/session';
import { createUniformSession } from '../../inference/uniformSession';
import { createLanguageMemory } from '../../memory/languageMemory';
import { initialWeights, withoutNetwork } from '../../memory/memoryWeights';
import type { ReviewedLine, ReviewFile, ReviewRequest } from '../../protocol/engine';
import { readRunOfModel } from '../../store/modelDirectory';
import { lineEvidence } from '../../surprise/lineEvidence';
import { partOf, scannedText, type ScannedText } from '../../surprise/scannedText';
import { judgeLine } from '../../surprise/lineJudgement';
import { createWordKnowledge, type WordKnowledge } from '../../surprise/wordKnowledge';
import { scanWords } from '../../surprise/wordScanning';
import { buildVocabulary, createVocabulary } from '../../text/vocabulary';
import type { SourceDocument } from '../../text/document';
import { languageOf } from '../../text/languages';
import { keptWeights, memoryOf, memoryWeightsOf } from '../measuring/memoryEvaluation';
import type { LoadedModel } from '../model/engineModel';
import { linesOf, surpriseOfLines, type LineModel } from './lineSurprise';

/** Lines to judge, in their scanned text. */
interface Judged {
  readonly file: ReviewFile;
  readonly scanned: ScannedText;
  /** Where its lines start; the end of the text is the last one. */
  readonly starts: readonly number[];
}

/**
 * How odd lines of some files are to whoever knows the workspace, in the order of the request. The memory holds the workspace
 * with these files as they are in the request; of its own file it does not know the line itself.
 * @param model undefined: the memory alone
 * @param pace asked before every piece of it
 * @param signal ends the work
 */
export async function reviewLines(
  model: LoadedModel | undefined,
  request: ReviewRequest,
  logger: Logger,
  pace: Pace,
  signal?: AbortSignal,
): Promise<ReviewedLine[]> {
  return reviewAmong(model, await rememberedDocuments(request, logger, signal), request.files, logger, pace);
}

/** As `reviewLines`, among all documents of a workspace: the files as they are to be judged stand among them. */
export async function reviewAmong(
  model: LoadedModel | undefined,
  documents: readonly SourceDocument[],
  files: readonly ReviewFile[],
  logger: Logger,
  pace: Pace,
): Promise<ReviewedLine[]> {
  const judged = files.map((file): Judged => {
    const scanned = scannedDocument(file);
    return { file, scanned, starts: startsOf(file.text) };
  });
  const knowledge = await knowledgeOf(judged, documents, pace);
  const lineModel = await lineModelOf(model, documents, logger, pace);
  const reviewed: ReviewedLine[] = [];
  const surprises = await surpriseOfLines(lineModel, files, pace);
  for (const [index, { file, scanned, starts }] of judged.entries()) {
    for (const line of file.lines) {
      await pace();
      const surprise = surprises[index]!.get(line)!;
      const evidence = lineEvidence(scanned, starts[line]!, starts[line + 1]!, surprise, knowledge);
      const { score, bits, expected, places, start, end } = judgeLine(evidence, knowledge);
      reviewed.push({ path: file.path, line: line + 1, score, bits, expected, places, start, end });
    }
  }
  return reviewed;
}

function scannedDocument({ path, text }: SourceDocument): ScannedText {
  return scannedText(text, scanWords(text, languageOf(path)));
}

/** The workspace, with the files of the request in place of their saved copies. */
async function rememberedDocuments(
  { folders, corpus, files }: ReviewRequest,
  logger: Logger,
  signal: AbortSignal | undefined,
): Promise<SourceDocument[]> {
  const saved = (await readCorpus(folders, corpus, logger, signal)).documents;
  const paths = new Set(files.map(({ path }) => path));
  return [...saved.filter(({ path }) => !paths.has(path)), ...files.map(({ path, text }) => ({ path, text }))];
}

async function knowledgeOf(
  judged: readonly Judged[],
  documents: readonly SourceDocument[],
  pace: Pace,
): Promise<WordKnowledge> {
  const knowledge = createWordKnowledge(true);
  for (const { file, scanned, starts } of judged) {
    for (const line of file.lines) {
      const { from, to } = partOf(scanned, starts[line]!, starts[line + 1]!);
      for (let place = from; place < to; place++) knowledge.surroundings.want(scanned.sequence.codes, place);
    }
  }
  for (const document of documents) {
    await pace();
    knowledge.add(scannedDocument(document));
  }
  return knowledge;
}

/** Network and memory, or the memory alone, in one vocabulary. */
async function lineModelOf(
  model: LoadedModel | undefined,
  documents: readonly SourceDocument[],
  logger: Logger,
  pace: Pace,
): Promise<LineModel> {
  const { codePoints } = buildVocabulary(
    documents.map(({ text }) => text),
    mostCodePoints,
  );
  const own = createVocabulary([...codePoints, ...(model?.session.vocabulary.codePoints ?? [])]);
  const workspace = await memoryOf(own, documents, pace);
  if (model === undefined) {
    const memory = createLanguageMemory(own, workspace, withoutNetwork(initialWeights()));
    return { session: createUniformSession(own), memory };
  }
  const kept = await keptWeights(model.stored);
  const weights = kept ?? (await memoryWeightsOf(model, await readRunOfModel(model.stored), logger, pace));
  const session: ModelSession = inVocabulary(model.session, own).session;
  return { session, memory: createLanguageMemory(own, workspace, weights) };
}

const mostCodePoints = 2000;

function startsOf(text: string): number[] {
  const starts = [0];
  for (const line of linesOf(text)) starts.push(starts.at(-1)! + line.length);
  return starts;
}
