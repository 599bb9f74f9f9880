import * as vscode from 'vscode';
import { describeError } from '../../core/errors';
import type { EngineHost } from '../../editors/engineHost';
import { isRunning } from '../../editors/runState';
import { commands, modelView, runsView, type CommandId } from '../editor/commands';
import { workspaceFolders } from '../editor/editorSettings';
import { useRun } from '../editor/modelUse';
import { modelDirectory } from '../editor/currentModel';
import { report } from '../editor/notices';
import type { RecurWindow } from '../editor/recurWindow';
import { changedSince, type ChangedFiles } from './filesChangedSince';
import { modelRows, runRows, type Row } from './rows';
import { createRowView } from './rowView';
import { removeRun, renameRun } from './runCommands';
import { nothingStored, readStoredModels, type StoredModels } from './storedModels';

/** What the side bar shows. */
export interface Sidebar {
  readonly model: readonly Row[];
  readonly runs: readonly Row[];
}

/** Conditions of the views and of what stands in their titles; unset until one of them is seen. */
const contexts = { state: 'recur.state', canContinue: 'recur.canContinue', hasRuns: 'recur.hasRuns' };

/** A training tells several times a second. */
const drawEveryMs = 1_000;
/** A checkout or a build changes files in crowds. */
const countAfterMs = 3_000;

/** The model of this workspace and its trainings, in the side bar. */
export function registerSidebar(window: RecurWindow, engines: EngineHost): Sidebar {
  const { context, log, run, runsChanged, keep } = window;
  const [model, runs] = [createRowView(modelView), createRowView(runsView)];
  let stored: StoredModels = nothingStored;
  let changed: ChangedFiles | undefined;
  let phase = run.state.phase;

  function directory(): string | undefined {
    try {
      return modelDirectory(context);
    } catch {
      return undefined; // said where it matters
    }
  }

  function draw(): void {
    const language = vscode.env.language;
    const training = run.state;
    model.show(modelRows({ training, model: stored.model, changed, nowMs: Date.now(), language }));
    runs.show(runRows(stored, language));
    const settled = model.rows.length === 0 ? 'untrained' : 'trained';
    setContext(contexts.state, isRunning(training) ? 'training' : settled);
    setContext(
      contexts.canContinue,
      stored.runs.some(({ canContinue }) => canContinue),
    );
    setContext(contexts.hasRuns, stored.runs.length > 0);
  }

  async function read(): Promise<void> {
    if (!model.isVisible && !runs.isVisible) return;
    stored = await readStoredModels(directory());
    draw();
    count.soon();
  }

  async function countChanged(): Promise<void> {
    const [found, trained] = [directory(), stored.model?.run];
    if (!model.isVisible) return;
    changed =
      found === undefined || trained === undefined ? undefined : await changedSince(found, trained, workspaceFolders());
    draw();
  }

  const told = (work: () => Promise<void> | void) => async (): Promise<void> => {
    try {
      await work();
    } catch (error) {
      log.debug(`The side bar could not be read: ${describeError(error)}`);
    }
  };
  const drawing = createDelayed(told(draw), drawEveryMs);
  const reading = createDelayed(told(read), 100);
  const count = createDelayed(told(countChanged), 0);
  const counting = createDelayed(told(countChanged), countAfterMs);
  const files = vscode.workspace.createFileSystemWatcher('**/*');

  /** Trained, stopped, failed: what is stored is another. */
  function runChanged(): void {
    if (phase !== run.state.phase) reading.soon();
    phase = run.state.phase;
    drawing.soon();
  }

  keep(
    ...[model, runs, drawing, reading, count, counting, files],
    run.onDidChange(runChanged),
    engines.onDidChangeStatus(reading.soon),
    runsChanged.event(reading.soon),
    model.onDidChangeVisibility(reading.soon),
    vscode.window.onDidChangeWindowState(drawing.soon),
    vscode.workspace.onDidChangeWorkspaceFolders(reading.soon),
    ...[files.onDidChange, files.onDidCreate, files.onDidDelete].map((event) => event(counting.soon)),
  );
  const parts = { directory, engines, changed: () => runsChanged.fire(undefined) };
  const onRun = (id: CommandId, work: (run: string) => Promise<void>): void =>
    keep(
      vscode.commands.registerCommand(id, async (row: Row | undefined = runs.selected) => {
        if (row !== undefined) await work(row.id).catch((error: unknown) => report(error, log));
      }),
    );
  onRun(commands.useRun, (id) => useRun(parts, directory(), id));
  onRun(commands.renameRun, (id) => renameRun(parts, id));
  onRun(commands.deleteRun, (id) => removeRun(parts, id));
  reading.soon();
  return {
    get model() {
      return model.rows;
    },
    get runs() {
      return runs.rows;
    },
  };
}

function setContext(key: string, value: boolean | string): void {
  void vscode.commands.executeCommand('setContext', key, value);
}

/** Work that is done once a while after it was asked for, however often that was. */
function createDelayed(work: () => unknown, ms: number): { soon: () => void; dispose: () => void } {
  let timer: NodeJS.Timeout | undefined;
  return {
    soon: () =>
      (timer ??= setTimeout(() => {
        timer = undefined;
        void work();
      }, ms)),
    dispose: () => clearTimeout(timer),
  };
}
