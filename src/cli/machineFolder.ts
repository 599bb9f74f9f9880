import { homedir } from 'node:os';
import { join } from 'node:path';
import { machineFolderVariable } from '../core/environmentVariables';

/**
 * Where the command line keeps what belongs to this machine and not to a workspace: what is known of execution providers, and
 * libraries that were installed. As each system has it, unless the variable names another folder.
 */
export function machineFolder(environment: NodeJS.ProcessEnv = process.env, platform = process.platform): string {
  const named = environment[machineFolderVariable];
  if (named !== undefined && named !== '') return named;
  return join(dataFolder(environment, platform), 'recur');
}

function dataFolder(environment: NodeJS.ProcessEnv, platform: NodeJS.Platform): string {
  if (platform === 'win32') return environment.LOCALAPPDATA ?? join(homedir(), 'AppData', 'Local');
  if (platform === 'darwin') return join(homedir(), 'Library', 'Application Support');
  const named = environment.XDG_DATA_HOME;
  // An empty variable counts as none (XDG Base Directory Specification).
  return named === undefined || named === '' ? join(homedir(), '.local', 'share') : named;
}
