import { logSumExp } from '../text/metrics';
import type { Random } from '../core/random';
import { drawToken } from '../text/tokenDrawing';
import { endOfHeader, startOfFile, encode, tokenText } from '../text/vocabulary';
import type { Vocabulary } from '../text/vocabulary';
import type { GeneratedText, GenerateRequest } from '../protocol/engine';
import { createPacer, readPrefix } from './readPrefix';
import { normalState, zeroState, type ModelSession } from './session';

/**
 * Text after a prefix, character by character. From the zero state the prefix begins a file without a name; from a random
 * one it stands anywhere. Only code points of the vocabulary are drawn.
 */
export async function generateText(
  session: ModelSession,
  request: GenerateRequest,
  random: Random,
): Promise<GeneratedText> {
  const startMs = performance.now();
  const { vocabulary } = session;
  const { length, temperature } = request;
  const warmUp = warmUpTokens(vocabulary, request);
  const initial = request.initialState === 'zeros' ? zeroState(session.model) : normalState(session.model, random);
  const position = await readPrefix(session, warmUp, initial, undefined);
  let { state, logits } = position!;
  let text = '';
  let nats = 0;
  const pace = createPacer();
  for (let count = 0; count < length; count++) {
    const token = drawToken(logits, temperature, random);
    nats += logSumExp(logits, 0, vocabulary.size) - logits[token]!;
    text += tokenText(vocabulary, token);
    await pace();
    ({ logits, state } = await session.run(Int32Array.of(token), 1, state));
  }
  const confidence = length === 0 ? 1 : Math.exp(-nats / length);
  return { text, confidence, milliseconds: performance.now() - startMs };
}

function warmUpTokens(vocabulary: Vocabulary, { prefix, initialState }: GenerateRequest): Int32Array {
  const tokens = encode(vocabulary, prefix);
  if (initialState === 'zeros') return Int32Array.of(startOfFile, endOfHeader, ...tokens);
  return tokens.length > 0 ? tokens : encode(vocabulary, '\n');
}
