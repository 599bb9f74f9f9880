import { otherToken, type Vocabulary } from '../text/vocabulary';
import { createCodeMatches } from './code/codeMatches';
import { coarsePlace, noCode } from './code/placeKind';
import type { DocumentMemory } from './documentMemory';
import { expertKinds, expertNames, type Evidence, type ExpertName } from './experts/expertTable';
import { createMemoryExpert, type MemoryExpert } from './experts/memoryExpert';
import { addCounts, clearCounts, collectMatches, createMatchCounts, finishCounts } from './matchCounts';
import { rowNames, rowOf, trustOf, type MemoryWeights, type RowName } from './memoryWeights';
import { createMixture } from './mixture';
import {
  baseAlone,
  baseOfProbabilities,
  createPredictionBase,
  logProbabilities,
  setSoftmax,
  type Prediction,
} from './prediction';
import { longestMatch } from './textChains';
import type { WorkspaceMemory } from './workspaceMemory';

/** A match in the document itself counts as much as so many elsewhere. */
const documentWeight = 16;

/** Answers what comes next from what the workspace and a document hold. Nothing is learned by asking. */
export interface LanguageMemory {
  /** Of the contexts that it is asked with, and of what it answers. */
  readonly vocabulary: Vocabulary;
  /**
   * ln of the probabilities of the token after a context, `[vocabulary]`, markers left out; overwritten by the next call.
   * @param context its last tokens count, {@link longestMatch} of them
   * @param end number of tokens of the context
   * @param document the text that the context ends in, its gap there; undefined: the workspace alone
   * @param path of the document: its saved copy in the workspace is not looked at
   * @param drawn so many of the context's last tokens stand behind the gap: they are drawn there
   */
  predict(
    context: Int32Array,
    end: number,
    document: DocumentMemory | undefined,
    path: string,
    drawn?: number,
  ): Float32Array;
  /**
   * ln of the mixture with a network, up to a constant, after {@link predict}: the weighted sum of what the network and the
   * readings of the memory expect, in logarithms (`mixedModels`), with exponents as fitted for how much the memory knows
   * here. `[vocabulary]`, markers without a meaning; overwritten by the next call.
   * @param logits of the network, `[vocabulary]` from `offset` on
   */
  mix(logits: Float32Array, offset: number): Float32Array;
  /**
   * Makes the weights that were given fit better to the token that came, after {@link mix}; for fitting only.
   * @param rate of the exponents: see `exponentRate`
   */
  learn(token: number, rate: number): void;
  /**
   * Reads what has changed in a document since it was asked about last, some of it: {@link predict} would do it all at once.
   * @returns whether all is read
   */
  read(document: DocumentMemory, path: string): boolean;
}

/** Names and signs of a document that are read at once: about a millisecond. */
const readAtOnce = 512;

/** @param workspace undefined where nothing but the documents is known */
export function createLanguageMemory(
  vocabulary: Vocabulary,
  workspace: WorkspaceMemory | undefined,
  weights: MemoryWeights,
): LanguageMemory {
  const { size } = vocabulary;
  const counts = {
    all: createMatchCounts(size),
    document: createMatchCounts(size),
    renamed: createMatchCounts(size),
    same: createMatchCounts(size),
    sparse: createMatchCounts(size),
  } satisfies Record<Evidence, unknown>;
  const expert = (name: ExpertName): MemoryExpert =>
    createMemoryExpert(counts[expertKinds[name].evidence], trustOf(weights, name), size);
  const experts = Object.fromEntries(expertNames.map((name) => [name, expert(name)])) as Record<
    ExpertName,
    MemoryExpert
  >;
  const code = createCodeMatches(vocabulary, workspace);
  const frequencies = baseOfProbabilities(workspace?.frequencies ?? uniform(size));
  const network = createPredictionBase(size);
  const mixture = createMixture(weights.exponents, size);
  const alone = new Float32Array(size);
  let all = baseAlone(frequencies);
  let place = noCode;

  function count(context: Int32Array, end: number, document: DocumentMemory | undefined, path: string): void {
    if (workspace !== undefined) {
      const saved = workspace.ranges.get(path);
      collectMatches(counts.all, workspace.chains, context, end, 1, saved?.from, saved?.to);
    }
    if (document !== undefined) {
      collectMatches(counts.document, document.before, context, end, 1);
      collectMatches(counts.document, document.after, context, end, 1);
      addCounts(counts.all, counts.document, documentWeight);
    }
  }

  const contexts: Record<RowName, () => number> = {
    all: () => experts.all.context(),
    document: () => counts.document.totals.findLastIndex((sum) => sum > 0) + 1,
    renamed: () => experts.renamed.context(),
    same: () => experts.same.context(),
    sparse: () => experts.sparse.context(),
    place: () => place,
  };

  function predictionOf(name: ExpertName): Prediction {
    if (name === 'all') return all;
    return experts[name].predict(expertKinds[name].base === 'network' ? network : frequencies, coarsePlace(place));
  }

  return {
    vocabulary,
    predict(context, end, document, path, drawn = 0) {
      for (const each of Object.values(counts)) clearCounts(each);
      count(context, end, document, path);
      place = document === undefined ? noCode : code.count(document, path, context.subarray(end - drawn, end), counts);
      for (const [evidence, each] of Object.entries(counts)) finishCounts(each, evidence !== 'sparse');
      all = experts.all.predict(frequencies);
      logProbabilities(all, alone);
      return alone;
    },
    mix(logits, offset) {
      // Where there is no network: what the matches of characters say.
      if (weights.isAlone === true) setSoftmax(network, alone, 0);
      else setSoftmax(network, logits, offset);
      return mixture.mix(
        [baseAlone(network), ...expertNames.map(predictionOf)],
        rowNames.map((row) => rowOf(row, contexts[row]())),
      );
    },
    learn(token, rate) {
      mixture.learn(token, rate);
      for (const name of expertNames) experts[name].learn(token);
    },
    read: (document, path) => code.read(document, path, readAtOnce),
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
