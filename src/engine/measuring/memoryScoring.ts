import type { SourceDocument } from '../../text/document';
import { qualityOf, surpriseNats } from '../../text/metrics';
import type { CharacterWatcher } from '../../inference/scoring';
import { scoreDocuments } from '../../inference/scoring';
import type { Pace } from '../../inference/readPrefix';
import type { ModelSession } from '../../inference/session';
import { contextAtGap, createLanguageMemory, type LanguageMemory } from '../../memory/languageMemory';
import { createDocumentMemory, typeToken } from '../../memory/documentMemory';
import { defaultWeights } from '../../memory/experts/defaultWeights';
import type { MemoryWeights } from '../../memory/memoryWeights';
import { exponentRate } from '../../memory/mixture';
import type { WorkspaceMemory } from '../../memory/workspaceMemory';
import type { FileQuality, MemoryEvaluation } from '../../protocol/engine';

/** Surprise of the memory alone and of both together, in nats, summed over a document. */
interface Sums {
  memory: number;
  both: number;
}

/**
 * How surprising documents are to the network, to the memory and to both, each document read from top to bottom as if it were
 * being typed: the memory knows the workspace and what stands above, and forgets the document at its end.
 * @param workspace without the documents
 * @param onFile told the figures of both
 */
export async function scoreWithMemory(
  session: ModelSession,
  documents: readonly SourceDocument[],
  workspace: WorkspaceMemory,
  weights: MemoryWeights,
  onFile: (file: FileQuality) => void,
): Promise<MemoryEvaluation> {
  const memory = createLanguageMemory(session.vocabulary, workspace, weights);
  const total: Sums = { memory: 0, both: 0 };
  const byPath = new Map<string, Sums>();
  const reportFile = ({ path, characters }: FileQuality): void => {
    const sums = byPath.get(path)!;
    total.memory += sums.memory;
    total.both += sums.both;
    onFile({ path, characters, model: 'both', ...qualityOf(sums.both / characters) });
  };
  const network = await scoreDocuments(session, documents, reportFile, ({ path }, header) => {
    const sums: Sums = { memory: 0, both: 0 };
    byPath.set(path, sums);
    return asTyped(session, memory, path, header, (predicted, logits, offset, token) => {
      sums.memory += surpriseNats(session.vocabulary, predicted, 0, token);
      sums.both += surpriseNats(session.vocabulary, memory.mix(logits, offset), 0, token);
    });
  });
  const { characters } = network;
  const totalOf = (nats: number) => ({ characters, ...qualityOf(nats / characters) });
  return { network, memory: totalOf(total.memory), both: totalOf(total.both) };
}

/** Fewer characters are read more than once: docs/experiments.md has what that gains. */
const enoughCharacters = 150_000;
const mostPasses = 3;
/** The memory learns from documents side by side: the same weights come of it whatever the network runs on. */
const fittedColumns = 8;

/**
 * Weights of the memory fitted to held-out documents, each read from top to bottom as if it were being typed. The documents
 * are read side by side, so that the result is the same every time.
 * @param workspace without the documents
 * @param pace asked before every piece of it
 */
export async function fitMemoryWeights(
  session: ModelSession,
  documents: readonly SourceDocument[],
  workspace: WorkspaceMemory,
  pace: Pace,
): Promise<MemoryWeights> {
  const weights = defaultWeights();
  const memory = createLanguageMemory(session.vocabulary, workspace, weights);
  const characters = documents.reduce((sum, { text }) => sum + text.length, 0);
  let read = 0;
  const passes = Math.min(mostPasses, Math.ceil(enoughCharacters / Math.max(1, characters)));
  for (let pass = 0; pass < passes; pass++) {
    await scoreDocuments(
      session,
      documents,
      () => undefined,
      ({ path }, header) =>
        asTyped(session, memory, path, header, (_, logits, offset, token) => {
          memory.mix(logits, offset);
          memory.learn(token, exponentRate(read++ / (passes * characters)));
        }),
      pace,
      fittedColumns,
    );
  }
  return weights;
}

/** Asks the memory before each character of a document, and then writes the character into it. */
export function asTyped(
  { vocabulary }: ModelSession,
  memory: LanguageMemory,
  path: string,
  header: Int32Array,
  onCharacter: (predicted: Float32Array, ...character: Parameters<CharacterWatcher>) => void,
): CharacterWatcher {
  const document = createDocumentMemory(vocabulary.size, header);
  return (logits, offset, token) => {
    const { tokens, end } = contextAtGap(document, 0);
    onCharacter(memory.predict(tokens, end, document, path), logits, offset, token);
    typeToken(document, token);
  };
}
