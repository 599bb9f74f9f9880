import { confidentPart, mayCompleteAt, withoutRepeated } from '../core/completionRules';
import { defaultCompletions } from '../core/configuration';
import { lineEnd, lineStart } from '../core/textOffsets';
import { drawLine, type Mixing } from '../inference/decoding';
import type { ModelSession } from '../inference/session';
import { contextAtGap, type LanguageMemory } from '../memory/languageMemory';
import type { Completion, CompletionAnswer, CompletionRequest } from '../protocol/engine';
import { prefixStatesOf, textMemoryOf, type EngineDocument } from './engineDocuments';

type Reason = Extract<CompletionAnswer, { kind: 'none' }>['reason'];

export const none = (reason: Reason): CompletionAnswer => ({ kind: 'none', reason });

/**
 * The rest of the cursor's line as the model expects it, cut to what is confident enough and is not there already.
 * @param isStale whether a newer request or edit came meanwhile
 * @param memory what is mixed into every character's distribution; undefined: the network alone
 */
export async function completeLine(
  session: ModelSession,
  document: EngineDocument,
  request: CompletionRequest,
  isStale: () => boolean,
  memory?: LanguageMemory,
): Promise<CompletionAnswer> {
  const startMs = performance.now();
  const { maxCharacters, minimumConfidence = defaultCompletions.minimumConfidence, exact = false } = request;
  const { text } = document;
  const offset = Math.min(request.offset, text.length);
  const before = text.slice(lineStart(text, offset), offset);
  const after = text.slice(offset, lineEnd(text, offset));
  if (!mayCompleteAt(before, after)) return none('nothing to offer');
  const position = await prefixStatesOf(document, session).positionAt(text, offset, isStale, exact);
  const mix = memory && position && (await mixingAt(session, document, memory, offset, maxCharacters));
  const line = position && (await drawLine(session, position, maxCharacters, isStale, mix));
  if (line === undefined || isStale()) return none('stale');
  const offer = (minimum: number): Completion | undefined => {
    const part = confidentPart(line.characters, line.probabilities, line.ends, minimum);
    // Blanks at the end say nothing, and whoever accepted them would leave them in the line.
    const offered = withoutRepeated(part.text, after).trimEnd();
    if (offered === '') return undefined;
    return { text: offered, confidence: part.confidence, milliseconds: performance.now() - startMs };
  };
  const completion = offer(minimumConfidence);
  if (completion !== undefined) return { kind: 'completion', completion };
  const unsure = offer(0);
  return unsure === undefined ? none('nothing to offer') : { kind: 'unsure', completion: unsure };
}

/** Asks the memory at the cursor and after every drawn character. Nothing is inserted meanwhile. */
async function mixingAt(
  session: ModelSession,
  document: EngineDocument,
  memory: LanguageMemory,
  offset: number,
  maxCharacters: number,
): Promise<Mixing> {
  const { path, text } = document;
  const own = await textMemoryOf(document, session).at(text, offset);
  const { tokens, end } = contextAtGap(own, maxCharacters);
  return (logits, drawn) => {
    if (drawn.length > 0) tokens[end + drawn.length - 1] = drawn.at(-1)!;
    memory.predict(tokens, end + drawn.length, own, path);
    return memory.mix(logits, 0);
  };
}
