import type { Readable, Writable } from 'node:stream';
import {
  createConnection,
  TextDocumentSyncKind,
  type Connection,
  type InitializeParams,
  type InitializeResult,
} from 'vscode-languageserver/node';
import { describeError } from '../core/errors';
import { isOnIn } from '../editors/completionPolicy';
import { createDocumentCopies } from '../editors/documentCopies';
import { createFileRules } from '../editors/fileRules';
import { createOfferTracker } from '../editors/offerTracker';
import { readCompletionSettings, readSetting } from '../editors/settings';
import { noStatistics } from '../protocol/completionStatistics';
import { followSettings } from './clientSettings';
import { answerInlineCompletion } from './inlineCompletion';
import { createModelFolder } from './modelFolder';
import { clientLogger, report } from './clientMessages';
import { createOpenDocuments, type OpenTextDocument } from './openDocuments';
import { runCommand, serverCommands } from './serverCommands';
import { createServerEngine, newEmitter } from './serverEngine';
import { createServerTrainings } from './trainings';
import { followWorkspace } from './workspace';

export interface ServerOptions {
  readonly input: Readable;
  /** Nothing else may be written to it. */
  readonly output: Writable;
  /** The folder of the bundles, absolute. */
  readonly bundles: string;
  /** Where the engine keeps what belongs to this machine and to no workspace. */
  readonly machineFolder: string;
  /** Folder of models, absolute; undefined: as the settings and the workspace say. */
  readonly models: string | undefined;
  readonly version: string;
}

/**
 * Speaks the language server protocol (3.18) until the client says `exit`, closes the input or is gone; the process ends then,
 * and with it those that it has started.
 */
export function serve({ input, output, ...options }: ServerOptions): void {
  const connection = createConnection(input, output);
  connection.onInitialize((params) => {
    startSession(connection, params, options);
    return initializeResult(options.version);
  });
  connection.listen();
}

function initializeResult(version: string): InitializeResult {
  return {
    capabilities: {
      textDocumentSync: {
        openClose: true,
        change: TextDocumentSyncKind.Incremental,
        save: { includeText: false },
      },
      inlineCompletionProvider: true,
      executeCommandProvider: { commands: serverCommands },
      workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
    },
    serverInfo: { name: 'recur', version },
  };
}

type SessionOptions = Pick<ServerOptions, 'bundles' | 'machineFolder' | 'models'>;

/** What the client has open is followed from now on; processes come when they are first needed. */
function startSession(
  connection: Connection,
  params: InitializeParams,
  { bundles, machineFolder, models: named }: SessionOptions,
): void {
  const logger = clientLogger(connection);
  let atHand: OpenTextDocument | undefined;

  const initialized = new Promise<void>((resolve) => void connection.onInitialized(() => resolve()));
  const settings = followSettings(connection, params, initialized, settingsChanged);
  const workspace = followWorkspace(connection, params, initialized, {
    foldersChanged() {
      forgetRules();
      loadWhatIsNamed();
    },
    filesChanged,
    ignoreRulesChanged: forgetRules,
  });
  const models = createModelFolder({
    named,
    read: settings.read,
    workspace,
    changed: () => void engines.reconsider(),
    report: (error) => report(connection, error),
  });
  const session = { connection, logger, settings, workspace, models, bundles };
  const engines = createServerEngine({ ...session, machineFolder, near: () => atHand?.file });
  const trainings = createServerTrainings({ ...session, exported: () => void engines.reload() });
  const rules = createFileRules(() => readSetting(settings.read, 'exclude'));
  const copies = createDocumentCopies({
    ...{ engines, rules, logger },
    folders: () => workspace.folders,
    maxLength: () => readSetting(settings.read, 'maxFileBytes'),
  });
  const offers = createOfferTracker(noStatistics, () => performance.now(), newEmitter);
  const documents = createOpenDocuments(connection, {
    opened: warmUp,
    changed(document, edits) {
      atHand = document;
      copies.changed(document, edits);
      offers.edited(document.uri, edits);
    },
    saved: ({ uri }) => copies.saved(uri),
    closed: ({ uri }) => copies.close(uri),
  });

  function forgetRules(): void {
    rules.forget();
    copies.closeAll();
  }

  function filesChanged(paths: readonly string[] | null): void {
    if (engines.status.answers === null) return;
    const told = engines.started().filesChanged(paths);
    told.catch((error: unknown) => logger.debug(`Changed files could not be told: ${describeError(error)}`));
  }

  /** The engine reads a document when it is opened, so that its first completion is quick. */
  function warmUp(document: OpenTextDocument): void {
    atHand = document;
    settings.known
      .then(async () => {
        if (isOnIn(document.languageId, readCompletionSettings(settings.read))) await copies.engineFor(document);
      })
      .catch((error: unknown) => report(connection, error));
  }

  function loadWhatIsNamed(): void {
    try {
      models.watch();
    } catch (error) {
      report(connection, error);
    }
    void engines.reconsider();
  }

  function settingsChanged(): void {
    forgetRules();
    loadWhatIsNamed();
    trainings.settingsChanged();
    documents.all().forEach(warmUp);
  }

  void settings.known.then(loadWhatIsNamed);
  const sources = { engines, offers, settings, documents, copies, logger };
  connection.languages.inlineCompletion.on((asked, token) => answerInlineCompletion(sources, asked, token));
  connection.onExecuteCommand((asked) => runCommand({ engines, trainings, models, offers, documents }, asked));
  connection.onShutdown(() => {
    for (const part of [workspace, models, trainings, copies, engines]) part.dispose();
  });
}
