import type { Pace } from '../../inference/readPrefix';
import { scoreDocuments, type CharacterWatcher } from '../../inference/scoring';
import type { ModelSession } from '../../inference/session';
import {
  createDocumentMemory,
  deleteToken,
  moveGap,
  typeToken,
  type DocumentMemory,
} from '../../memory/documentMemory';
import { contextAtGap, type LanguageMemory } from '../../memory/languageMemory';
import { emptySurprise, noteSurprise, type CharacterSurprise } from '../../surprise/characterSurprise';
import type { SourceDocument } from '../../text/document';
import { encode } from '../../text/vocabulary';

/** A model of text that reads lines. */
export interface LineModel {
  readonly session: ModelSession;
  /** Of the workspace without these documents, in the session's vocabulary; undefined: the network alone. */
  readonly memory: LanguageMemory | undefined;
}

/** A document, and those of its lines that are wanted. */
export interface WantedLines extends SourceDocument {
  /** Numbers from 0. */
  readonly lines: readonly number[];
}

/**
 * How surprising lines are, their line ends included, each read as if it were the last one to be written: the memory knows what
 * stands above it and below it, the network what stands above. The documents are read side by side.
 * @returns for each document its lines by number
 */
export async function surpriseOfLines(
  model: LineModel,
  documents: readonly WantedLines[],
  pace: Pace,
): Promise<ReadonlyMap<number, CharacterSurprise>[]> {
  const readings = documents.map((document) => createReading(model.session, document));
  // What stands below the last one is not read.
  const texts = new Map(readings.map((reading): [SourceDocument, Reading] => [beginningOf(reading), reading]));
  await scoreDocuments(
    model.session,
    [...texts.keys()],
    () => undefined,
    (document, header) => lineWatcher(model, texts.get(document)!, header),
    pace,
  );
  return readings.map(({ surprises }) => surprises);
}

interface Reading {
  readonly document: WantedLines;
  /** All lines, as tokens. */
  readonly lines: readonly Int32Array[];
  /** Of the wanted ones, by number. */
  readonly surprises: ReadonlyMap<number, CharacterSurprise>;
}

function createReading({ vocabulary }: ModelSession, document: WantedLines): Reading {
  const lines = linesOf(document.text).map((line) => encode(vocabulary, line));
  const surprises = new Map(document.lines.map((line) => [line, emptySurprise(lines[line]!.length)]));
  return { document, lines, surprises };
}

function beginningOf({ document: { path, text }, surprises }: Reading): SourceDocument {
  const end = Math.max(-1, ...surprises.keys()) + 1;
  return { path, text: linesOf(text).slice(0, end).join('') };
}

function lineWatcher(
  { session: { vocabulary }, memory }: LineModel,
  { document: { path }, lines, surprises }: Reading,
  header: Int32Array,
): CharacterWatcher {
  const document = memory && createDocumentMemory(vocabulary.size, joined([header, ...lines]));
  let [line, at, start] = [0, 0, header.length];
  return (logits, offset, token) => {
    const surprise = surprises.get(line);
    if (surprise !== undefined) {
      if (memory === undefined || document === undefined) {
        noteSurprise(surprise, at, vocabulary, logits, offset, token);
      } else {
        if (at === 0) takeOut(document, start, lines[line]!.length);
        const { tokens, end } = contextAtGap(document, 0);
        memory.predict(tokens, end, document, path);
        noteSurprise(surprise, at, vocabulary, memory.mix(logits, offset), 0, token);
        typeToken(document, token);
      }
    }
    if (++at < lines[line]!.length) return;
    start += at;
    [line, at] = [line + 1, 0];
  };
}

function joined(parts: readonly Int32Array[]): Int32Array {
  const whole = new Int32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let end = 0;
  for (const part of parts) {
    whole.set(part, end);
    end += part.length;
  }
  return whole;
}

/** Leaves the gap where a line stood. */
function takeOut(document: DocumentMemory, start: number, length: number): void {
  moveGap(document, start);
  for (let count = 0; count < length; count++) deleteToken(document);
}

/** With their line ends. */
export function linesOf(text: string): string[] {
  return text.split(/(?<=\n)/);
}
