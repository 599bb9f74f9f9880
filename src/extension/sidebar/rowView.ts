import * as vscode from 'vscode';
import type { Row } from './rows';

/** A view of the side bar. */
export interface RowView {
  show(rows: readonly Row[]): void;
  readonly rows: readonly Row[];
  readonly selected: Row | undefined;
  readonly isVisible: boolean;
  readonly onDidChangeVisibility: vscode.Event<unknown>;
  dispose(): void;
}

/** @param id as package.json contributes it */
export function createRowView(id: string): RowView {
  const changed = new vscode.EventEmitter<undefined>();
  let rows: readonly Row[] = [];
  const view = vscode.window.createTreeView<Row>(id, {
    treeDataProvider: {
      onDidChangeTreeData: changed.event,
      getChildren: (row) => [...(row === undefined ? rows : (row.rows ?? []))],
      getTreeItem: itemOf,
    },
  });
  return {
    show(next) {
      // What is drawn anew loses its hover.
      if (JSON.stringify(next) === JSON.stringify(rows)) return;
      rows = next;
      changed.fire(undefined);
    },
    get rows() {
      return rows;
    },
    get selected() {
      return view.selection[0];
    },
    get isVisible() {
      return view.visible;
    },
    onDidChangeVisibility: view.onDidChangeVisibility,
    dispose() {
      view.dispose();
      changed.dispose();
    },
  };
}

function itemOf({ id, label, description, tooltip, icon, command, file, context, rows }: Row): vscode.TreeItem {
  const { Collapsed, None } = vscode.TreeItemCollapsibleState;
  const item = new vscode.TreeItem(label, rows === undefined ? None : Collapsed);
  item.id = id;
  item.description = description;
  item.tooltip = tooltip === '' ? undefined : tooltip;
  item.iconPath = new vscode.ThemeIcon(icon);
  if (context !== undefined) item.contextValue = context;
  if (command !== undefined) item.command = { command, title: label };
  if (file !== undefined) {
    item.resourceUri = vscode.Uri.file(file);
    item.iconPath = vscode.ThemeIcon.File;
    item.command = { command: 'vscode.open', title: label, arguments: [item.resourceUri] };
  }
  return item;
}
