import * as l10n from '@vscode/l10n';
import { resolve } from 'node:path';
import { defaultCorpus } from '../../core/configuration';
import type { SourceDocument, WorkspaceFolder } from '../../text/document';
import { UserError } from '../../core/errors';
import type { Logger } from '../../core/logger';
import type { Vocabulary } from '../../text/vocabulary';
import { readCorpus } from '../../corpus/readCorpus';
import { unhurried } from '../../inference/readPrefix';
import { defaultWeights } from '../../memory/experts/defaultWeights';
import { storedWeights, weightsOf } from '../../memory/experts/storedWeights';
import type { MemoryWeights } from '../../memory/memoryWeights';
import { buildInSlices, type WorkspaceMemory } from '../../memory/workspaceMemory';
import type { EvaluateRequest, FileQuality, MemoryEvaluation } from '../../protocol/engine';
import type { RunConfiguration } from '../../store/files';
import { readCalibration, readRunOfModel, writeCalibration, type StoredModel } from '../../store/modelDirectory';
import { documentsOfSplit, documentsToMeasure } from './heldOutDocuments';
import type { LoadedModel } from '../model/engineModel';
import { fitMemoryWeights, scoreWithMemory } from './memoryScoring';

/** Held-out text that the memory's weights are fitted to: more of it changes them little. */
const fittedCharacters = 150_000;

/**
 * Measures network, memory and both. Where the memory's weights were never fitted for this model they are now, and kept.
 * @param workspace folder of the memory; by default those that the model was trained on
 */
export async function evaluateWithMemory(
  { stored, session }: LoadedModel,
  request: EvaluateRequest,
  workspace: string | undefined,
  logger: Logger,
  onFile: (file: FileQuality) => void,
): Promise<MemoryEvaluation> {
  const run = await readRunOfModel(stored);
  const documents = await documentsToMeasure(stored, request, logger);
  const memory = await memoryWithout(session.vocabulary, documents, { run, request, workspace }, logger);
  const weights = await memoryWeightsOf({ stored, session }, run, logger);
  return scoreWithMemory(session, documents, memory, weights, onFile);
}

/** What a memory holds while files are measured. */
interface Remembered {
  readonly run: RunConfiguration | undefined;
  readonly request: EvaluateRequest;
  /** Folder; undefined: those of the run. */
  readonly workspace: string | undefined;
}

/** The memory of a workspace without the documents that are measured. */
export async function memoryWithout(
  vocabulary: Vocabulary,
  measured: readonly SourceDocument[],
  remembered: Remembered,
  logger: Logger,
): Promise<WorkspaceMemory> {
  return memoryOf(vocabulary, without(await workspaceDocuments(remembered, logger), measured));
}

async function workspaceDocuments(
  { run, request, workspace }: Remembered,
  logger: Logger,
): Promise<readonly SourceDocument[]> {
  const named: WorkspaceFolder[] | undefined =
    workspace === undefined ? undefined : [{ directory: resolve(workspace), name: '' }];
  const folders = named ?? run?.folders;
  if (folders === undefined) {
    throw new UserError(
      l10n.t('The record of the run that made this model is gone.'),
      l10n.t('Name the workspace of the memory.'),
    );
  }
  const corpus = 'corpus' in request ? request.corpus : defaultCorpus;
  return (await readCorpus(folders, named === undefined ? run!.corpus : corpus, logger)).documents;
}

/** Leaves out the documents themselves, whatever their name: a copy would answer every question. */
export function without(documents: readonly SourceDocument[], measured: readonly SourceDocument[]): SourceDocument[] {
  const paths = new Set(measured.map(({ path }) => path));
  const texts = new Set(measured.map(({ text }) => text));
  return documents.filter(({ path, text }) => !paths.has(path) && !texts.has(text));
}

/**
 * The weights fitted to the validation part of the model's run, with a memory of the training part.
 * @param pace asked before every piece of it
 */
export async function memoryWeightsOf(
  { stored, session }: Pick<LoadedModel, 'stored' | 'session'>,
  run: RunConfiguration | undefined,
  logger: Logger,
  pace = unhurried(),
): Promise<MemoryWeights> {
  const kept = await keptWeights(stored);
  if (kept !== undefined) return kept;
  if (run === undefined) return defaultWeights();
  const validation = beginning(await documentsOfSplit(run, 'validation', logger, pace), fittedCharacters);
  const training = await documentsOfSplit(run, 'training', logger, pace);
  const workspace = await memoryOf(session.vocabulary, training, pace);
  const weights = await fitMemoryWeights(session, validation, workspace, pace);
  await keep(stored, weights, logger);
  return weights;
}

/** The weights that were fitted for a model earlier. */
export async function keptWeights(stored: StoredModel): Promise<MemoryWeights | undefined> {
  const kept = await readCalibration(stored);
  return kept && weightsOf(kept);
}

/** As `buildWorkspaceMemory`, with other work of the process between its slices. */
export async function memoryOf(
  vocabulary: Vocabulary,
  documents: readonly SourceDocument[],
  pace = unhurried(),
): Promise<WorkspaceMemory> {
  const building = buildInSlices(vocabulary, documents);
  for (;;) {
    const slice = building.next();
    if (slice.done === true) return slice.value;
    await pace();
  }
}

async function keep(stored: StoredModel, weights: MemoryWeights, logger: Logger): Promise<void> {
  try {
    await writeCalibration(stored, storedWeights(weights));
  } catch (error) {
    // A model in a folder that cannot be written to is calibrated every time.
    logger.warn(`The calibration of ${stored.manifest.id} was not kept: ${String(error)}`);
  }
}

/** The first documents, as many whole ones as it takes to hold so many characters. */
function beginning(documents: readonly SourceDocument[], characters: number): SourceDocument[] {
  let held = 0;
  const end = documents.findIndex(({ text }) => (held += text.length) >= characters);
  return end < 0 ? [...documents] : documents.slice(0, end + 1);
}
