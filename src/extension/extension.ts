import * as vscode from 'vscode';
import { checkInstallation } from './checkInstallation';
import { commands, type CommandHandlers } from './commands';
import { createCompletionProvider } from './completionProvider';
import { deleteModel } from './deleteModel';
import { corpusPath, pathInWorkspace } from './documentPath';
import { createDocumentSync, type DocumentSync } from './documentSync';
import { filesExcludedByEditor, settingReader, workspaceFolders } from './editorSettings';
import { createEngineHost, type EngineHost } from './engineHost';
import { createFileRules, type FileRules } from './fileRules';
import { watchFiles } from './fileWatch';
import { currentModel, modelDirectory, newestHistory, watchCurrentModel } from './modelFolder';
import { inform, report, showPanelAction } from './notices';
import { createOfferTracker, type OfferTracker } from './offerTracker';
import { keptStatistics, watchOffers } from './offerStatistics';
import { createPanelHost, type PanelHost } from './panelHost';
import { createRunState, type RunState } from './runState';
import { readCorpusSettings, readProvider, readSetting } from './settings';
import { createStatusBar } from './statusBar';
import { toggleCompletions } from './toggleCompletions';
import { train } from './trainCommand';
import { createTrainingHost, type TrainingHost } from './trainingHost';
import { describeSummary, type CompletionStatistics, type CompletionSummary } from '../protocol/completionStatistics';
import type { EngineStatus, MemoryRequest } from '../protocol/engine';
import type { PanelState } from '../protocol/panel';

/** What other extensions, and tests, may look at. */
export interface RecurApi {
  status(): {
    readonly training: PanelState;
    readonly engine: EngineStatus;
    readonly modelDirectory: string | undefined;
    readonly completions: CompletionSummary & Pick<CompletionStatistics, 'latenciesMs'>;
  };
}

/** The parts of the extension in this window. */
interface Parts {
  readonly context: vscode.ExtensionContext;
  readonly log: vscode.LogOutputChannel;
  readonly run: RunState;
  readonly engines: EngineHost;
  readonly trainings: TrainingHost;
  readonly rules: FileRules;
  readonly documents: DocumentSync;
  readonly offers: OfferTracker;
  readonly panel: PanelHost;
  readonly trainerEntry: string;
}

/** Registers everything and starts nothing: processes come when they are first needed. */
export function activate(context: vscode.ExtensionContext): RecurApi {
  const log = vscode.window.createOutputChannel('Recur', { log: true });
  const parts = createParts(context, log);
  const { run, engines, trainings, documents, offers, panel } = parts;
  const handlers = handlersOf(parts);
  context.subscriptions.push(
    log,
    engines,
    trainings,
    documents,
    panel,
    createStatusBar(run, engines),
    ...Object.entries(handlers).map(([id, handler]) => vscode.commands.registerCommand(id, handler)),
    vscode.languages.registerInlineCompletionItemProvider(
      [{ scheme: 'file' }, { scheme: 'untitled' }, { scheme: 'vscode-notebook-cell' }],
      createCompletionProvider(documents, offers, log),
    ),
    ...watchOffers(context, offers, run, log),
    ...watch(parts),
  );
  warmUp(vscode.window.activeTextEditor, parts);
  return {
    status: () => ({
      training: run.state,
      engine: engines.status,
      modelDirectory: modelDirectory(context),
      completions: { ...offers.summary, latenciesMs: offers.statistics.latenciesMs },
    }),
  };
}

function createParts(context: vscode.ExtensionContext, log: vscode.LogOutputChannel): Parts {
  const run = createRunState();
  const trainerEntry = context.asAbsolutePath('dist/trainer.js');
  const engines = createEngineHost({
    entry: context.asAbsolutePath('dist/engine.js'),
    logger: log,
    provider: () => readProvider(settingReader()),
    memory: memoryRequest,
    calibrated: (curves) => run.tell({ type: 'confidence', curves }),
    report: (error) => report(error, log),
    async currentModel() {
      const directory = modelDirectory(context);
      const id = directory === undefined ? undefined : await currentModel(directory);
      return directory === undefined || id === undefined ? undefined : { directory, id };
    },
  });
  const trainings = createTrainingHost({
    entry: trainerEntry,
    logger: log,
    run,
    exported: () => void engines.reload(),
  });
  const rules = createFileRules(() => [...readSetting(settingReader(), 'exclude'), ...filesExcludedByEditor()]);
  const maxLength = () => readSetting(settingReader(), 'maxFileBytes');
  const documents = createDocumentSync({ engines, rules, log, maxLength });
  const offers = createOfferTracker(keptStatistics(context, log), () => performance.now());
  const restore = () => restoreRun(context, run).catch((error: unknown) => report(error, log));
  const panel = createPanelHost({ extensionUri: context.extensionUri, log, run, restore });
  return { context, log, run, engines, trainings, rules, documents, offers, panel, trainerEntry };
}

