import type { TextRange } from '../../text/textStore';
import characterPairs from './characterPairs.json';

const digits = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';
const { symbols, quarterBits } = characterPairs;

/** Of a code unit, its row and column; digits share one. */
const symbolOf = new Int8Array(128).fill(-1);
for (let index = 0; index < symbols.length; index++) symbolOf[symbols.charCodeAt(index)] = index;
for (let digit = 0; digit < 10; digit++) symbolOf[0x30 + digit] = symbolOf[0x30]!;
/** Row of what stands at the start of a token. */
const start = symbols.length;

/** Surprise in bits of each character after each other one, in words and names of code: [before, character]. */
const surprise = Float32Array.from(quarterBits.join(''), (digit) => digits.indexOf(digit) / 4);

/**
 * How much likelier a token is as one drawn at random than as words or names put together, in bits: its surprise under pairs
 * of characters counted in code (`npm run bench -- secrets --pairs` counts them), less what any token of its
 * alphabet and length has. Positive for keys, hashes and identifiers made by programs, negative for what people write.
 * @param token letters, digits and `_-/+=` only
 */
export function randomnessBits(token: string): number {
  // Constants are words in capitals.
  const folded = /[a-z]/.test(token) ? token : token.toLowerCase();
  let bits = 0;
  let row = start;
  for (let index = 0; index < folded.length; index++) {
    const column = symbolOf[folded.charCodeAt(index)] ?? -1;
    if (column < 0) return -Infinity;
    bits += surprise[row * symbols.length + column]!;
    row = column;
  }
  return bits - folded.length * Math.log2(alphabetSize(folded));
}

function alphabetSize(token: string): number {
  const separators = /[^A-Za-z0-9]/.test(token) ? 2 : 0;
  if (/^[0-9a-f_\-/+=]*$/.test(token) || /^[0-9A-F_\-/+=]*$/.test(token)) return 16 + separators;
  const has = (class_: RegExp, size: number): number => (class_.test(token) ? size : 0);
  return Math.max(2, has(/[a-z]/, 26) + has(/[A-Z]/, 26) + has(/[0-9]/, 10)) + separators;
}

/** Shorter tokens tell too little. */
const shortestRandom = 20;
/** One in a million tokens of words would reach this if they were drawn at random: names hardly ever do. */
const randomBits = 20;

/** Whether a long token has no words in it; numbers and alphabets are not random. */
export function looksRandom(token: string): boolean {
  if (token.length < shortestRandom || !/[A-Za-z]/.test(token) || isAlphabet(token)) return false;
  return randomnessBits(token) >= randomBits;
}

function isAlphabet(token: string): boolean {
  let steps = 0;
  for (let index = 1; index < token.length; index++) {
    if (Math.abs(token.charCodeAt(index) - token.charCodeAt(index - 1)) <= 1) steps++;
  }
  return steps > token.length / 2;
}

/** 1 for what a token is made of. */
const inToken = new Uint8Array(128);
for (const symbol of symbols.replace('=', '') + '123456789') inToken[symbol.charCodeAt(0)] = 1;

/** Where long random tokens stand in a text, with short parts between two of them. */
export function findRandomTokens(text: string): TextRange[] {
  const ranges: TextRange[] = [];
  // A token that is long enough lies over one of these places.
  for (let at = shortestRandom - 1; at < text.length; at += shortestRandom) {
    if (inToken[text.charCodeAt(at)] !== 1) continue;
    let [begin, end] = [at, at + 1];
    while (begin > 0 && inToken[text.charCodeAt(begin - 1)] === 1) begin--;
    while (end < text.length && inToken[text.charCodeAt(end)] === 1) end++;
    if (end - begin >= shortestRandom) addRandomParts(text.slice(begin, end), begin, ranges);
    at += Math.floor((end - 1 - at) / shortestRandom) * shortestRandom;
  }
  for (const [index, { start }] of ranges.entries()) {
    const before = ranges[index - 1]?.end ?? start;
    if (start - before < 16 && /^\.[\w.-]+\.$/.test(text.slice(before, start)))
      ranges[index] = { start: before, end: ranges[index]!.end };
  }
  return ranges;
}

function addRandomParts(token: string, at: number, ranges: TextRange[]): void {
  for (const part of partsOf(token)) {
    if (looksRandom(part.text)) ranges.push({ start: at + part.start, end: at + part.start + part.text.length });
  }
}

/** A token whole where no part of it is a word, as Base64 is; otherwise the names of a path. */
function partsOf(token: string): { readonly text: string; readonly start: number }[] {
  const parts = [...token.matchAll(/[^/]+/g)].map(({ 0: text, index }) => ({ text, start: index }));
  const isPath = parts.some(({ text }) => text.length > 2 && /^[a-z_-]+$|^[A-Z][a-z]+$/.test(text));
  return isPath ? parts : [{ text: token, start: 0 }];
}
