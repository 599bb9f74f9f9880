import type { Logger } from '../../core/logger';
import { unhurried } from '../../inference/readPrefix';
import type { ModelSession } from '../../inference/session';
import { createUniformSession } from '../../inference/uniformSession';
import { createLanguageMemory, type LanguageMemory } from '../../memory/languageMemory';
import { withoutNetwork } from '../../memory/memoryWeights';
import type { WorkspaceMemory } from '../../memory/workspaceMemory';
import type { MeasuredModel } from '../../protocol/engine';
import type { RunConfiguration } from '../../store/files';
import { memoryWeightsOf } from './memoryEvaluation';
import type { LoadedModel } from '../model/engineModel';

/** What completes: a network, and the memory beside it. */
export interface Completer {
  readonly session: ModelSession;
  readonly memory: LanguageMemory | undefined;
  readonly maxCharacters: number;
}

export interface CompleterOptions {
  readonly completing: MeasuredModel;
  readonly maxCharacters: number;
  /** Of the model; undefined where its record is gone. */
  readonly run: RunConfiguration | undefined;
  /** What the memory holds; not called for the network alone. */
  readonly remember: () => Promise<WorkspaceMemory>;
}

/** A loaded network, a memory, or both, the memory trusted as was fitted to the model's run. */
export async function createCompleter(
  { stored, session }: Pick<LoadedModel, 'stored' | 'session'>,
  { completing, maxCharacters, run, remember }: CompleterOptions,
  logger: Logger,
  pace = unhurried(),
): Promise<Completer> {
  if (completing === 'network') return { session, memory: undefined, maxCharacters };
  const { vocabulary } = session;
  const remembered = await remember();
  const fitted = await memoryWeightsOf({ stored, session }, run, logger, pace);
  const alone = completing === 'memory';
  return {
    session: alone ? createUniformSession(vocabulary) : session,
    memory: createLanguageMemory(vocabulary, remembered, alone ? withoutNetwork(fitted) : fitted),
    maxCharacters,
  };
}
