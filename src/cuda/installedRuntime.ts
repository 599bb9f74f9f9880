import { readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import * as v from 'valibot';
import { cudaRuntimeVariable, machineFolderVariable } from '../core/environmentVariables';

const installedSchema = v.object({ onnxruntime: v.string(), folder: v.pipe(v.string(), v.regex(/^[\w.-]+$/)) });
/** What was installed: a folder below {@link cudaFolder}, for a version of onnxruntime. */
export type InstalledRuntime = v.InferOutput<typeof installedSchema>;

export const cudaFolder = (machineFolder: string): string => join(machineFolder, 'cuda');
export const installedFile = (machineFolder: string): string => join(cudaFolder(machineFolder), 'installed.json');
/** Of an installation: the libraries of NVIDIA, and the copy of onnxruntime that loads them. */
export const librariesIn = (folder: string): string => join(folder, 'lib');
export const packagesIn = (folder: string): string => join(folder, 'node_modules');

/** undefined where nothing is installed, or what says so is damaged. */
export function installedRuntime(machineFolder: string): InstalledRuntime | undefined {
  try {
    return v.parse(installedSchema, JSON.parse(readFileSync(installedFile(machineFolder), 'utf8')));
  } catch {
    return undefined;
  }
}

/** The environment of an engine: where the machine's own things lie, and what was installed there, which the system's loader reads once. */
export function engineEnvironment(machineFolder: string): Record<string, string> {
  const own = { [machineFolderVariable]: machineFolder };
  const installed = installedRuntime(machineFolder);
  if (installed === undefined) return own;
  const folder = join(cudaFolder(machineFolder), installed.folder);
  const libraries = [librariesIn(folder), process.env.LD_LIBRARY_PATH ?? ''].filter((path) => path !== '');
  return { ...own, [cudaRuntimeVariable]: packagesIn(folder), LD_LIBRARY_PATH: libraries.join(delimiter) };
}
