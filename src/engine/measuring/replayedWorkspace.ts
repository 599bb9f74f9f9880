import type { SourceDocument } from '../../text/document';
import { replaceDocument, type WorkspaceMemory } from '../../memory/workspaceMemory';
import { workspaceVocabulary } from '../../memory/workspaceVocabulary';
import { memoryOf } from './memoryEvaluation';

/** The memory of a workspace whose texts change. */
export interface ReplayedWorkspace {
  /** What it holds now. */
  current(): WorkspaceMemory;
  /** @param text undefined: there is none any more */
  replace(path: string, text: string | undefined): Promise<void>;
}

export async function createReplayedWorkspace(documents: readonly SourceDocument[]): Promise<ReplayedWorkspace> {
  const texts = new Map(documents.map(({ path, text }) => [path, text]));
  const vocabulary = workspaceVocabulary([...texts.values()]);
  const build = (): Promise<WorkspaceMemory> =>
    memoryOf(
      vocabulary,
      [...texts].map(([path, text]) => ({ path, text })),
    );
  let memory = await build();
  return {
    current: () => memory,
    async replace(path, text) {
      if (text === undefined) texts.delete(path);
      else texts.set(path, text);
      if (!replaceDocument(memory, path, text)) memory = await build();
    },
  };
}
