import * as vscode from 'vscode';
import { repositoryOfFolder } from '../../editors/repositoryOfFolder';

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
  const root = repositoryOfFolder(
    folder,
    repositories.map(({ rootUri }) => rootUri.fsPath),
  );
  const repository = repositories.find(({ rootUri }) => rootUri.fsPath === root);
  const branches = (await repository?.getBranches?.({ remote: true })) ?? [];
  return [...new Set(branches.flatMap(({ name }) => name ?? []))].sort();
}
