import type { MemoryRequest } from '../protocol/engine';
import type { WorkspaceFolder } from '../text/document';
import { pathInWorkspace } from './editorDocumentPath';
import { readCorpusSettings, readSetting, type SettingKey, type SettingReader } from './settings';

/** What the memory holds depends on these. */
export const memorySettings = [
  'completions.memory',
  'completions.memoryCharacters',
  'include',
  'exclude',
  'maxFileBytes',
] as const satisfies readonly SettingKey[];

/** What is remembered of, beside the settings. */
export interface RememberedWorkspace {
  readonly folders: readonly WorkspaceFolder[];
  /** Globs of other settings that leave files out. */
  readonly excludedElsewhere: readonly string[];
  /** Absolute path of the document at hand, where one is. */
  readonly near: string | undefined;
}

/** The folders of the workspace without what a training would leave out; undefined where nothing is to be remembered. */
export function memoryRequestOf(reader: SettingReader, workspace: RememberedWorkspace): MemoryRequest | undefined {
  const { folders, excludedElsewhere, near } = workspace;
  if (folders.length === 0 || !readSetting(reader, 'completions.memory')) return undefined;
  return {
    folders,
    corpus: readCorpusSettings(reader, excludedElsewhere),
    maxCharacters: readSetting(reader, 'completions.memoryCharacters'),
    ...(near !== undefined && { near: pathInWorkspace(near, folders).inCorpus }),
  };
}
