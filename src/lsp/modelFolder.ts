import { unwatchFile, watchFile } from 'node:fs';
import { isTracked } from '../corpus/git';
import { readModelDirectory, type SettingReader } from '../editors/settings';
import { modelToLoad, paths } from '../store/modelDirectory';
import { makeWorkspaceModels, workspaceModels } from '../store/workspaceModels';
import { UserError } from '../core/errors';
import type { ClientWorkspace } from './workspace';

/** Where the models of the workspace lie. */
export interface ModelFolder {
  /**
   * The folder that was named on the command line or in the settings, or else that of the workspace's first folder.
   * @throws UserError where the setting is no absolute path
   */
  directory(): string | undefined;
  /** The model in use there; none where a repository has brought it along, which is told once. */
  current(): Promise<{ readonly directory: string; readonly id: string } | undefined>;
  /** Makes the folder to train into. @throws UserError where that cannot be done */
  prepare(): Promise<string | undefined>;
  /** Looks for another model in use from now on, in the folder as it is now. */
  watch(): void;
  dispose(): void;
}

/** Another program may put a model into use at any time: asked of the disk so often. */
const intervalMs = 2_000;

export interface ModelFolderOptions {
  /** Absolute path from the command line. */
  readonly named: string | undefined;
  readonly read: SettingReader;
  readonly workspace: Pick<ClientWorkspace, 'folders'>;
  /** Another model may be in use. */
  readonly changed: () => void;
  /** Tells the user. */
  readonly report: (error: unknown) => void;
}

export function createModelFolder({ named, read, workspace, changed, report }: ModelFolderOptions): ModelFolder {
  let watched: string | undefined;
  let refused: string | undefined;

  const chosen = (): string | undefined => named ?? readModelDirectory(read);
  const own = (): string | undefined => {
    const [first] = workspace.folders;
    return first && workspaceModels(first.directory);
  };
  const directory = (): string | undefined => chosen() ?? own();

  function unwatch(): void {
    if (watched !== undefined) unwatchFile(watched, changed);
    watched = undefined;
  }

  return {
    directory,
    async current() {
      const folder = directory();
      const id = folder === undefined ? undefined : await modelToLoad(folder);
      if (folder === undefined || id === undefined) return undefined;
      if (chosen() !== undefined || !(await isTracked(folder))) return { directory: folder, id };
      if (refused !== folder) report(broughtAlong(folder));
      refused = folder;
      return undefined;
    },
    async prepare() {
      const folder = directory();
      if (folder !== undefined && chosen() === undefined) await makeWorkspaceModels(folder);
      return folder;
    },
    watch() {
      unwatch();
      const folder = directory();
      if (folder === undefined) return;
      watched = paths.current(folder);
      watchFile(watched, { interval: intervalMs, persistent: false }, changed);
    },
    dispose: unwatch,
  };
}

function broughtAlong(folder: string): UserError {
  return new UserError(
    `The model in ${folder} is a part of the repository, which may come from anybody.`,
    'Name its folder in recur.modelDirectory or with --model to use it all the same.',
  );
}
