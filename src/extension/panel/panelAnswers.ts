import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { describeError, UserError } from '../../core/errors';
import type { EngineHost } from '../../editors/engineHost';
import type { HistoryReplay } from '../../editors/historyReplay';
import { readSetting } from '../../editors/settings';
import type { FromPanel, RunSummary, ToPanel } from '../../protocol/panel';
import { curvesOf } from '../../protocol/runCurves';
import { readCorpusReport } from '../../store/corpusReport';
import { readHistory } from '../../store/history';
import { findModel, graphName, paths } from '../../store/modelDirectory';
import { deleteRun } from '../../store/pruning';
import { listRuns, readRunHeading, writeRunNote, type StoredRun } from '../../store/runs';
import { readSamples } from '../../store/samples';
import { fileOfPath } from '../../editors/editorDocumentPath';
import { settingReader, workspaceFolders } from '../editor/editorSettings';
import { useRun } from '../editor/modelUse';

/** What the panel asks for beside training: answers come as messages. */
export type PanelAnswers = (message: FromPanel) => Promise<void>;

export interface AnswerContext {
  readonly engines: EngineHost;
  /** The folder of models now; undefined where there is none. */
  readonly directory: () => string | undefined;
  readonly post: (message: ToPanel) => void;
  readonly replays: HistoryReplay;
  /** Tells that runs have changed, which the panel then asks for. */
  readonly runsChanged: () => void;
}

export function createPanelAnswers({ engines, directory, post, replays, runsChanged }: AnswerContext): PanelAnswers {
  const requireDirectory = (): string => {
    const found = directory();
    if (found !== undefined) return found;
    throw new UserError(l10n.t('The model of this workspace cannot be found.'), l10n.t('Train one first.'));
  };
  async function sendRuns(): Promise<void> {
    const found = directory();
    post({ type: 'runs', runs: found === undefined ? [] : (await listRuns(found)).map(summaryOf) });
  }
  async function sendCurves(run: string): Promise<void> {
    const history = await readHistory(paths.history(paths.run(requireDirectory(), run)));
    const heading = await readRunHeading(requireDirectory(), run);
    post({ type: 'curves', curves: curvesOf(run, nameOf(heading), history) });
  }
  async function sendSamples(run: string): Promise<void> {
    const samples = await readSamples(paths.samples(paths.run(requireDirectory(), run)));
    post({ type: 'samples', run, samples });
  }
  async function sendCorpus(run: string): Promise<void> {
    post({ type: 'corpus', run, report: (await readCorpusReport(requireDirectory(), run)) ?? null });
  }
  async function generate(request: Extract<FromPanel, { type: 'generate' }>): Promise<void> {
    try {
      const engine = await engines.ready();
      if (engine === undefined) throw new UserError(l10n.t('No network is loaded.'), l10n.t('Train one first.'));
      const { prefix, length, temperature } = request;
      const seed = Date.now() % 2_147_483_647;
      const { text } = await engine.generate({ prefix, length, temperature, seed, initialState: 'zeros' });
      post({ type: 'generated', text, problem: null });
    } catch (error) {
      post({ type: 'generated', text: null, problem: describeError(error) });
    }
  }
  function replay({ model, minutes, commits, lines }: Extract<FromPanel, { type: 'replay' }>): Promise<void> {
    const folder = workspaceFolders()[0]?.directory;
    if (folder === undefined) throw new UserError(l10n.t('No folder is open.'), l10n.t('Open a git repository.'));
    const request = { folder, model, models: directory(), minutes, commits, lines };
    return replays.replay({ ...request, minimumConfidence: currentThreshold() });
  }
  const sendReplay = (): void => post({ type: 'replay', status: replays.status });
  replays.onDidChange(sendReplay);
  const sendProviders = (): void => post({ type: 'providers', report: engines.providers ?? null });
  engines.onDidChangeProviders(sendProviders);
  return async (message) => {
    switch (message.type) {
      case 'providers':
        sendProviders();
        return;
      case 'runs':
        return sendRuns();
      case 'curves':
        return sendCurves(message.run);
      case 'samples':
        return sendSamples(message.run);
      case 'corpus':
        return sendCorpus(message.run);
      case 'openFile':
        return openFile(message.path);
      case 'noteRun':
        await writeRunNote(requireDirectory(), message.run, message);
        runsChanged();
        return;
      case 'useRun':
        return useRun({ engines, changed: runsChanged }, directory(), message.run);
      case 'deleteRun':
        await deleteRun(requireDirectory(), message.run);
        runsChanged();
        return;
      case 'generate':
        return generate(message);
      case 'threshold':
        return setThreshold(message.value);
      case 'save':
        return save(message.name, typeof message.content === 'string' ? Buffer.from(message.content) : message.content);
      case 'exportModel':
        return save(graphName, await readFile(join(await findModel(requireDirectory()), graphName)));
      case 'replayStatus':
        sendReplay();
        return;
      case 'replay':
        return replay(message);
      case 'stopReplay':
        replays.stop();
        return;
      default:
        return undefined;
    }
  };
}

/** The confidence that the setting asks for now. */
export function currentThreshold(): number {
  return readSetting(settingReader(), 'completions.minimumConfidence');
}

/** @throws UserError where it is not there any more, or lies outside the workspace */
async function openFile(path: string): Promise<void> {
  const file = fileOfPath(path, workspaceFolders());
  const exists = file !== undefined && (await stat(file).catch(() => undefined))?.isFile() === true;
  if (!exists) throw new UserError(l10n.t`${path} is not in the workspace any more.`, l10n.t('Train again.'));
  await vscode.commands.executeCommand('vscode.open', vscode.Uri.file(file), vscode.ViewColumn.One);
}

/** Where the setting has a value already, or else for all workspaces. */
async function setThreshold(value: number): Promise<void> {
  const configuration = vscode.workspace.getConfiguration('recur');
  const key = 'completions.minimumConfidence';
  const isOfWorkspace = configuration.inspect(key)?.workspaceValue !== undefined;
  const { Global, Workspace } = vscode.ConfigurationTarget;
  await configuration.update(key, value, isOfWorkspace ? Workspace : Global);
}

async function save(name: string, content: Uint8Array): Promise<void> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const defaultUri = folder === undefined ? vscode.Uri.file(name) : vscode.Uri.joinPath(folder, name);
  const target = await vscode.window.showSaveDialog({ defaultUri, saveLabel: l10n.t('Save') });
  if (target !== undefined) await vscode.workspace.fs.writeFile(target, content);
}

function nameOf(run: Pick<StoredRun, 'createdAt' | 'note'> | undefined): string {
  if (run === undefined) return '';
  return run.note.name === '' ? new Date(run.createdAt).toLocaleString(vscode.env.language) : run.note.name;
}

function summaryOf(run: StoredRun): RunSummary {
  const { id, note, createdAt, steps, seconds, perplexity, model, inUse, canContinue, training } = run;
  const { model: network, budget, ...others } = training;
  const configuration = Object.entries({ ...network, ...budget, ...others }).map(([key, value]) => [
    key,
    String(value),
  ]);
  return {
    ...{ id, ...note, createdAt, steps, seconds, perplexity, inUse, canContinue, hasModel: model !== null },
    configuration: Object.fromEntries(configuration) as Record<string, string>,
  };
}
