import * as vscode from 'vscode';
import { isBehindMemberAccess } from '../../offers/completionFilters';
import { begunName } from '../../text/nameCharacters';

/** What may be accessed at a place, as the language's own extension lists it. */
export interface MemberNames {
  /**
   * The names, where they are known. Where they are not, they are asked for in the background once nobody has typed for a
   * while: whoever asks next in the same name is told, until anything else is written anywhere.
   */
  at(document: vscode.TextDocument, position: vscode.Position): readonly string[] | undefined;
  dispose(): void;
}

/** Nobody is typing. */
const pauseMs = 100;
/** What changes the members elsewhere, files on the disk for instance, is seen after so long. */
const knownMs = 10_000;
/** Some mark what kind of item it is. */
const itemName = /^[^\p{L}\p{N}_$]*([\p{L}_$][\p{L}\p{N}_$]*)/u;
/** Words of open texts, and what stands behind no access. */
const otherKinds: readonly (vscode.CompletionItemKind | undefined)[] = [
  vscode.CompletionItemKind.Text,
  vscode.CompletionItemKind.Snippet,
  vscode.CompletionItemKind.Keyword,
  vscode.CompletionItemKind.File,
  vscode.CompletionItemKind.Folder,
];

/** A name behind a member access. */
interface Place {
  readonly document: vscode.TextDocument;
  readonly position: vscode.Position;
  /** The line up to the name, and what is written of it. */
  readonly before: string;
  readonly begun: string;
}

interface Known {
  readonly place: Place;
  readonly names: readonly string[] | undefined;
  /** The name as it is now, in UTF-16 units of the document. */
  readonly start: number;
  readonly end: number;
  readonly atMs: number;
}

/** @param failed told why a list could not be had */
export function createMemberNames(failed: (error: unknown) => void): MemberNames {
  let known: Known | undefined;
  let timer: NodeJS.Timeout | undefined;
  let isAsking = false;
  let changes = 0;
  const subscription = vscode.workspace.onDidChangeTextDocument((change) => {
    // What is logged is shown as a document.
    if (change.contentChanges.length === 0 || change.document.uri.scheme === 'output') return;
    changes++;
    known &&= afterChange(known, change);
  });

  async function ask(place: Place): Promise<void> {
    const { document, position, begun } = place;
    const asked = changes;
    isAsking = true;
    try {
      const names = namesOf(await listAt(document.uri, position));
      const end = document.offsetAt(position);
      if (changes === asked) known = { place, names, start: end - begun.length, end, atMs: performance.now() };
    } catch (error) {
      failed(error);
    } finally {
      isAsking = false;
    }
  }

  return {
    at(document, position) {
      clearTimeout(timer);
      const place = placeAt(document, position);
      if (place === undefined) return undefined;
      if (known !== undefined && holds(known, place)) return known.names;
      const { version } = document;
      timer = setTimeout(() => {
        // The list cannot be taken back: where one is on its way there is no other one.
        if (!isAsking && document.version === version) void ask(place);
      }, pauseMs);
      return undefined;
    },
    dispose() {
      clearTimeout(timer);
      subscription.dispose();
    },
  };
}

function placeAt(document: vscode.TextDocument, position: vscode.Position): Place | undefined {
  const line = document.lineAt(position.line).text.slice(0, position.character);
  if (!isBehindMemberAccess(line)) return undefined;
  const begun = begunName(line);
  return { document, position, before: line.slice(0, line.length - begun.length), begun };
}

/** Whether what is known of one place says what may stand at another one: its list may have been narrowed by what was written. */
function holds({ place: known, atMs }: Known, { document, position, before, begun }: Place): boolean {
  return (
    performance.now() - atMs < knownMs &&
    known.document === document &&
    known.position.line === position.line &&
    known.before === before &&
    begun.startsWith(known.begun)
  );
}

/** What is still known when something was written: the same, where the name was written on; the object may be another one otherwise. */
function afterChange(known: Known, { document, contentChanges }: vscode.TextDocumentChangeEvent): Known | undefined {
  const { place, start, end } = known;
  const isInName = contentChanges.every(
    ({ rangeOffset, rangeLength, text }) =>
      rangeOffset >= start && rangeOffset + rangeLength <= end && begunName(text) === text,
  );
  if (document !== place.document || !isInName) return undefined;
  return { ...known, end: contentChanges.reduce((sum, { rangeLength, text }) => sum + text.length - rangeLength, end) };
}

async function listAt(uri: vscode.Uri, position: vscode.Position): Promise<vscode.CompletionList | undefined> {
  return vscode.commands.executeCommand('vscode.executeCompletionItemProvider', uri, position);
}

/** Undefined where the list does not say all, or nobody knows the language. */
function namesOf(list: vscode.CompletionList | undefined): readonly string[] | undefined {
  if (list === undefined || list.isIncomplete === true) return undefined;
  const names = list.items
    .filter(({ kind }) => !otherKinds.includes(kind))
    .flatMap(({ label }) => itemName.exec(typeof label === 'string' ? label : label.label)?.[1] ?? []);
  return names.length === 0 ? undefined : names;
}
