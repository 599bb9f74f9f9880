import * as vscode from 'vscode';

/** What is used of the API of the built-in extension vscode.git, version 1. */
interface GitExtension {
  getAPI(version: 1): {
    readonly repositories: readonly {
      readonly rootUri: vscode.Uri;
      getBranches?(query: { readonly remote: boolean }): Promise<readonly { readonly name?: string }[]>;
    }[];
  };
}

/** Branches of the repository that holds a folder; none where the editor's own git is not there. */
export async function branchesOf(folder: string): Promise<string[]> {
  const git = await vscode.extensions.getExtension<GitExtension>('vscode.git')?.activate();
  const repositories = git?.getAPI(1).repositories ?? [];
  const holds = (root: string): boolean => folder === root || folder.startsWith(`${root}/`);
  const repository = repositories
    .filter(({ rootUri }) => holds(rootUri.fsPath) || rootUri.fsPath.startsWith(`${folder}/`))
    .sort((a, b) => b.rootUri.fsPath.length - a.rootUri.fsPath.length)[0];
  const branches = (await repository?.getBranches?.({ remote: true })) ?? [];
  return [...new Set(branches.flatMap(({ name }) => name ?? []))].sort();
}
