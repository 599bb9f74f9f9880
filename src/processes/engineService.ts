import { defaultMemoryCalibration } from '../core/completionConfidence';
import { UserError } from '../core/errors';
import type { Logger } from '../core/logger';
import { createRandom } from '../core/random';
import { generateText } from '../inference/decoding';
import { tryProviders } from '../inference/providers';
import { scoreDocuments } from '../inference/scoring';
import {
  noModel,
  type CompletionAnswer,
  type CompletionRequest,
  type EngineEvents,
  type EngineFunctions,
  type EngineStatus,
  type LoadRequest,
} from '../protocol/engine';
import { evaluateCompletions } from './completionEvaluation';
import { completeLine, none } from './engineCompletion';
import { createEngineConfidence } from './engineConfidence';
import { createEngineDocuments, type EngineDocument } from './engineDocuments';
import { documentsToMeasure } from './engineEvaluation';
import { evaluateWithMemory } from './engineMemoryEvaluation';
import { completionExamples } from './engineExamples';
import { createEngineMemory } from './engineMemory';
import { buildInWorker, type BuildMemory } from './memoryWorker';
import { createModelSlot, trialGraph, type LoadedModel } from './engineModel';
import { createReadAhead } from './readAhead';

const memoryAnswers: EngineStatus = {
  ...noModel,
  answers: 'memory',
  reason: 'No network has been trained yet: a memory of the workspace and of the open files completes alone.',
};

/** The calls that an engine process answers. Of two requests for completions the newer one wins. */
export function createEngine(
  events: Partial<Omit<EngineEvents, 'log'>>,
  logger: Logger,
  buildMemory: BuildMemory = buildInWorker,
): EngineFunctions {
  const documents = createEngineDocuments(logger);
  const slot = createModelSlot(logger, () => documents.forgetStates());
  const memory = createEngineMemory(slot, documents, buildMemory, logger);
  const readAhead = createReadAhead(slot, logger);
  const confidence = createEngineConfidence(
    slot,
    () => readAhead.isIdle(),
    (curves) => events.calibrated?.(curves),
    logger,
  );
  let newest = 0;

  async function requireModel<Result>(work: (model: LoadedModel) => Promise<Result>): Promise<Result> {
    if (slot.current() === undefined)
      throw new UserError('No model is loaded.', 'Train one first, or name its folder.');
    return (await slot.use(work))!;
  }

  async function complete(request: CompletionRequest): Promise<CompletionAnswer> {
    const ticket = ++newest;
    const document = documents.find(request.uri);
    if (document === undefined || document.version < request.version) return none('resend');
    const isStale = (): boolean => ticket !== newest || document.version !== request.version;
    if (isStale()) return none('stale');
    const isExcluded = (): boolean => document.excluded;
    await document.scanned;
    if (isExcluded()) return none('excluded');
    if (isStale()) return none('stale');
    memory.turnTo(document);
    document.cursor = Math.min(request.offset, document.text.length);
    const answer = await draw(document, request, isStale);
    return isExcluded() ? none('excluded') : (answer ?? none('no model'));
  }

  /** By network and memory, or the memory alone; undefined where there is neither. */
  async function draw(
    document: EngineDocument,
    request: CompletionRequest,
    isStale: () => boolean,
  ): Promise<CompletionAnswer | undefined> {
    if (slot.current() !== undefined) {
      return slot.use(({ session }) =>
        completeLine(session, document, request, isStale, memory.of(session), confidence.of(session)),
      );
    }
    const alone = memory.alone();
    return alone && completeLine(alone.session, document, request, isStale, alone.language, defaultMemoryCalibration);
  }

  async function load(request: LoadRequest): Promise<EngineStatus> {
    if (request.directory === null) {
      slot.unload();
      confidence.forget();
      memory.follow(undefined, request.memory);
      return request.memory === undefined ? noModel : memoryAnswers;
    }
    const model = await slot.load({ ...request, directory: request.directory });
    memory.follow(model, request.memory);
    const completing = request.memory === undefined ? 'network' : 'both';
    confidence.follow(model, { completing, memoryReady: memory.ready(), patient: request.memory?.patient !== false });
    readAhead.later(undefined);
    return { ...model.status, answers: completing };
  }

  return {
    load,
    unload() {
      slot.unload();
      confidence.forget();
      memory.forget();
    },
    async memoryReady() {
      await memory.ready();
      await confidence.ready();
    },
    tryProviders: async () => (await slot.use(({ graph }) => tryProviders(graph))) ?? tryProviders(trialGraph()),
    openDocument(opened) {
      documents.open(opened);
      const document = documents.find(opened.uri);
      if (document !== undefined) memory.changed(document);
      readAhead.later(document);
    },
    changeDocument(change) {
      const fits = documents.change(change);
      const document = documents.find(change.uri);
      if (document !== undefined) memory.changed(document);
      readAhead.later(document);
      return fits;
    },
    moveCursor(uri, version, offset) {
      const document = documents.find(uri);
      if (document?.version !== version || document.cursor === offset) return;
      document.cursor = Math.min(offset, document.text.length);
      readAhead.later(document);
    },
    documentSaved(uri) {
      const document = documents.find(uri);
      if (document !== undefined) memory.changed(document.path);
    },
    closeDocument(uri) {
      const document = documents.find(uri);
      documents.close(uri);
      if (document !== undefined) memory.changed(document);
    },
    filesChanged: (paths) => memory.filesChanged(paths),
    complete: (request) => readAhead.after(documents.find(request.uri), () => complete(request)),
    generate: (request) => requireModel(({ session }) => generateText(session, request, createRandom(request.seed))),
    evaluate: (request) =>
      requireModel(async ({ stored, session }) => {
        const named = await documentsToMeasure(stored, request, logger);
        return scoreDocuments(session, named, (file) => events.evaluated?.(file));
      }),
    evaluateWithMemory: (request, workspace) =>
      requireModel((model) =>
        evaluateWithMemory(model, request, workspace, logger, (file) => events.evaluated?.(file)),
      ),
    evaluateCompletions: (request) => requireModel((model) => evaluateCompletions(model, request, logger)),
    examples: (count, seed) => requireModel((model) => completionExamples(model, count, seed, logger)),
  };
}
