import { join } from 'node:path';
import { Emitter, type Connection } from 'vscode-languageserver/node';
import { describeError } from '../core/errors';
import type { Logger } from '../core/logger';
import { createEngineHost, type EngineHost } from '../editors/engineHost';
import { memoryRequestOf } from '../editors/memoryRequest';
import { readProvider, readSetting } from '../editors/settings';
import { findBaseModel } from '../store/baseModel';
import type { ClientSettings } from './clientSettings';
import { withProgress } from './clientProgress';
import type { ModelFolder } from './modelFolder';
import { report } from './clientMessages';
import type { ClientWorkspace } from './workspace';

/** What the engine is started and loaded with. */
export interface EngineParts {
  readonly connection: Connection;
  readonly logger: Logger;
  readonly settings: ClientSettings;
  readonly workspace: ClientWorkspace;
  readonly models: ModelFolder;
  /** The folder of the bundles, absolute. */
  readonly bundles: string;
  /** Where the engine keeps what belongs to this machine and to no workspace. */
  readonly machineFolder: string;
  /** Absolute path of the document at hand, where one is. */
  readonly near: () => string | undefined;
}

/** Events of the language server library. */
export function newEmitter<Value>(): Emitter<Value> {
  return new Emitter<Value>();
}

/** The engine of this session, with the model in use and a memory of the workspace, as the settings and the disk say. */
export function createServerEngine(parts: EngineParts): EngineHost {
  const { connection, logger, settings, workspace, models, bundles, machineFolder, near } = parts;
  const engines = createEngineHost(
    {
      entry: join(bundles, 'engine.js'),
      machineFolder,
      logger,
      base: () => findBaseModel(bundles),
      provider: () => readProvider(settings.read),
      memory: () => memoryRequestOf(settings.read, { folders: workspace.folders, excludedElsewhere: [], near: near() }),
      calibrated: () => undefined,
      report: (error) => report(connection, error),
      currentModel: () => models.current(),
    },
    newEmitter,
  );
  showMemory(parts, engines);
  return engines;
}

/** Progress is shown while the memory is built that a load has asked for. */
function showMemory({ connection, logger, settings, workspace }: EngineParts, engines: EngineHost): void {
  let isShown = false;
  const isRemembering = (): boolean =>
    workspace.folders.length > 0 && engines.status.answers !== null && readSetting(settings.read, 'completions.memory');
  engines.onDidChangeStatus(() => {
    if (isShown || !isRemembering()) return;
    isShown = true;
    withProgress(connection, { title: 'Recur: reading the workspace' }, () => engines.started().memoryReady())
      .catch((error: unknown) => logger.debug(`The memory was not built: ${describeError(error)}`))
      .finally(() => (isShown = false));
  });
}
