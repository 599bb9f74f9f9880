import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { diskProblem } from './diskProblem';

/** Where the models of a folder lie for the command line and the language server, if no other place is named. */
export function workspaceModels(folder: string): string {
  return join(folder, '.recur');
}

/**
 * Makes a folder for models within a workspace, which git ignores.
 * @throws UserError where it cannot be written to
 */
export async function makeWorkspaceModels(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true }).catch((error: unknown) => {
    throw diskProblem(error, directory) ?? error;
  });
  await writeFile(join(directory, '.gitignore'), '*\n', { flag: 'wx' }).catch(() => undefined);
}