/** The folders of the workspace without what a training would leave out; undefined where nothing is to be remembered. */
function memoryRequest(): MemoryRequest | undefined {
  const folders = workspaceFolders();
  if (folders.length === 0 || !readSetting(settingReader(), 'completions.memory')) return undefined;
  const document = vscode.window.activeTextEditor?.document;
  return {
    folders,
    corpus: readCorpusSettings(settingReader(), filesExcludedByEditor()),
    maxCharacters: readSetting(settingReader(), 'completions.memoryCharacters'),
    ...(document && { near: corpusPath(pathInWorkspace(document.uri.fsPath, folders), folders) }),
  };
}

function handlersOf(parts: Parts): CommandHandlers {
  const { log, trainings, offers, panel } = parts;
  return {
    [commands.train]: () => train(parts, false),
    [commands.continueTraining]: () => train(parts, true),
    [commands.stopTraining]: () => (trainings.stop() ? undefined : inform('No training is running.')),
    [commands.showPanel]: () => panel.show(),
    [commands.toggleCompletions]: toggleCompletions,
    [commands.showCompletionStatistics]: () => inform(describeSummary(offers.summary), showPanelAction),
    [commands.deleteModel]: () => deleteModel(parts),
    [commands.showLog]: () => log.show(),
    [commands.checkInstallation]: () => checkInstallation(parts),
  };
}

/** What the memory holds depends on these. */
const memorySettings = [
  'recur.completions.memory',
  'recur.completions.memoryCharacters',
  'recur.include',
  'recur.exclude',
  'recur.maxFileBytes',
  'files.exclude',
] as const;

/** What changes from outside: the model in use, settings, ignore rules. */
function watch(parts: Parts): vscode.Disposable[] {
  const { context, log, engines, rules, documents } = parts;
  const forgetRules = () => {
    rules.forget();
    documents.closeAll();
  };
  const ignoreFiles = vscode.workspace.createFileSystemWatcher('**/.gitignore');
  const reload = () => void engines.reload();
  const reloadLoaded = () => (engines.status.answers === null ? undefined : reload());
  let watchedModel = watchModelDirectory(context, log, reload);
  return [
    ignoreFiles,
    ignoreFiles.onDidChange(forgetRules),
    ignoreFiles.onDidCreate(forgetRules),
    ignoreFiles.onDidDelete(forgetRules),
    watchFiles(engines, log),
    vscode.workspace.onDidChangeWorkspaceFolders(() => {
      forgetRules();
      reloadLoaded();
    }),
    vscode.window.onDidChangeActiveTextEditor((editor) => warmUp(editor, parts)),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (['recur.exclude', 'files.exclude'].some((key) => event.affectsConfiguration(key))) forgetRules();
      if (event.affectsConfiguration('recur.training.threads')) changeThreads(parts);
      if (memorySettings.some((key) => event.affectsConfiguration(key))) reloadLoaded();
      if (!['recur.modelDirectory', 'recur.inference'].some((key) => event.affectsConfiguration(key))) return;
      watchedModel?.dispose();
      watchedModel = watchModelDirectory(context, log, reload);
      reload();
    }),
    new vscode.Disposable(() => void watchedModel?.dispose()),
  ];
}

/** A training that runs goes on with the threads that the settings now name. */
function changeThreads({ trainings, log }: Parts): void {
  try {
    trainings.setThreads(readSetting(settingReader(), 'training.threads'));
  } catch (error) {
    report(error, log);
  }
}

function watchModelDirectory(
  context: vscode.ExtensionContext,
  log: vscode.LogOutputChannel,
  changed: () => void,
): vscode.Disposable | undefined {
  try {
    const directory = modelDirectory(context);
    return directory === undefined ? undefined : watchCurrentModel(directory, changed);
  } catch (error) {
    report(error, log);
    return undefined;
  }
}

/** The engine reads a document when it comes into view, so that its first completion is quick. */
function warmUp(editor: vscode.TextEditor | undefined, { documents, log }: Parts): void {
  if (editor === undefined) return;
  const { document } = editor;
  try {
    if (!readSetting(settingReader(document), 'completions.enabled')) return;
    documents.engineFor(document).catch((error: unknown) => report(error, log));
  } catch (error) {
    report(error, log);
  }
}

async function restoreRun(context: vscode.ExtensionContext, run: RunState): Promise<void> {
  const directory = modelDirectory(context);
  if (directory !== undefined) run.restore(await newestHistory(directory), 'The last training of this workspace.');
}
