import { firstCodePointToken } from '../text/vocabulary';
import type { ProviderTimes } from '../protocol/providers';
import { zeroState, type ModelSession, type State } from './session';

const uncountedRuns = 2;
/** No measurement goes on for longer once it has a figure. */
const enoughMs = 1_000;
const completionCharacters = 64;
const prefixCharacters = 1_024;
/** Documents side by side, and characters of each. */
const scored = { streams: 256, characters: 256 };
/** Of each stream in one run: the logits of more would not fit where the vocabulary is large. */
const scoredSteps = 16;

/**
 * Times what a model is used for: single steps, a completion of 64 characters drawn greedily, a prefix of 1,024 read at once,
 * and 256 texts of 256 characters side by side. What takes long is measured in part, and the rest of it reckoned.
 */
export async function measureTimes(session: ModelSession): Promise<ProviderTimes> {
  const prefix = new Int32Array(prefixCharacters).fill(anyToken(session));
  const columns = new Int32Array(scored.streams * scoredSteps).fill(anyToken(session));
  return {
    stepMs: await medianMs(40, singleSteps(session)),
    completionMs: completionCharacters * (await medianMs(3 * completionCharacters, drawing(session))),
    prefixMs: await medianMs(3, () => session.run(prefix, 1, zeroState(session.model))),
    scoringMs:
      (scored.characters / scoredSteps) *
      (await medianMs(8, () => session.run(columns, scored.streams, zeroState(session.model, scored.streams)))),
  };
}

function anyToken({ vocabulary }: ModelSession): number {
  return Math.min(firstCodePointToken, vocabulary.size - 1);
}

function singleSteps(session: ModelSession): () => Promise<void> {
  const token = Int32Array.of(anyToken(session));
  let state: State = zeroState(session.model);
  return async () => {
    ({ state } = await session.step(token, state));
  };
}

/** Each step draws the character that the one before found most likely. */
function drawing(session: ModelSession): () => Promise<void> {
  let token = anyToken(session);
  let state: State = zeroState(session.model);
  return async () => {
    const output = await session.step(Int32Array.of(token), state);
    state = output.state;
    token = output.logits.reduce((best, logit, index, logits) => (logit > logits[best]! ? index : best), 0);
  };
}

/** The first runs, which prepare kernels, are not counted. One that takes long is measured less often. */
async function medianMs(runs: number, run: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  const endMs = performance.now() + enoughMs;
  while (times.length < runs + uncountedRuns) {
    const startMs = performance.now();
    await run();
    times.push(performance.now() - startMs);
    if (times.length > uncountedRuns && performance.now() > endMs) break;
  }
  const counted = times.slice(uncountedRuns).sort((a, b) => a - b);
  return counted[counted.length >> 1]!;
}
