import * as l10n from '@vscode/l10n';
import { join } from 'node:path';
import { machineFolderVariable } from '../core/environmentVariables';
import type { ProviderReport, ProviderTrial } from '../protocol/providers';
import { defaultMemoryCalibration } from '../offers/completionConfidence';
import { isAborted, UserError } from '../core/errors';
import type { Logger } from '../core/logger';
import { createRandom } from '../core/random';
import { generateText } from '../inference/drawing';
import { unhurried, type Pace } from '../inference/readPrefix';
import { scoreDocuments } from '../inference/scoring';
import {
  noModel,
  type CompletionAnswer,
  type CompletionRequest,
  type EngineEvents,
  type EngineFunctions,
  type EngineStatus,
  type ExpectedWords,
  type HeatAnswer,
  type HeatRequest,
  type LoadRequest,
  type ReviewRequest,
} from '../protocol/engine';
import { evaluateCompletions } from './evaluating/completionEvaluation';
import { completeLine, none } from './completing/engineCompletion';
import { createEngineClipboard } from './documents/clipboard';
import { createEngineConfidence } from './calibrating/engineConfidence';
import { createEngineDocuments, type EngineDocument } from './documents/engineDocuments';
import { documentsToMeasure } from './measuring/heldOutDocuments';
import { evaluateWithMemory } from './measuring/memoryEvaluation';
import { completionExamples } from './evaluating/engineExamples';
import { replayHistory } from './evaluating/replayHistory';
import { createEngineMemory } from './memory/engineMemory';
import { buildInWorker, type BuildMemory } from './memory/memoryWorker';
import { createIdleTime } from './documents/idleTime';
import { createModelFitting } from './calibrating/modelFitting';
import { createModelSlot, trialGraph, type LoadedModel } from './model/engineModel';
import { documentHeat } from './surprise/documentHeat';
import { expectedWords } from './surprise/expectedWords';
import { secondReaderFor } from './surprise/secondReader';
import { fileSurprise } from './surprise/fileSurprise';
import { reviewLines } from './surprise/lineReview';
import { createReadAhead } from './documents/readAhead';
import { createProbe, createProfile, type ProbeOptions } from './providers/probe';
import { createProviderTrials, type TrialOptions } from './providers/providerTrials';
import { createProviderUse, reportOf, useFastest } from './providers/providerUse';

const memoryAnswers = (): EngineStatus => ({
  ...noModel,
  answers: 'memory',
  reason: l10n.t('Without a network a memory of the workspace and of the open files completes alone.'),
});

const proberHere = (logger: Logger): ProbeOptions => ({ entry: join(__dirname, 'prober.js'), logger });

/** Beside the engine's bundle lies the prober's; whoever starts the engine says where trials are kept. */
const tryingHere = (logger: Logger): TrialOptions => ({
  ...{ logger, folder: process.env[machineFolderVariable] },
  probe: createProbe(proberHere(logger)),
  profile: createProfile(proberHere(logger)),
});

/** Reading so much takes longer than finding out what reads it fastest. */
const longCharacters = 200_000;

function isLong({ files }: ReviewRequest): boolean {
  return files.reduce((sum, { text }) => sum + text.length, 0) >= longCharacters;
}

