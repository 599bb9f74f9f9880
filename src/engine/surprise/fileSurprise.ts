import * as l10n from '@vscode/l10n';
import { UserError } from '../../core/errors';
import type { Logger } from '../../core/logger';
import { createLanguageMemory, type LanguageMemory } from '../../memory/languageMemory';
import type { CharacterRequest, MeasuredCharacters } from '../../protocol/engine';
import { readRunOfModel } from '../../store/modelDirectory';
import type { SourceDocument } from '../../text/document';
import { documentsToMeasure } from '../measuring/heldOutDocuments';
import { memoryWeightsOf, memoryWithout } from '../measuring/memoryEvaluation';
import type { LoadedModel } from '../model/engineModel';
import { unhurried } from '../../inference/readPrefix';
import type { CharacterSurprise } from '../../surprise/characterSurprise';
import { documentSurprise } from './documentSurprise';
import { createSurpriseReading } from './surpriseReading';

/**
 * How surprising each character of a file is, to the network or to network and memory; the memory holds the workspace without
 * the file.
 * @throws UserError where the path names more than one text
 */
export async function fileSurprise(
  model: LoadedModel,
  request: CharacterRequest,
  logger: Logger,
): Promise<MeasuredCharacters> {
  const documents = await documentsToMeasure(model.stored, request, logger);
  const [document] = documents;
  if (document === undefined || documents.length > 1) {
    throw new UserError(
      l10n.t`${request.paths.join(', ')} is not one file.`,
      l10n.t('Name one file for its characters.'),
    );
  }
  const { bits, entropy } = await surpriseOf(model, document, request, logger);
  return { text: document.text, bits, entropy };
}

/** The network alone reads as it does for a heat map. */
async function surpriseOf(
  model: LoadedModel,
  document: SourceDocument,
  request: CharacterRequest,
  logger: Logger,
): Promise<CharacterSurprise> {
  if (request.withMemory) {
    return documentSurprise(model.session, await memoryBeside(model, document, request, logger), document);
  }
  const reading = createSurpriseReading(model.session, document.path);
  return (await reading.whole(document.text, unhurried())).surprise;
}

async function memoryBeside(
  model: LoadedModel,
  document: SourceDocument,
  { workspace, ...request }: CharacterRequest,
  logger: Logger,
): Promise<LanguageMemory> {
  const { vocabulary } = model.session;
  const run = await readRunOfModel(model.stored);
  const remembered = await memoryWithout(vocabulary, [document], { run, request, workspace }, logger);
  return createLanguageMemory(vocabulary, remembered, await memoryWeightsOf(model, run, logger));
}
