import * as vscode from 'vscode';
import { describeError } from '../../core/errors';
import { describeSummary } from '../../protocol/completionStatistics';
import { commands } from '../editor/commands';
import { isOnIn } from '../../editors/completionPolicy';
import { watchClipboard } from './clipboard';
import { createCompletionProvider } from './completionProvider';
import { registerWhereItAnswers } from './completionRegistration';
import { createDocumentSync, type DocumentSync } from './documentSync';
import { filesExcludedByEditor, settingReader } from '../editor/editorSettings';
import type { EngineHost } from '../../editors/engineHost';
import { createFileRules, type FileRules } from '../../editors/fileRules';
import { watchFiles } from './fileWatch';
import { createMemberNames } from './memberNames';
import { newEmitter } from '../editor/newEmitter';
import { inform, report, showPanelAction } from '../editor/notices';
import { createOfferTracker, type OfferTracker } from '../../editors/offerTracker';
import { keptStatistics, watchOffers } from './offerStatistics';
import type { RecurWindow } from '../editor/recurWindow';
import { readCompletionSettings, readSetting } from '../../editors/settings';
import { keepListOpen } from './suggestionList';
import { toggleCompletions } from './toggleCompletions';

/** What other rooms are given of it. */
export interface Completions {
  readonly offers: OfferTracker;
  readonly documents: DocumentSync;
}

/** Inline completions: the engine's copies of the documents, the provider, and what becomes of what it offers. */
export function registerCompletion(window: RecurWindow, engines: EngineHost): Completions {
  const { context, log, run, keep, command } = window;
  const rules = createFileRules(() => [...readSetting(settingReader(), 'exclude'), ...filesExcludedByEditor()]);
  const maxLength = () => readSetting(settingReader(), 'maxFileBytes');
  const documents = createDocumentSync({ engines, rules, logger: log, maxLength });
  const offers = createOfferTracker(keptStatistics(context, log), () => performance.now(), newEmitter);
  const members = createMemberNames((error) => log.debug(`No members: ${describeError(error)}`));
  const provider = createCompletionProvider({ engines, documents, members, offers, log });
  keep(
    documents,
    members,
    registerWhereItAnswers(provider, engines),
    watchFiles(engines, log),
    watchClipboard(engines, log),
    ...watchOffers(context, offers, run, log),
    ...watchRules(rules, documents),
    ...warmUpEditors(window, documents),
  );
  command(commands.toggleCompletions, toggleCompletions);
  command(commands.keepListOpen, keepListOpen);
  command(commands.showCompletionStatistics, () => inform(describeSummary(offers.summary), showPanelAction()));
  return { offers, documents };
}

/** Which documents may be completed in is asked anew when ignore files, folders or settings change. */
function watchRules(rules: FileRules, documents: DocumentSync): vscode.Disposable[] {
  const forget = () => {
    rules.forget();
    documents.closeAll();
  };
  const ignoreFiles = vscode.workspace.createFileSystemWatcher('**/.gitignore');
  return [
    ignoreFiles,
    ignoreFiles.onDidChange(forget),
    ignoreFiles.onDidCreate(forget),
    ignoreFiles.onDidDelete(forget),
    vscode.workspace.onDidChangeWorkspaceFolders(forget),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (['recur.exclude', 'files.exclude'].some((key) => event.affectsConfiguration(key))) forget();
    }),
  ];
}

/** The engine reads a document when it comes into view, so that its first completion is quick. */
function warmUpEditors({ log }: RecurWindow, documents: DocumentSync): vscode.Disposable[] {
  function warmUp(editor: vscode.TextEditor | undefined): void {
    if (editor === undefined) return;
    const { document } = editor;
    try {
      if (!isOnIn(document.languageId, readCompletionSettings(settingReader(document)))) return;
      documents.engineFor(document).catch((error: unknown) => report(error, log));
    } catch (error) {
      report(error, log);
    }
  }
  warmUp(vscode.window.activeTextEditor);
  return [
    vscode.window.onDidChangeActiveTextEditor(warmUp),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration('recur.completions')) warmUp(vscode.window.activeTextEditor);
    }),
  ];
}
