import { defaultTraining, maxMemoryCharacters } from '../core/configuration';
import type { Logger } from '../core/logger';
import { buildVocabulary, createVocabulary } from '../core/vocabulary';
import { chooseNearest } from '../corpus/nearestFiles';
import { readCorpus } from '../corpus/readCorpus';
import { buildWorkspaceMemory, type WorkspaceMemory } from '../memory/workspaceMemory';
import type { MemoryTask } from './memoryWorker';

/** Reads the folders of a workspace by the corpus's rules and indexes them. */
export async function readWorkspaceMemory(task: MemoryTask, logger: Logger): Promise<WorkspaceMemory> {
  const { folders, corpus, near = '', maxCharacters = maxMemoryCharacters } = task;
  const { documents } = await readCorpus(folders, corpus, logger, undefined, (candidates) =>
    chooseNearest(candidates, near, maxCharacters),
  );
  const texts = documents.map(({ text }) => text);
  const vocabulary =
    task.codePoints === null
      ? buildVocabulary(texts, defaultTraining.maxVocabulary)
      : createVocabulary(task.codePoints);
  return buildWorkspaceMemory(vocabulary, documents, maxCharacters);
}
