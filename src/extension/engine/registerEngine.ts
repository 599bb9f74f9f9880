import * as vscode from 'vscode';
import type { MemoryRequest } from '../../protocol/engine';
import { findBaseModel } from '../../store/baseModel';
import { modelToLoad } from '../../store/modelDirectory';
import { checkInstallation } from './checkInstallation';
import { installCudaSupport } from './installCudaSupport';
import { commands } from '../editor/commands';
import { memoryRequestOf, memorySettings } from '../../editors/memoryRequest';
import { filesExcludedByEditor, settingReader, workspaceFolders } from '../editor/editorSettings';
import { createEngineHost, type EngineHost } from '../../editors/engineHost';
import { modelDirectory, watchCurrentModel } from '../editor/currentModel';
import { newEmitter } from '../editor/newEmitter';
import { report } from '../editor/notices';
import type { RecurWindow } from '../editor/recurWindow';
import { readProvider } from '../../editors/settings';

/** The engine of this window, with the model in use and a memory of the workspace, as the settings and the disk say. */
export function registerEngine(window: RecurWindow): EngineHost {
  const { context, log, run, keep, command } = window;
  const engines = createEngineHost(
    {
      entry: context.asAbsolutePath('dist/engine.js'),
      machineFolder: context.globalStorageUri.fsPath,
      logger: log,
      base: () => findBaseModel(context.asAbsolutePath('dist')),
      provider: () => readProvider(settingReader()),
      memory: memoryRequest,
      calibrated: (curves) => run.tell({ type: 'confidence', curves }),
      report: (error) => report(error, log),
      async currentModel() {
        const directory = modelDirectory(context);
        const id = directory === undefined ? undefined : await modelToLoad(directory);
        return directory === undefined || id === undefined ? undefined : { directory, id };
      },
    },
    newEmitter,
  );
  const trainerEntry = context.asAbsolutePath('dist/trainer.js');
  keep(engines, ...watch(window, engines));
  command(commands.checkInstallation, () => checkInstallation({ context, log, engines, trainerEntry }));
  command(commands.installCuda, () => installCudaSupport({ log, machineFolder: context.globalStorageUri.fsPath }));
  return engines;
}

function memoryRequest(): MemoryRequest | undefined {
  const document = vscode.window.activeTextEditor?.document;
  return memoryRequestOf(settingReader(), {
    folders: workspaceFolders(),
    excludedElsewhere: filesExcludedByEditor(),
    near: document?.uri.fsPath,
  });
}

const memoryKeys = [...memorySettings.map((key) => `recur.${key}`), 'files.exclude'];

/** What changes from outside: the model in use, its folder, what the memory holds. */
function watch({ context, log }: RecurWindow, engines: EngineHost): vscode.Disposable[] {
  const reload = () => void engines.reload();
  const reconsider = () => void engines.reconsider();
  let watchedModel = watchModelDirectory(context, log, reload);
  return [
    vscode.workspace.onDidChangeWorkspaceFolders(reconsider),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (memoryKeys.some((key) => event.affectsConfiguration(key))) reconsider();
      if (!['recur.modelDirectory', 'recur.inference'].some((key) => event.affectsConfiguration(key))) return;
      watchedModel?.dispose();
      watchedModel = watchModelDirectory(context, log, reload);
      reload();
    }),
    new vscode.Disposable(() => void watchedModel?.dispose()),
  ];
}

function watchModelDirectory(
  context: vscode.ExtensionContext,
  log: vscode.LogOutputChannel,
  changed: () => void,
): vscode.Disposable | undefined {
  try {
    const directory = modelDirectory(context);
    return directory === undefined ? undefined : watchCurrentModel(directory, changed);
  } catch (error) {
    report(error, log);
    return undefined;
  }
}
