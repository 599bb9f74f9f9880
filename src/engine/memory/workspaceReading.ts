import { maxMemoryCharacters } from '../../core/configuration';
import type { Logger } from '../../core/logger';
import { chooseNearest } from '../../corpus/nearestFiles';
import { readCorpus } from '../../corpus/readCorpus';
import { buildWorkspaceMemory, mostTokensOf, type WorkspaceMemory } from '../../memory/workspaceMemory';
import { workspaceVocabulary } from '../../memory/workspaceVocabulary';
import type { MemoryTask } from './memoryWorker';

/** Reads the folders of a workspace by the corpus's rules and indexes them, with what is written and not saved yet. */
export async function readWorkspaceMemory(task: MemoryTask, logger: Logger): Promise<WorkspaceMemory> {
  const { folders, corpus, near = '', maxCharacters = maxMemoryCharacters } = task;
  const { documents: saved } = await readCorpus(folders, corpus, logger, undefined, (candidates) =>
    chooseNearest(candidates, near, maxCharacters),
  );
  const { written } = task;
  const paths = new Set(written.map(({ path }) => path));
  const documents = [...saved.filter(({ path }) => !paths.has(path)), ...written];
  const vocabulary = workspaceVocabulary(documents.map(({ text }) => text));
  return buildWorkspaceMemory(vocabulary, documents, maxCharacters + mostTokensOf(written));
}
