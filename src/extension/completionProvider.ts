import * as vscode from 'vscode';
import { mayCompleteAt } from '../core/completionRules';
import { describeError } from '../core/errors';
import type { Completion, CompletionAnswer } from '../protocol/engine';
import type { DocumentSync } from './documentSync';
import { settingReader } from './editorSettings';
import type { Engine } from './engineHost';
import { readCompletionSettings, type CompletionSettings } from './settings';

/** Offers the rest of the line as the model expects it. It never throws: typing goes on whatever happens here. */
export function createCompletionProvider(
  documents: DocumentSync,
  log: vscode.LogOutputChannel,
): vscode.InlineCompletionItemProvider {
  return {
    async provideInlineCompletionItems(document, position, context, token) {
      try {
        const completion = await offer(documents, { document, position, context, token });
        return completion === undefined ? [] : [itemFor(completion, document, position, context)].flat();
      } catch (error) {
        log.warn(`No completion: ${describeError(error)}`);
        return [];
      }
    },
  };
}

interface Place {
  readonly document: vscode.TextDocument;
  readonly position: vscode.Position;
  readonly context: vscode.InlineCompletionContext;
  readonly token: vscode.CancellationToken;
}

async function offer(documents: DocumentSync, place: Place): Promise<Completion | undefined> {
  const { document, position, context, token } = place;
  const settings = readCompletionSettings(settingReader(document));
  if (!settings.enabled || isInDiff() || !isOfferedAt(document, position)) return undefined;
  const invoked = context.triggerKind === vscode.InlineCompletionTriggerKind.Invoke;
  if (!invoked && !(await staysFor(settings.debounceMs, token))) return undefined;
  const engine = await documents.engineFor(document);
  if (engine === undefined || isStale(token)) return undefined;
  const answer = await ask(engine, documents, place, settings);
  if (answer.kind !== 'completion' || isStale(token)) return undefined;
  return answer.completion;
}

async function ask(
  engine: Engine,
  documents: DocumentSync,
  { document, position, token }: Place,
  { maxCharacters, minimumConfidence, prose, multiline }: CompletionSettings,
): Promise<CompletionAnswer> {
  const uri = document.uri.toString();
  const offset = document.offsetAt(position);
  const version = document.version;
  const completions = { maxCharacters, minimumConfidence, prose, multiline };
  const request = { uri, version, offset, languageId: document.languageId, ...completions };
  const answer = await engine.complete(request);
  if (answer.kind !== 'none' || answer.reason !== 'resend' || isStale(token)) return answer;
  documents.resend(document, engine);
  return engine.complete(request);
}

function isStale(token: vscode.CancellationToken): boolean {
  return token.isCancellationRequested;
}

function isOfferedAt(document: vscode.TextDocument, position: vscode.Position): boolean {
  const { text } = document.lineAt(position.line);
  return mayCompleteAt(text.slice(0, position.character), text.slice(position.character));
}

/** A diff shows a document to compare it; its right side may be an ordinary file. */
function isInDiff(): boolean {
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  return input instanceof vscode.TabInputTextDiff || input instanceof vscode.TabInputNotebookDiff;
}

/** Waits; false as soon as a newer key has made the request stale. */
function staysFor(milliseconds: number, token: vscode.CancellationToken): Promise<boolean> {
  if (isStale(token)) return Promise.resolve(false);
  return new Promise((resolve) => {
    const end = (stays: boolean) => {
      clearTimeout(timer);
      subscription.dispose();
      resolve(stays);
    };
    const timer = setTimeout(() => end(true), milliseconds);
    const subscription = token.onCancellationRequested(() => end(false));
  });
}

/**
 * The editor shows an item beside its open list of suggestions only where it goes on with the one that is selected:
 * then the item replaces what that suggestion would, and is offered where it begins with it.
 */
function itemFor(
  { text }: Completion,
  document: vscode.TextDocument,
  position: vscode.Position,
  { selectedCompletionInfo: selected }: vscode.InlineCompletionContext,
): vscode.InlineCompletionItem | [] {
  if (selected === undefined) return new vscode.InlineCompletionItem(text, new vscode.Range(position, position));
  const typed = document.getText(new vscode.Range(selected.range.start, position));
  const whole = typed + text;
  return whole.startsWith(selected.text) ? new vscode.InlineCompletionItem(whole, selected.range) : [];
}
