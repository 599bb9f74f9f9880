import { logSumExp } from '../core/metrics';
import type { Random } from '../core/random';
import {
  endOfHeader,
  firstCodePointToken,
  otherToken,
  startOfFile,
  encode,
  tokenOf,
  tokenText,
} from '../core/vocabulary';
import type { Vocabulary } from '../core/vocabulary';
import type { GeneratedText, GenerateRequest } from '../protocol/engine';
import { createPacer, readPrefix, type Position } from './readPrefix';
import { normalState, zeroState, type ModelSession, type State } from './session';

/** The rest of a line as the model would write it. */
export interface DrawnLine {
  /** One code point each. */
  readonly characters: readonly string[];
  /** Of each character given all before it. */
  readonly probabilities: readonly number[];
  /** Probability of the line end after them; undefined where the line was broken off before it. */
  readonly ends: number | undefined;
  /** The state behind its last character, where it ends: to draw the next line from. */
  readonly state?: State;
}

/**
 * What another model makes of the network's logits at a place.
 * @param logits `[vocabulary]`
 * @param drawn the tokens between the start of the drawing and this place
 * @returns logits of the whole, `[vocabulary]`; may be overwritten by the next call
 */
export type Mixing = (logits: Float32Array, drawn: readonly number[]) => Float32Array;

/**
 * Greedy decoding to the end of the line: always the most probable character. Stops too where a code point outside the
 * vocabulary is the most probable one, at `maxCharacters`, and where the line's probability falls below `least`. Markers are
 * no characters and are masked.
 * @returns undefined where it became stale
 */
export async function drawLine(
  session: ModelSession,
  start: Position,
  maxCharacters: number,
  isStale: () => boolean,
  mix: Mixing = (logits) => logits,
  least = 0,
): Promise<DrawnLine | undefined> {
  const { vocabulary } = session;
  const lineEnds = new Set([tokenOf(vocabulary, 0x0a), tokenOf(vocabulary, 0x0d)]);
  const characters: string[] = [];
  const probabilities: number[] = [];
  const drawn: number[] = [];
  let { state, logits } = start;
  let product = 1;
  const pace = createPacer();
  for (;;) {
    const mixed = mix(logits, drawn);
    const token = largest(mixed, otherToken);
    const probability = Math.exp(mixed[token]! - logSumExp(mixed, 0, vocabulary.size));
    product *= probability;
    if (token === otherToken || product < least) return { characters, probabilities, ends: undefined };
    if (lineEnds.has(token)) return { characters, probabilities, ends: probability, state };
    if (characters.length === maxCharacters) return { characters, probabilities, ends: undefined };
    characters.push(tokenText(vocabulary, token));
    drawn.push(token);
    probabilities.push(probability);
    await pace();
    if (isStale()) return undefined;
    ({ logits, state } = await session.step(Int32Array.of(token), state));
  }
}

/** The token with the largest logit, the first one where several have it. */
function largest(logits: Float32Array, firstToken: number): number {
  let best = firstToken;
  for (let token = firstToken + 1; token < logits.length; token++) if (logits[token]! > logits[best]!) best = token;
  return best;
}

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
  const position = await readPrefix(session, warmUp, initial, () => false);
  let { state, logits } = position!;
  let text = '';
  let nats = 0;
  const pace = createPacer();
  for (let count = 0; count < length; count++) {
    const token = draw(logits, temperature, random);
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

/**
 * A token drawn from softmax(logits / temperature) over the code points of the vocabulary; the most probable one at
 * temperature 0.
 */
export function draw(logits: Float32Array, temperature: number, random: Random): number {
  const best = largest(logits, firstCodePointToken);
  if (temperature === 0) return best;
  const weights = Array.from(logits.subarray(firstCodePointToken), (logit) =>
    Math.exp((logit - logits[best]!) / temperature),
  );
  let left = random.uniform() * weights.reduce((sum, weight) => sum + weight, 0);
  const index = weights.findIndex((weight) => (left -= weight) < 0);
  // Rounding may leave a rest after the last one.
  return index < 0 ? best : index + firstCodePointToken;
}