/** The calls that an engine process answers. Of two requests for completions the newer one wins. */
export function createEngine(
  events: Partial<Omit<EngineEvents, 'log'>>,
  logger: Logger,
  buildMemory: BuildMemory = buildInWorker,
  trying: Partial<TrialOptions> = {},
): EngineFunctions {
  const documents = createEngineDocuments(logger);
  const trials = createProviderTrials({ ...tryingHere(logger), ...trying });
  const slot = createModelSlot(logger, trials, {
    changed: () => documents.forgetStates(),
    lost: (model) => tellProviders(model, reportOf(model.work, [])),
  });
  const memory = createEngineMemory(documents, buildMemory, logger);
  const idleTime = createIdleTime();
  const readAhead = createReadAhead(slot, idleTime, logger);
  const confidence = createEngineConfidence((curves) => events.calibrated?.(curves));
  const fitting = createModelFitting(slot, idleTime, { memory, confidence }, logger);
  const providerUse = createProviderUse<LoadedModel>({
    ...{ trials, logger, pace: (signal) => () => idleTime.next(signal) },
    keeping: (model, work) => slot.use((current) => (current === model ? work() : Promise.resolve())),
    report: (report, model) => tellProviders(model, report),
  });
  /** What was told last of what runs a model: whoever loads it again is told the same. */
  const told = new WeakMap<LoadedModel, ProviderReport>();
  /** What is being completed: aborted by a newer request, and by an edit of its document. */
  let completing: { readonly uri: string; readonly controller: AbortController } | undefined;

  /** What is being heated, by document: all of it, and a part that is wanted soon. */
  const heating = new Map<string, { whole?: AbortController; part?: AbortController }>();

  function tellProviders(model: LoadedModel, report: ProviderReport): void {
    told.set(model, report);
    events.providers?.(report);
  }

  async function requireModel<Result>(work: (model: LoadedModel) => Promise<Result>): Promise<Result> {
    if (slot.current() === undefined)
      throw new UserError(l10n.t('No model is loaded.'), l10n.t('Train one first, or name its folder.'));
    return (await slot.use(work))!;
  }

  /** As {@link requireModel}, once what is fastest for the model is in use. */
  function measureLong<Result>(work: (model: LoadedModel) => Promise<Result>): Promise<Result> {
    return requireModel(async (model) => {
      await providerUse.now(model);
      return work(model);
    });
  }

  async function complete(request: CompletionRequest, wanted?: AbortSignal): Promise<CompletionAnswer> {
    const newest = startCompleting(request.uri);
    const signal = wanted === undefined ? newest : AbortSignal.any([newest, wanted]);
    const document = documents.find(request.uri);
    if (document === undefined || document.version < request.version) return none('resend');
    if (document.version !== request.version) return none('stale');
    const isExcluded = (): boolean => document.excluded;
    await document.scanned;
    if (isExcluded()) return none('excluded');
    if (signal.aborted) return none('stale');
    memory.turnTo(document);
    document.cursor = Math.min(request.offset, document.text.length);
    const answer = await draw(document, request, signal);
    return isExcluded() ? none('excluded') : (answer ?? none('no model'));
  }

  async function heat(request: HeatRequest, wanted?: AbortSignal): Promise<HeatAnswer> {
    const signal = startHeating(request, wanted);
    const document = documents.find(request.uri);
    if (document === undefined || document.version < request.version) return { kind: 'none', reason: 'resend' };
    await document.scanned;
    const isExcluded = (): boolean => document.excluded;
    if (isExcluded()) return { kind: 'none', reason: 'excluded' };
    if (signal.aborted || document.version !== request.version) return { kind: 'none', reason: 'stale' };
    try {
      const answer = await slot.use((model) =>
        documentHeat(model.session, document, request, givingWay(signal), secondReaderFor(model, logger)),
      );
      if (isExcluded()) return { kind: 'none', reason: 'excluded' };
      return answer ?? { kind: 'none', reason: 'no model' };
    } catch (error) {
      if (!isAborted(error)) throw error;
      return { kind: 'none', reason: 'stale' };
    }
  }

  async function expected(
    uri: string,
    version: number,
    offset: number,
    signal = new AbortController().signal,
  ): Promise<ExpectedWords | null> {
    const document = documents.find(uri);
    if (document?.version !== version) return null;
    await document.scanned;
    const isExcluded = (): boolean => document.excluded || document.version !== version;
    if (isExcluded()) return null;
    memory.turnTo(document);
    const found = await slot.use(({ session }) => {
      const known = { language: memory.of(session), workspace: memory.workspace() };
      return expectedWords(session, document, offset, known, signal);
    });
    return isExcluded() ? null : (found ?? null);
  }

  /** For long work: whoever asks for anything goes first. */
  function givingWay(signal?: AbortSignal): Pace {
    const pace = unhurried(signal);
    return async () => {
      await idleTime.answered();
      return pace();
    };
  }

  function startHeating({ uri, part }: HeatRequest, wanted: AbortSignal | undefined): AbortSignal {
    const kind = part === undefined ? 'whole' : 'part';
    const underWay = heating.get(uri);
    underWay?.[kind]?.abort();
    const controller = new AbortController();
    heating.set(uri, { ...underWay, [kind]: controller });
    return wanted === undefined ? controller.signal : AbortSignal.any([controller.signal, wanted]);
  }

  /** Its text is another one, or gone. */
  function stopHeating(uri: string): void {
    const { whole, part } = heating.get(uri) ?? {};
    whole?.abort();
    part?.abort();
    heating.delete(uri);
  }

  function startCompleting(uri: string): AbortSignal {
    completing?.controller.abort();
    completing = { uri, controller: new AbortController() };
    return completing.controller.signal;
  }

  /** The text is another one now. */
  function stopCompletingIn(uri: string): void {
    if (completing?.uri === uri) completing.controller.abort();
  }

  /** By network and memory, or the memory alone; undefined where there is neither. */
  async function draw(
    document: EngineDocument,
    request: CompletionRequest,
    signal: AbortSignal,
  ): Promise<CompletionAnswer | undefined> {
    if (slot.current() !== undefined) {
      return slot.use(({ session }) =>
        completeLine(session, document, request, signal, memory.of(session), confidence.of(session)),
      );
    }
    const alone = memory.alone();
    return alone && completeLine(alone.session, document, request, signal, alone.language, defaultMemoryCalibration);
  }

  async function load(request: LoadRequest, signal?: AbortSignal): Promise<EngineStatus> {
    if (request.directory === null) {
      unload();
      memory.follow(undefined, request.memory);
      return request.memory === undefined ? noModel : memoryAnswers();
    }
    const model = await slot.load({ ...request, directory: request.directory }, signal);
    memory.follow(model, request.memory);
    const answers = request.memory === undefined ? 'network' : 'both';
    if (model.isChoosable) providerUse.follow(model);
    else providerUse.forget();
    fitting.follow(model, { completing: answers, patient: request.memory?.patient !== false });
    readAhead.later(undefined);
    const report = told.get(model);
    const runsOn = report && { provider: report.providers.completing, reason: report.reason };
    return { ...model.status, ...runsOn, answers };
  }

  /** Goes without a network. */
  function unload(): void {
    slot.unload();
    providerUse.forget();
    fitting.forget();
    confidence.forget();
  }

  async function tryAgain(): Promise<ProviderTrial[]> {
    const tried = await slot.use(async (model) => {
      const found = await trials.again(model.graph, unhurried());
      if (model.isChoosable) tellProviders(model, await useFastest(model, found, unhurried(), logger));
      return found;
    });
    return tried ?? trials.again(trialGraph(), unhurried());
  }

  return {
    load,
    unload() {
      unload();
      memory.forget();
    },
    async memoryReady() {
      await memory.ready();
      await fitting.ready();
    },
    tryProviders: tryAgain,
    profile: async (choice) =>
      (await slot.use(({ graph }) => trials.profiles(graph, choice, unhurried()))) ??
      trials.profiles(trialGraph(), choice, unhurried()),
    openDocument(opened) {
      stopCompletingIn(opened.uri);
      stopHeating(opened.uri);
      const document = documents.open(opened);
      memory.changed(document);
      readAhead.later(document);
    },
    changeDocument(change) {
      const fits = documents.change(change);
      if (fits) stopCompletingIn(change.uri);
      stopHeating(change.uri);
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
      stopHeating(uri);
      documents.close(uri);
      if (document !== undefined) memory.changed(document);
    },
    takeClipboard: createEngineClipboard(documents, (document) => memory.changed(document)),
    filesChanged: (paths) => memory.filesChanged(paths),
    complete: (request, signal) => readAhead.after(documents.find(request.uri), () => complete(request, signal)),
    generate: (request) => requireModel(({ session }) => generateText(session, request, createRandom(request.seed))),
    evaluate: (request) =>
      measureLong(async ({ stored, session }) => {
        const named = await documentsToMeasure(stored, request, logger);
        return scoreDocuments(session, named, (file) => events.evaluated?.(file));
      }),
    evaluateWithMemory: (request, workspace) =>
      measureLong((model) => evaluateWithMemory(model, request, workspace, logger, (file) => events.evaluated?.(file))),
    evaluateCharacters: (request) => requireModel((model) => fileSurprise(model, request, logger)),
    heat,
    expected: (uri, version, offset, signal) => idleTime.during(() => expected(uri, version, offset, signal)),
    reviewLines: async (request, signal) =>
      slot.current() === undefined
        ? reviewLines(undefined, request, logger, givingWay(signal), signal)
        : (await slot.use(async (model) => {
            if (isLong(request)) await providerUse.now(model);
            return reviewLines(model, request, logger, givingWay(signal), signal);
          }))!,
    evaluateCompletions: (request) => requireModel((model) => evaluateCompletions(model, request, logger)),
    replay: (request) =>
      requireModel((model) => replayHistory(model, request, (lines) => events.replayed?.(lines), logger)),
    examples: (count, seed) => requireModel((model) => completionExamples(model, count, seed, logger)),
  };
}
