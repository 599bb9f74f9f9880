import * as l10n from '@vscode/l10n';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { readChanges, type ReviewedState } from '../../corpus/changes';
import { isAborted } from '../../core/errors';
import type { EngineHost } from '../../editors/engineHost';
import { readCorpusSettings } from '../../editors/settings';
import { ranked, shownOf } from '../../protocol/review';
import type { WorkspaceFolder } from '../../text/document';
import { commands, reviewView } from '../editor/commands';
import { filesExcludedByEditor, settingReader, workspaceFolders } from '../editor/editorSettings';
import { inform, report } from '../editor/notices';
import type { RecurWindow } from '../editor/recurWindow';
import { createFineLines } from './fineLines';
import { branchesOf } from './gitBranches';
import { createReviewTree, type ReviewItem, type ReviewTree, type ShownLine } from './reviewTree';

/** What is compared. */
interface Comparison {
  readonly state: ReviewedState;
  /** undefined: the last commit */
  readonly base: string | undefined;
}

/** The view is shown once there was a review. */
const reviewedContext = 'recur.reviewed';

/** A review of changes: the lines that are least like the rest of the code, in the source control view. */
export function registerReview(window: RecurWindow, engines: EngineHost): ReviewTree {
  const { context, log, keep, command } = window;
  const tree = createReviewTree();
  const fine = createFineLines(context.workspaceState);
  let last = new AbortController();

  async function review(): Promise<void> {
    const folder = await chosenFolder();
    const comparison = folder && (await chosenComparison(folder.directory));
    if (folder === undefined || comparison === undefined) return;
    last.abort();
    last = new AbortController();
    const { signal } = last;
    await vscode.commands.executeCommand('setContext', reviewedContext, true);
    await vscode.commands.executeCommand(`${reviewView}.focus`);
    try {
      await vscode.window.withProgress({ location: { viewId: reviewView } }, () => show(folder, comparison, signal));
    } catch (error) {
      if (!isAborted(error)) report(error, log);
    }
  }

  async function show({ directory }: WorkspaceFolder, comparison: Comparison, signal: AbortSignal): Promise<void> {
    tree.show([], l10n.t('Reading the changes…'));
    try {
      const lines = await oddLines(directory, comparison, signal);
      if (signal.aborted) return;
      const nothing = l10n.t('Nothing has changed here, or all of it is fine.');
      tree.show(lines, lines.length === 0 ? nothing : '');
    } catch (error) {
      if (!signal.aborted) tree.show([], l10n.t('There was no review.'));
      throw error;
    }
  }

  async function oddLines(directory: string, { base, state }: Comparison, signal: AbortSignal): Promise<ShownLine[]> {
    const corpus = readCorpusSettings(settingReader(), filesExcludedByEditor());
    const files = await readChanges(directory, base, corpus, log, state);
    if (files.length === 0 || signal.aborted) return [];
    // Without any model a memory of the folder answers.
    const engine = (await engines.ready()) ?? engines.started();
    const reviewed = await engine.reviewLines({ folders: [{ directory, name: '' }], corpus, files }, signal);
    const texts = new Map(files.map(({ path, text }) => [path, text.split('\n')]));
    return ranked(reviewed)
      .map((line) => ({
        ...line,
        file: join(directory, line.path),
        text: texts.get(line.path)?.[line.line - 1] ?? '',
      }))
      .slice(0, shownOf(reviewed.length))
      .filter((line) => line.text.trim() !== '' && !fine.has(line));
  }

  async function lineIsFine(line = tree.selected): Promise<void> {
    if (line === undefined) return;
    tree.remove(line);
    await fine.add(line);
  }

  keep(
    tree,
    { dispose: () => last.abort() },
    vscode.commands.registerCommand(commands.lineIsFine, (item?: ReviewItem) => lineIsFine(item?.line)),
  );
  command(commands.reviewChanges, review);
  return tree;
}

async function chosenFolder(): Promise<WorkspaceFolder | undefined> {
  const folders = workspaceFolders();
  if (folders.length === 0) {
    inform(l10n.t('Open a folder first: its changes are reviewed.'));
    return undefined;
  }
  if (folders.length === 1) return folders[0];
  const items = folders.map((folder) => ({ label: folder.name, description: folder.directory, folder }));
  return (await vscode.window.showQuickPick(items))?.folder;
}

async function chosenComparison(directory: string): Promise<Comparison | undefined> {
  const branches = await branchesOf(directory);
  const items: readonly (vscode.QuickPickItem & Partial<Comparison>)[] = [
    { label: l10n.t('What has changed since the last commit'), state: 'working tree' },
    { label: l10n.t('What is staged'), state: 'index' },
    ...branches.map((base) => ({
      label: l10n.t('What has changed since {0}', harmless(base)),
      state: 'working tree' as const,
      base,
    })),
  ];
  const title = l10n.t('Review changes');
  const chosen = await vscode.window.showQuickPick(items, { title });
  return chosen?.state && { state: chosen.state, base: chosen.base };
}

/** Icons have no place in the name of a branch. */
function harmless(name: string): string {
  return name.replaceAll('$(', '$ (');
}
