import * as l10n from '@vscode/l10n';
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
  const view = vscode.window.createTreeView<ShownLine>(reviewView, {
    treeDataProvider: {
      onDidChangeTreeData: changed.event,
      getChildren: (line) => (line === undefined ? [...lines] : []),
      getTreeItem: itemOf,
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
      return view.selection[0];
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

function itemOf(line: ShownLine): vscode.TreeItem {
  const { text, file, path } = line;
  const indent = text.length - text.trimStart().length;
  const label = harmlessText(text.trim());
  const highlights: [number, number][] =
    label === text.trim() && line.end > line.start ? [[line.start - indent, line.end - indent]] : [];
  const item = new vscode.TreeItem({ label, highlights });
  const place = harmlessText(`${path}:${line.line}`);
  const expected = expectedOf(line);
  item.description = expected === '' ? place : `${place} · ${expected}`;
  item.tooltip = [place, label, expected].filter((part) => part !== '').join('\n');
  item.accessibilityInformation = { label: [label, expected, place].filter((part) => part !== '').join(', ') };
  item.contextValue = 'line';
  const range = new vscode.Range(line.line - 1, line.start, line.line - 1, line.end);
  const open = [vscode.Uri.file(file), { selection: range } satisfies vscode.TextDocumentShowOptions];
  item.command = { command: 'vscode.open', title: l10n.t('Open'), arguments: open };
  return item;
}

function expectedOf({ expected, places }: ReviewedLine): string {
  if (expected === '') return '';
  const word = harmlessText(expected);
  return places === 1
    ? l10n.t('here this project writes {0} (1 place)', word)
    : l10n.t('here this project writes {0} ({1} places)', word, places);
}
