import * as vscode from 'vscode';
import { mayCompleteAt } from '../core/completionRules';
import { describeError } from '../core/errors';
import type { Completion, CompletionAnswer } from '../protocol/engine';
import { completionAcceptedCommand } from './commands';
import { agreeingText, isCompletionWanted, isOtherProvider, type CompletionSituation } from './completionPolicy';
import type { DocumentSync } from './documentSync';
import { settingReader } from './editorSettings';
import type { Engine } from './engineHost';
import type { OfferTracker } from './offerTracker';
import { readCompletionSettings, type CompletionSettings } from './settings';

/**
 * Offers the rest of the line as the model expects it. It never throws, and answers in bounded time: typing goes on, and
 * other providers are heard, whatever happens here.
 */
export function createCompletionProvider(
  documents: DocumentSync,
  offers: OfferTracker,
  log: vscode.LogOutputChannel,
): vscode.InlineCompletionItemProvider {
  return {
    async provideInlineCompletionItems(document, position, context, token) {
      const startMs = performance.now();
      const place = { document, position, context, token };
      try {
        const completion = await withinTime(offer(documents, offers, place), place);
        if (completion === undefined) return [];
        const item = itemFor(completion, place, offers);
        offers.answered(performance.now() - startMs);
        return [item].flat();
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

async function offer(documents: DocumentSync, offers: OfferTracker, place: Place): Promise<Completion | undefined> {
  const { document, position, token } = place;
  const settings = readCompletionSettings(settingReader(document));
  const invoked = isInvoked(place);
  if (!isCompletionWanted(situationOf(place, settings), settings) || !isOfferedAt(document, position)) return undefined;
  if (!invoked && !(await staysFor(settings.debounceMs, token))) return undefined;
  const engine = await documents.engineFor(document);
  if (engine === undefined || isStale(token)) return undefined;
  // Whoever asks gets an answer, however many were rejected before.
  const minimumConfidence = invoked ? settings.minimumConfidence : offers.minimumConfidence(settings.minimumConfidence);
  const answer = await ask(engine, documents, place, { ...settings, minimumConfidence });
  if (answer.kind !== 'completion' || isStale(token)) return undefined;
  return answer.completion;
}

function isInvoked({ context }: Place): boolean {
  return context.triggerKind === vscode.InlineCompletionTriggerKind.Invoke;
}

function situationOf(place: Place, { yieldToOthers }: CompletionSettings): CompletionSituation {
  const { document } = place;
  const editor = vscode.window.activeTextEditor;
  const selections = editor?.document === document ? editor.selections : [];
  return {
    languageId: document.languageId,
    invoked: isInvoked(place),
    cursors: Math.max(1, selections.length),
    hasSelection: selections.some(({ isEmpty }) => !isEmpty),
    inDiff: isInDiff(),
    // The editor makes this list anew whenever it is asked for: not at every key, where nobody wants to know.
    hasOtherProvider: yieldToOthers && vscode.extensions.all.some(isOtherProvider),
  };
}

/** The engine may be starting or loading; who waits for this answer may wait for those of other providers too. */
const mostMs = 2_000;

async function withinTime<Value>(answer: Promise<Value>, place: Place): Promise<Value | undefined> {
  if (isInvoked(place)) return answer;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => (timer = setTimeout(resolve, mostMs, undefined)));
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
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

/** The item for the editor, counted as offered; none where it contradicts what is selected in the list of suggestions. */
function itemFor(
  { text }: Completion,
  { document, position, context }: Place,
  offers: OfferTracker,
): vscode.InlineCompletionItem | [] {
  const selected = context.selectedCompletionInfo;
  const range = selected?.range ?? new vscode.Range(position, position);
  const typed = document.getText(new vscode.Range(range.start, position));
  const whole = selected === undefined ? text : agreeingText(text, { text: selected.text, typed });
  if (whole === undefined) return [];
  const number = offers.offered({
    uri: document.uri.toString(),
    start: document.offsetAt(range.start),
    // As the document will have it.
    text: document.eol === vscode.EndOfLine.CRLF ? whole.replaceAll('\n', '\r\n') : whole,
    typed: typed.length,
    ...(selected && { listed: selected.text.length }),
  });
  const accepted = { command: completionAcceptedCommand, title: 'Completion accepted', arguments: [number] };
  return new vscode.InlineCompletionItem(whole, range, accepted);
}
