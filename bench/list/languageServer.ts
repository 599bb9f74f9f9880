/** Runs inside VS Code: the language server behind its lists. */
import * as vscode from 'vscode';
import { until } from '../../test/host/waiting';

/** The language server has read the project: it knows the members of what a file imports. */
export async function serverIsReady(file: string): Promise<void> {
  const { uri } = await vscode.workspace.openTextDocument(file);
  await until('the language server knows the symbols of the project', async () => {
    const found = await vscode.commands.executeCommand<unknown[]>('vscode.executeWorkspaceSymbolProvider', 'create');
    const own = await vscode.commands.executeCommand<unknown[] | undefined>(
      'vscode.executeDocumentSymbolProvider',
      uri,
    );
    return found.length > 5 && (own?.length ?? 0) > 0;
  });
}
