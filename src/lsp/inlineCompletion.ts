import {
  InlineCompletionTriggerKind,
  LSPErrorCodes,
  ResponseError,
  type CancellationToken,
  type InlineCompletionItem,
  type InlineCompletionList,
  type InlineCompletionParams,
  type Range,
} from 'vscode-languageserver/node';
import { describeError } from '../core/errors';
import type { Logger } from '../core/logger';
import {
  completionsAt,
  countedOffer,
  type AskedPlace,
  type CountedOffer,
  type OfferSources,
  type ReplacedRange,
} from '../editors/completionOffer';
import type { DocumentCopies } from '../editors/documentCopies';
import { readCompletionSettings } from '../editors/settings';
import type { Completion } from '../protocol/engine';
import type { ClientSettings } from './clientSettings';
import type { OpenDocuments, OpenTextDocument } from './openDocuments';

/** A client runs it when it has inserted a whole completion; nothing that a user could call. */
export const completionAcceptedCommand = '_recur.completionAccepted';

/** What answers are made with. */
export interface InlineCompletionSources extends OfferSources {
  readonly settings: ClientSettings;
  readonly documents: OpenDocuments;
  readonly copies: DocumentCopies;
  readonly logger: Logger;
}

const nothing: InlineCompletionList = { items: [] };

/**
 * Answers `textDocument/inlineCompletion`: with one item or none, several where they are asked for by a command, and a request
 * that was cancelled at once with the protocol's error for it.
 */
export async function answerInlineCompletion(
  sources: InlineCompletionSources,
  params: InlineCompletionParams,
  token: CancellationToken,
): Promise<InlineCompletionList> {
  const startMs = performance.now();
  const document = sources.documents.find(params.textDocument.uri);
  if (document === undefined) return nothing;
  // As the document is now: the position says nothing about what it becomes while somebody waits.
  const place = askedPlace(sources, document, params);
  const replaced = replacedRange(document, params);
  try {
    await sources.settings.known;
    const completions = await completionsAt(sources, place, readCompletionSettings(sources.settings.read), token);
    if (isCancelled(token)) throw new ResponseError(LSPErrorCodes.RequestCancelled, 'The request was cancelled.');
    if (completions.length === 0) return nothing;
    const offer = countedOffer(completions, replaced, sources.offers);
    sources.offers.answered(performance.now() - startMs);
    return offer === undefined ? nothing : { items: itemsOf(offer, params) };
  } catch (error) {
    if (error instanceof ResponseError) throw error;
    sources.logger.warn(`No completion: ${describeError(error)}`);
    return nothing;
  }
}

function isCancelled(token: CancellationToken): boolean {
  return token.isCancellationRequested;
}

function askedPlace(
  { copies }: InlineCompletionSources,
  document: OpenTextDocument,
  { position, context }: InlineCompletionParams,
): AskedPlace {
  const { uri, version, languageId } = document;
  return {
    ...{ uri, version },
    hasSelectedItem: context.selectedCompletionInfo !== undefined,
    offset: document.offsetAt(position),
    ...document.lineAround(position),
    situation: {
      languageId,
      invoked: context.triggerKind === InlineCompletionTriggerKind.Invoked,
      // The protocol tells of no selection, no diff and no other provider.
      ...{ cursors: 1, hasSelection: false, inDiff: false, hasOtherProvider: false },
    },
    engine: () => copies.engineFor(document),
    resend: (engine) => copies.resend(document, engine),
  };
}

/** What a completion goes on with: the range of what is selected in the client's list, or else nothing, at the cursor. */
function replacedRange(document: OpenTextDocument, { position, context }: InlineCompletionParams): ReplacedRange {
  const selected = context.selectedCompletionInfo;
  const start = selected?.range.start ?? position;
  return {
    uri: document.uri,
    start: document.offsetAt(start),
    typed: document.textBetween(start, position),
    selected: selected?.text,
    lineEnd: document.lineEnd,
  };
}

function rangeOf({ replaces = 0 }: Completion, { position, context }: InlineCompletionParams): Range {
  const end = { line: position.line, character: position.character + replaces };
  return context.selectedCompletionInfo?.range ?? { start: position, end };
}

function itemsOf({ items, number }: CountedOffer, params: InlineCompletionParams): InlineCompletionItem[] {
  const command = { command: completionAcceptedCommand, title: 'Completion accepted', arguments: [number] };
  return items.map(({ whole, completion }) => ({ insertText: whole, range: rangeOf(completion, params), command }));
}
