import * as vscode from 'vscode';
import { isOnIn } from '../../editors/completionPolicy';
import { editedSchemes, isEditedScheme } from '../../editors/editorDocumentPath';
import { settingReader } from '../editor/editorSettings';
import type { EngineHost } from '../../editors/engineHost';
import { readCompletionSettings } from '../../editors/settings';

/**
 * Registers a provider for the languages of open documents in which it can answer, and takes it back where it cannot: the
 * editor's own list of suggestions waits for whoever is registered, and stays closed while a suggestion is shown.
 */
export function registerWhereItAnswers(
  provider: vscode.InlineCompletionItemProvider,
  engines: EngineHost,
): vscode.Disposable {
  const registered = new Map<string, vscode.Disposable>();

  function update(): void {
    const wanted = engines.status.answers === null ? new Set<string>() : languagesInUse();
    for (const [language, registration] of registered) {
      if (wanted.has(language)) continue;
      registration.dispose();
      registered.delete(language);
    }
    for (const language of wanted) {
      if (registered.has(language)) continue;
      const selector = [...editedSchemes].map((scheme) => ({ scheme, language }));
      registered.set(language, vscode.languages.registerInlineCompletionItemProvider(selector, provider));
    }
  }

  update();
  return vscode.Disposable.from(
    engines.onDidChangeStatus(update),
    vscode.workspace.onDidOpenTextDocument(update),
    vscode.workspace.onDidCloseTextDocument(update),
    vscode.workspace.onDidChangeConfiguration((event) => event.affectsConfiguration('recur.completions') && update()),
    new vscode.Disposable(() => registered.forEach((registration) => void registration.dispose())),
  );
}

/** The languages of open documents in which completions are on. */
function languagesInUse(): Set<string> {
  return new Set(vscode.workspace.textDocuments.filter(areCompletionsOn).map(({ languageId }) => languageId));
}

/** Whether completions are on in a document; a value out of its limits is told when its editor is shown. */
function areCompletionsOn(document: vscode.TextDocument): boolean {
  try {
    const settings = readCompletionSettings(settingReader(document));
    return isEditedScheme(document.uri.scheme) && isOnIn(document.languageId, settings);
  } catch {
    return false;
  }
}
