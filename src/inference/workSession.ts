import { allFinite } from '../core/finite';
import { workKinds, type ProviderOfWork, type WorkKind } from '../protocol/providers';
import type { ModelSession, StepOutput } from './session';

/** One network on several providers: each kind of work on its own. */
export interface WorkSession {
  readonly session: ModelSession;
  /** The provider that everything falls back to. */
  readonly processor: string;
  /** Does a kind of work on another session of the same network from now on; released with this one. */
  assign(kind: WorkKind, session: ModelSession): void;
  providers(): ProviderOfWork;
}

/** A text this short is read as fast as it is drawn. */
const fewCharacters = 8;

/**
 * States and logits lie in the process's own memory, so that any provider goes on where another one was. Where one fails in the
 * middle of work, the processor does that work again and all that comes after.
 * @param processor works whatever becomes of the others
 * @param lost told once of each provider that failed
 */
export function createWorkSession(
  processor: ModelSession,
  lost: (provider: string, error: unknown) => void,
): WorkSession {
  const assigned = new Map<WorkKind, ModelSession>();
  const used = new Set<ModelSession>([processor]);
  const sessionFor = (kind: WorkKind): ModelSession => assigned.get(kind) ?? processor;

  function lose(session: ModelSession, error: unknown): void {
    const kinds = workKinds.filter((kind) => assigned.get(kind) === session);
    for (const kind of kinds) assigned.delete(kind);
    // A run that began before the loss is told of no more.
    if (kinds.length > 0) lost(session.provider, error);
  }

  async function on(kind: WorkKind, work: (session: ModelSession) => Promise<StepOutput>): Promise<StepOutput> {
    const session = sessionFor(kind);
    if (session === processor) return work(processor);
    try {
      return requireFinite(await work(session), session.vocabulary.size);
    } catch (error) {
      lose(session, error);
      return work(processor);
    }
  }

  return {
    processor: processor.provider,
    session: {
      ...processor,
      get columns() {
        return sessionFor('scoring').columns;
      },
      run: (ids, batch, state) => on(kindOf(ids, batch), (session) => session.run(ids, batch, state)),
      step: (ids, state) => on('completing', (session) => session.step(ids, state)),
      async release() {
        await Promise.all([...used].map((session) => session.release()));
      },
    },
    assign(kind, session) {
      used.add(session);
      assigned.set(kind, session);
    },
    providers: () =>
      Object.fromEntries(workKinds.map((kind) => [kind, sessionFor(kind).provider])) as Record<WorkKind, string>,
  };
}

function kindOf(ids: Int32Array, batch: number): WorkKind {
  if (batch > 1) return 'scoring';
  return ids.length > fewCharacters ? 'reading' : 'completing';
}

/** A device that is lost may give back anything. @throws Error where the last logits are no numbers */
function requireFinite(output: StepOutput, vocabulary: number): StepOutput {
  if (!allFinite(output.logits.subarray(-vocabulary))) throw new Error('What it computes is not finite any more.');
  return output;
}
