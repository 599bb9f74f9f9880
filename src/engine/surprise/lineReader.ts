import type { ModelSession, State } from '../../inference/session';
import { zeroState } from '../../inference/session';
import type { LanguageMemory } from '../../memory/languageMemory';
import { contextAtGap } from '../../memory/languageMemory';
import {
  createDocumentMemory,
  deleteToken,
  editDocument,
  moveGap,
  typeToken,
  type DocumentMemory,
} from '../../memory/documentMemory';
import { emptySurprise, noteSurprise, type CharacterSurprise } from '../../surprise/characterSurprise';
import type { SourceDocument } from '../../text/document';
import { encode, encodeHeader } from '../../text/vocabulary';
import type { Pace } from '../../inference/readPrefix';

/**
 * Reads the lines of a text in any order, each as if it were the last one to be written: the memory knows what stands above it
 * and below it, the network what stands above.
 */
export interface LineReader {
  /** Number of lines. */
  readonly lines: number;
  /**
   * How surprising the characters of a line are, its line end included.
   * @param instead of the line: what would stand there, with its line end
   */
  read(line: number, instead?: string): Promise<CharacterSurprise>;
}

/** A model of text that reads lines. */
export interface LineModel {
  readonly session: ModelSession;
  /** Of the workspace without this file, in the session's vocabulary; undefined: the network alone. */
  readonly memory: LanguageMemory | undefined;
}

/** The network before a line. */
interface Before {
  readonly state: State;
  /** Of the first character of the line, `[vocabulary]`. */
  readonly logits: Float32Array;
}

/** Characters that the network reads at once. */
const chunkCharacters = 256;

export async function createLineReader(
  { session, memory }: LineModel,
  { path, text }: SourceDocument,
  pace: Pace,
): Promise<LineReader> {
  const { vocabulary } = session;
  const header = encodeHeader(vocabulary, path);
  const lines = linesOf(text).map((line) => encode(vocabulary, line));
  const starts = startsOf(lines, header.length);
  const whole = new Int32Array(starts.at(-1)!);
  whole.set(header);
  for (const [index, tokens] of lines.entries()) whole.set(tokens, starts[index]);
  const document = memory && createDocumentMemory(vocabulary.size, whole);
  const positions: Before[] = [(await run(header, zeroState(session.model))).after];

  async function run(tokens: Int32Array, state: State): Promise<{ logits: Float32Array[]; after: Before }> {
    const logits: Float32Array[] = [];
    let before = state;
    for (let from = 0; from < tokens.length; from += chunkCharacters) {
      await pace();
      const output = await session.run(tokens.subarray(from, from + chunkCharacters), 1, before);
      before = output.state;
      logits.push(output.logits);
    }
    const after = { state: before, logits: logits.at(-1)!.slice(-vocabulary.size) };
    return { logits, after };
  }

  async function positionBefore(line: number): Promise<Before> {
    while (positions.length <= line) {
      const last = positions.length - 1;
      positions.push((await run(lines[last]!, positions[last]!.state)).after);
    }
    return positions[line]!;
  }

  return {
    lines: lines.length,
    async read(line, instead) {
      const before = await positionBefore(line);
      const own = lines[line]!;
      const tokens = instead === undefined ? own : encode(vocabulary, instead);
      const surprise = emptySurprise(tokens.length);
      if (tokens.length === 0) return surprise;
      const { logits, after } = await run(tokens, before.state);
      if (instead === undefined) positions[line + 1] ??= after;
      await pace();
      if (document !== undefined) takeOut(document, starts[line]!, own.length);
      for (const [at, token] of tokens.entries()) {
        const [row, offset] = rowOf(before, logits, at, vocabulary.size);
        if (memory === undefined || document === undefined) noteSurprise(surprise, at, vocabulary, row, offset, token);
        else noteSurprise(surprise, at, vocabulary, mixed(memory, document, path, row, offset), 0, token);
        if (document !== undefined) typeToken(document, token);
      }
      if (document !== undefined && instead !== undefined) editDocument(document, starts[line]!, tokens.length, own);
      return surprise;
    },
  };
}

function mixed(
  memory: LanguageMemory,
  document: DocumentMemory,
  path: string,
  logits: Float32Array,
  offset: number,
): Float32Array {
  const { tokens, end } = contextAtGap(document, 0);
  memory.predict(tokens, end, document, path);
  return memory.mix(logits, offset);
}

/** Leaves the gap where a line stood. */
function takeOut(document: DocumentMemory, start: number, length: number): void {
  moveGap(document, start);
  for (let count = 0; count < length; count++) deleteToken(document);
}

/** The logits of a character of a line, which the character before it leaves. */
function rowOf(before: Before, chunks: readonly Float32Array[], at: number, size: number): [Float32Array, number] {
  if (at === 0) return [before.logits, 0];
  const index = at - 1;
  return [chunks[Math.floor(index / chunkCharacters)]!, (index % chunkCharacters) * size];
}

/** With their line ends; the last one may be empty. */
export function linesOf(text: string): string[] {
  return text.split(/(?<=\n)/);
}

function startsOf(lines: readonly Int32Array[], first: number): number[] {
  const starts = [first];
  for (const tokens of lines) starts.push(starts.at(-1)! + tokens.length);
  return starts;
}
