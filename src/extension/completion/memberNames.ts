import * as vscode from 'vscode';
import { isBehindMemberAccess } from '../../offers/completionFilters';
import { begunName } from '../../text/nameCharacters';

/** What may be accessed at a place, as the language's own extension lists it. */
export interface MemberNames {
  /**
   * The names, where they are known. Where they are not, they are asked for in the background once nobody has typed for a
   * while: whoever asks next in the same name is told.
   */
  at(document: vscode.TextDocument, position: vscode.Position): readonly string[] | undefined;
  dispose(): void;
}

/** Nobody is typing. */
const pauseMs = 100;
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

/** @param failed told why a list could not be had */
export function createMemberNames(failed: (error: unknown) => void): MemberNames {
  let known: { readonly place: Place; readonly names: readonly string[] | undefined } | undefined;
  let timer: NodeJS.Timeout | undefined;
  let isAsking = false;

  async function ask(place: Place): Promise<void> {
    const { document, position } = place;
    const version = document.version;
    isAsking = true;
    try {
      const names = namesOf(await listAt(document.uri, position));
      if (document.version === version) known = { place, names };
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
      if (known !== undefined && holds(known.place, place)) return known.names;
      const { version } = document;
      timer = setTimeout(() => {
        // The list cannot be taken back: where one is on its way there is no other one.
        if (!isAsking && document.version === version) void ask(place);
      }, pauseMs);
      return undefined;
    },
    dispose: () => clearTimeout(timer),
  };
}

function placeAt(document: vscode.TextDocument, position: vscode.Position): Place | undefined {
  const line = document.lineAt(position.line).text.slice(0, position.character);
  if (!isBehindMemberAccess(line)) return undefined;
  const begun = begunName(line);
  return { document, position, before: line.slice(0, line.length - begun.length), begun };
}

/** Whether what is known of one place says what may stand at another one: its list may have been narrowed by what was written. */
function holds(known: Place, { document, position, before, begun }: Place): boolean {
  return (
    known.document === document &&
    known.position.line === position.line &&
    known.before === before &&
    begun.startsWith(known.begun)
  );
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
