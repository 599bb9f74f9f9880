import type { ModelSession, State, StepOutput } from '../../src/inference/session';

type Outputs = Map<string, Promise<StepOutput>>;

/** A network that reads what texts have in common once: texts one after the other, in pieces that begin at the same places. */
export function remembering(session: ModelSession): ModelSession {
  const first: Outputs = new Map();
  const later = new WeakMap<State, Outputs>();
  const outputsFrom = (state: State): Outputs => {
    if (state.every((values) => values.every((value) => value === 0))) return first;
    const outputs = later.get(state) ?? new Map<string, Promise<StepOutput>>();
    later.set(state, outputs);
    return outputs;
  };
  return {
    ...session,
    columns: 1,
    run(ids, batch, state) {
      const outputs = outputsFrom(state);
      const name = ids.join();
      const output = outputs.get(name) ?? session.run(ids, batch, state);
      outputs.set(name, output);
      return output;
    },
  };
}
