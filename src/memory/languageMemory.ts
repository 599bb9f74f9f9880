import { logSumExp } from '../core/metrics';
import { otherToken, type Vocabulary } from '../core/vocabulary';
import type { DocumentMemory } from './documentMemory';
import {
  addCounts,
  clearCounts,
  collectMatches,
  createMatchCounts,
  finishCounts,
  type MatchCounts,
} from './matchCounts';
import { createMemoryExpert, type MemoryExpert } from './memoryExpert';
import { documentContext, trustOf, type memoryExperts, type MemoryWeights } from './memoryWeights';
import { createMixture } from './mixture';
import { longestMatch } from './textChains';
import type { WorkspaceMemory } from './workspaceMemory';

/** A match in the document itself counts as much as so many elsewhere. */
const documentWeight = 16;

/** Answers what comes next from what the workspace and a document hold. Nothing is learned by asking. */
export interface LanguageMemory {
  /**
   * ln of the probabilities of the token after a context, `[vocabulary]`, markers left out; overwritten by the next call.
   * @param context its last tokens count, {@link longestMatch} of them
   * @param end number of tokens of the context
   * @param document the text that the context ends in, its gap there; undefined: the workspace alone
   * @param path of the document: its saved copy in the workspace is not looked at
   */
  predict(context: Int32Array, end: number, document: DocumentMemory | undefined, path: string): Float32Array;
  /**
   * ln of the mixture with a network, up to a constant, after {@link predict}: the weighted sum of what the network and three
   * readings of the memory expect, in logarithms (`mixedModels`), with exponents as fitted for how much the memory knows
   * here. `[vocabulary]`, markers without a meaning; overwritten by the next call.
   * @param logits of the network, `[vocabulary]` from `offset` on
   */
  mix(logits: Float32Array, offset: number): Float32Array;
  /** Makes the weights that were given fit better to the token that came, after {@link mix}; for fitting only. */
  learn(token: number): void;
}

/** @param workspace undefined where nothing but the documents is known */
export function createLanguageMemory(
  vocabulary: Vocabulary,
  workspace: WorkspaceMemory | undefined,
  weights: MemoryWeights,
): LanguageMemory {
  const { size } = vocabulary;
  const [allCounts, documentCounts] = [createMatchCounts(size), createMatchCounts(size)];
  const expert = (name: (typeof memoryExperts)[number], counts: MatchCounts): MemoryExpert =>
    createMemoryExpert(counts, trustOf(weights, name), size);
  const all = expert('all', allCounts);
  const conditional = expert('conditional', allCounts);
  const ofDocument = expert('document', documentCounts);
  const frequencies = Float32Array.from(workspace?.frequencies ?? uniform(size), Math.log);
  const network = new Float32Array(size);
  const mixture = createMixture(weights.exponents, size);
  let memory: Float32Array = network;

  function count(context: Int32Array, end: number, document: DocumentMemory | undefined, path: string): void {
    clearCounts(allCounts);
    clearCounts(documentCounts);
    if (workspace !== undefined) {
      const saved = workspace.ranges.get(path);
      collectMatches(allCounts, workspace.chains, context, end, 1, saved?.from, saved?.to);
    }
    if (document !== undefined) {
      collectMatches(documentCounts, document.before, context, end, 1);
      collectMatches(documentCounts, document.after, context, end, 1);
      addCounts(allCounts, documentCounts, documentWeight);
    }
    finishCounts(allCounts);
    finishCounts(documentCounts);
  }

  return {
    predict(context, end, document, path) {
      count(context, end, document, path);
      memory = all.predict(frequencies);
      return memory;
    },
    mix(logits, offset) {
      const total = logSumExp(logits, offset, size);
      for (let token = 0; token < size; token++) network[token] = logits[offset + token]! - total;
      const models = [network, memory, conditional.predict(network), ofDocument.predict(frequencies)];
      const longest = documentCounts.totals.findLastIndex((sum) => sum > 0);
      return mixture.mix(models, [all.context(), documentContext(longest)]);
    },
    learn(token) {
      mixture.learn(token);
      for (const each of [all, conditional, ofDocument]) each.learn(token);
    },
  };
}

function uniform(vocabularySize: number): Float64Array {
  return new Float64Array(vocabularySize).fill(1 / (vocabularySize - otherToken), otherToken);
}

/** The last tokens before a document's gap, with room for `more`: the context of what is drawn there. */
export function contextAtGap({ before }: DocumentMemory, more: number): { tokens: Int32Array; end: number } {
  const end = Math.min(longestMatch, before.length);
  const tokens = new Int32Array(end + more);
  tokens.set(before.tokens.subarray(before.length - end, before.length));
  return { tokens, end };
}
