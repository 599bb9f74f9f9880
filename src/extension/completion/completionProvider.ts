import * as vscode from 'vscode';
import { describeError } from '../../core/errors';
import type { Completion } from '../../protocol/engine';
import { completionAcceptedCommand } from '../editor/commands';
import { completionsAt, countedOffer, type AskedPlace, type OfferSources } from '../../editors/completionOffer';
import { isOtherProvider, type CompletionSituation } from '../../editors/completionPolicy';
import type { DocumentSync } from './documentSync';
import type { MemberNames } from './memberNames';
import { settingReader } from '../editor/editorSettings';
import type { OfferTracker } from '../../editors/offerTracker';
import { readCompletionSettings, type CompletionSettings } from '../../editors/settings';

/** What the provider works with. */
export interface CompletionSources extends OfferSources {
  readonly documents: DocumentSync;
  readonly members: MemberNames;
  readonly log: vscode.LogOutputChannel;
}

/**
 * Offers the rest of the line as the model expects it. It never throws, and answers soon, with nothing where it has to: typing
 * goes on, the editor's list of suggestions opens, and other providers are heard, whatever happens here.
 */
export function createCompletionProvider(sources: CompletionSources): vscode.InlineCompletionItemProvider {
  const { offers, log } = sources;
  return {
    async provideInlineCompletionItems(document, position, context, token) {
      const startMs = performance.now();
      const place = { document, position, context };
      try {
        const settings = readCompletionSettings(settingReader(document));
        const completions = await completionsAt(sources, askedPlace(sources, place, settings), settings, token);
        if (completions.length === 0) return [];
        const items = itemsFor(completions, place, offers);
        offers.answered(performance.now() - startMs);
        return items;
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
}

function askedPlace({ documents, members }: CompletionSources, place: Place, settings: CompletionSettings): AskedPlace {
  const { document, position } = place;
  const { text } = document.lineAt(position.line);
  return {
    uri: document.uri.toString(),
    version: document.version,
    offset: document.offsetAt(position),
    before: text.slice(0, position.character),
    after: text.slice(position.character),
    situation: situationOf(place, settings),
    members: settings.members ? members.at(document, position) : undefined,
    hasSelectedItem: place.context.selectedCompletionInfo !== undefined,
    engine: () => documents.engineFor(document),
    resend: (engine) => documents.resend(document, engine),
  };
}

function situationOf({ document, context }: Place, { yieldToOthers }: CompletionSettings): CompletionSituation {
  const editor = vscode.window.activeTextEditor;
  const selections = editor?.document === document ? editor.selections : [];
  return {
    languageId: document.languageId,
    invoked: context.triggerKind === vscode.InlineCompletionTriggerKind.Invoke,
    cursors: Math.max(1, selections.length),
    hasSelection: selections.some(({ isEmpty }) => !isEmpty),
    inDiff: isInDiff(),
    // The editor makes this list anew whenever it is asked for: not at every key, where nobody wants to know.
    hasOtherProvider: yieldToOthers && vscode.extensions.all.some(isOtherProvider),
  };
}

function isInDiff(): boolean {
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  return input instanceof vscode.TabInputTextDiff || input instanceof vscode.TabInputNotebookDiff;
}

/** The items for the editor, counted as one offer; none of what contradicts what is selected in the list of suggestions. */
function itemsFor(
  completions: readonly Completion[],
  { document, position, context }: Place,
  offers: OfferTracker,
): vscode.InlineCompletionItem[] {
  const selected = context.selectedCompletionInfo;
  const start = selected?.range.start ?? position;
  const replaced = {
    uri: document.uri.toString(),
    start: document.offsetAt(start),
    typed: document.getText(new vscode.Range(start, position)),
    selected: selected?.text,
    lineEnd: document.eol === vscode.EndOfLine.CRLF ? '\r\n' : '\n',
  } as const;
  const offer = countedOffer(completions, replaced, offers);
  if (offer === undefined) return [];
  const accepted = { command: completionAcceptedCommand, title: 'Completion accepted', arguments: [offer.number] };
  return offer.items.map(({ whole, completion: { replaces = 0 } }) => {
    const end = new vscode.Position(position.line, position.character + replaces);
    return new vscode.InlineCompletionItem(whole, selected?.range ?? new vscode.Range(start, end), accepted);
  });
}
