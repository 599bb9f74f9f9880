import * as l10n from '@vscode/l10n';
import { basename } from 'node:path';
import * as vscode from 'vscode';
import { harmlessText } from '../../core/harmlessText';
import type { ReviewedLine } from '../../protocol/engine';
import { reviewView } from '../editor/commands';

/** A line that is shown. */
export interface ShownLine extends ReviewedLine {
  readonly file: string;
  /** What stands in it. */
  readonly text: string;
}

/** What stands in the view: a line, and below it its place. Both are the line to whoever chooses them. */
export interface ReviewItem {
  readonly line: ShownLine;
  readonly shows: 'line' | 'place';
}

/** The view of a review, in the source control view. */
export interface ReviewTree {
  show(lines: readonly ShownLine[], message: string): void;
  remove(line: ShownLine): void;
  readonly selected: ShownLine | undefined;
  readonly lines: readonly ShownLine[];
  dispose(): void;
}

export function createReviewTree(): ReviewTree {
  const changed = new vscode.EventEmitter<undefined>();
  let lines: readonly ShownLine[] = [];
  const view = vscode.window.createTreeView<ReviewItem>(reviewView, {
    treeDataProvider: {
      onDidChangeTreeData: changed.event,
      getChildren(item) {
        if (item === undefined) return lines.map((line): ReviewItem => ({ line, shows: 'line' }));
        return item.shows === 'line' ? [{ line: item.line, shows: 'place' }] : [];
      },
      getTreeItem: ({ line, shows }) => (shows === 'line' ? lineItem(line) : placeItem(line)),
    },
  });

  function set(shown: readonly ShownLine[]): void {
    lines = shown;
    changed.fire(undefined);
  }

  return {
    show(shown, message) {
      view.message = message;
      set(shown);
    },
    remove: (line) => set(lines.filter((other) => other !== line)),
    get selected() {
      return view.selection[0]?.line;
    },
    get lines() {
      return lines;
    },
    dispose() {
      view.dispose();
      changed.dispose();
    },
  };
}

function lineItem(line: ShownLine): vscode.TreeItem {
  const { text } = line;
  const indent = text.length - text.trimStart().length;
  const label = harmlessText(text.trim());
  const highlights: [number, number][] =
    label === text.trim() && line.end > line.start ? [[line.start - indent, line.end - indent]] : [];
  const item = new vscode.TreeItem({ label, highlights }, vscode.TreeItemCollapsibleState.Expanded);
  return completed(item, line);
}

/** The side bar is narrow: where the line stands, and what is expected there, has a row of its own. */
function placeItem(line: ShownLine): vscode.TreeItem {
  const item = new vscode.TreeItem(harmlessText(`${basename(line.path)}:${line.line}`));
  if (line.expected !== '') item.description = `→ ${wordAndPlaces(line)}`;
  return completed(item, line);
}

function completed(item: vscode.TreeItem, shown: ShownLine): vscode.TreeItem {
  const { file, path, line, start, end, text } = shown;
  const said = [harmlessText(text.trim()), expectedOf(shown), harmlessText(`${path}:${line}`)].filter(
    (part) => part !== '',
  );
  item.tooltip = said.join('\n');
  item.accessibilityInformation = { label: said.join(', ') };
  item.contextValue = 'line';
  const range = new vscode.Range(line - 1, start, line - 1, end);
  const open = [vscode.Uri.file(file), { selection: range } satisfies vscode.TextDocumentShowOptions];
  item.command = { command: 'vscode.open', title: l10n.t('Open'), arguments: open };
  return item;
}

function wordAndPlaces({ expected, places }: ReviewedLine): string {
  const word = harmlessText(expected);
  return places === 1 ? l10n.t('{0} (1 place)', word) : l10n.t('{0} ({1} places)', word, places);
}

function expectedOf({ expected, places }: ReviewedLine): string {
  if (expected === '') return '';
  const word = harmlessText(expected);
  return places === 1
    ? l10n.t('here this project writes {0} (1 place)', word)
    : l10n.t('here this project writes {0} ({1} places)', word, places);
}
