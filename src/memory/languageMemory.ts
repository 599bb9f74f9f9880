import { logSumExp } from '../core/metrics';
import { otherToken, type Vocabulary } from '../core/vocabulary';
import type { DocumentMemory } from './documentMemory';
import { clearCounts, collectMatches, createMatchCounts, finishCounts } from './matchCounts';
import { blendLevels, createMemoryDistribution, logProbabilities } from './memoryDistribution';
import type { MemoryWeights } from './memoryWeights';
import { longestMatch } from './textChains';
import { createTrustFitting } from './trustFitting';
import type { WorkspaceMemory } from './workspaceMemory';

/** A match in the document itself counts as much as so many elsewhere. */
const documentWeight = 8;

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
   * ln of the mixture with a network, up to a constant, after {@link predict}: a · logits + b · ln p, a and b as fitted for
   * how much the memory knows here. `[vocabulary]`, markers as the network has them; overwritten by the next call.
   * @param logits of the network, `[vocabulary]` from `offset` on
   */
  mix(logits: Float32Array, offset: number): Float32Array;
  /** Makes the weights that were given fit better to the token that came, after {@link mix}; for fitting only. */
  learn(token: number, logits: Float32Array, offset: number): void;
}

const exponentRate = 0.002;

/** @param workspace undefined where nothing but the documents is known */
export function createLanguageMemory(
  vocabulary: Vocabulary,
  workspace: WorkspaceMemory | undefined,
  weights: MemoryWeights,
): LanguageMemory {
  const counts = createMatchCounts(vocabulary.size);
  const distribution = createMemoryDistribution(vocabulary.size);
  const frequencies = workspace?.frequencies ?? uniform(vocabulary.size);
  const memory = new Float32Array(vocabulary.size);
  const mixed = new Float32Array(vocabulary.size);
  const fitTrust = createTrustFitting(weights.trust);

  function learnExponents(token: number, logits: Float32Array, offset: number): void {
    const total = logSumExp(mixed, 0, mixed.length);
    let [network, remembered] = [logits[offset + token]!, memory[token]!];
    for (let other = otherToken; other < mixed.length; other++) {
      const probability = Math.exp(mixed[other]! - total);
      network -= probability * logits[offset + other]!;
      remembered -= probability * memory[other]!;
    }
    weights.exponents[2 * distribution.context]! += exponentRate * network;
    weights.exponents[2 * distribution.context + 1]! += exponentRate * remembered;
  }

  return {
    predict(context, end, document, path) {
      clearCounts(counts);
      if (document !== undefined) {
        collectMatches(counts, document.before, context, end, documentWeight);
        collectMatches(counts, document.after, context, end, documentWeight);
      }
      if (workspace !== undefined) {
        const saved = workspace.ranges.get(path);
        collectMatches(counts, workspace.chains, context, end, 1, saved?.from, saved?.to);
      }
      finishCounts(counts);
      blendLevels(distribution, counts, frequencies, weights.trust);
      logProbabilities(distribution, frequencies, memory);
      return memory;
    },
    mix(logits, offset) {
      const a = weights.exponents[2 * distribution.context]!;
      const b = weights.exponents[2 * distribution.context + 1]!;
      for (let token = 0; token < mixed.length; token++)
        mixed[token] = a * logits[offset + token]! + b * memory[token]!;
      return mixed;
    },
    learn(token, logits, offset) {
      learnExponents(token, logits, offset);
      fitTrust(token, distribution, counts, frequencies);
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
