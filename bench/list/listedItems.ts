/** Runs inside VS Code: what its list of suggestions has while a line is typed, a language server's members and names among it. */
import * as vscode from 'vscode';
import { isBehindMemberAccess } from '../../src/offers/completionFilters';
import type { Taken } from '../../src/offers/measuring/typist';

const typedWord = /[\p{L}_$][\p{L}\p{N}_$]*$/u;
const restOfWord = /^[\p{L}\p{N}_$]*/u;
/** Rows that are seen without scrolling. */
const rows = 12;

interface Item {
  readonly text: string;
  readonly order: string;
}

/** As the editor does, the list is asked for once in each word, and behind a dot; what is typed then narrows it. */
export interface ListedItems {
  /** The item that is meant; undefined where no list opens, or it has no such item among those that are seen. */
  choiceAt(uri: vscode.Uri, position: vscode.Position, before: string, rest: string): Promise<Taken | undefined>;
}

export function createListedItems(): ListedItems {
  /** Of the word at hand. */
  let items: Promise<readonly Item[]> = Promise.resolve([]);
  return {
    async choiceAt(uri, position, before, rest) {
      const prefix = typedWord.exec(before)?.[0] ?? '';
      const isMember = prefix === '' && isBehindMemberAccess(before);
      if (isMember || (prefix.length === 1 && !isBehindMemberAccess(before))) items = itemsAt(uri, position, isMember);
      const meant = restOfWord.exec(rest)![0];
      if (meant === '' || (prefix === '' && !isMember)) return undefined;
      const row = rankOf(prefix + meant, prefix, await items);
      if (row < 0 || row >= rows || row + 1 >= meant.length) return undefined;
      return { length: meant.length, keystrokes: row + 1 };
    },
  };
}

async function itemsAt(uri: vscode.Uri, position: vscode.Position, isMember: boolean): Promise<readonly Item[]> {
  const list = await vscode.commands.executeCommand<vscode.CompletionList>(
    'vscode.executeCompletionItemProvider',
    uri,
    position,
    isMember ? '.' : undefined,
  );
  return list.items
    .filter(({ kind }) => kind !== vscode.CompletionItemKind.Snippet)
    .map(({ label, sortText }) => {
      const text = typeof label === 'string' ? label : label.label;
      return { text: text.replace(/[?!]$/, ''), order: sortText ?? text };
    });
}

/** The row of an item among those that go on from a prefix: the same case first, then in the server's order. */
function rankOf(meant: string, prefix: string, items: readonly Item[]): number {
  const lower = prefix.toLowerCase();
  const rank = ({ text }: Item): number => (text.startsWith(prefix) ? 0 : 1);
  const listed = items
    .filter(({ text }) => text.length > prefix.length && text.toLowerCase().startsWith(lower))
    .sort((a, b) => rank(a) - rank(b) || a.order.localeCompare(b.order) || a.text.localeCompare(b.text));
  return [...new Set(listed.map(({ text }) => text))].indexOf(meant);
}
