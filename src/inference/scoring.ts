import type { SourceDocument } from '../text/document';
import { qualityOf, surpriseNats } from '../text/metrics';
import { encodeDocument, endOfHeader, type Vocabulary } from '../text/vocabulary';
import type { EvaluationTotal, FileQuality } from '../protocol/engine';
import { unhurried, type Pace } from './readPrefix';
import { zeroState, type ModelSession } from './session';
import { columnsOf } from './stateColumns';

/** Characters of each document in one run: short enough for others to get their turn. */
const chunkSteps = 64;
/** Whoever watches them takes longer over each than the network. */
const watchedChunkSteps = 8;
/** Most logits of one run: 64 MB of them. */
const mostLogits = 16_000_000;

/**
 * Follows one document character by character.
 * @param logits of the network for this character, `[vocabulary]` from `offset` on
 * @param token what stands there
 */
export type CharacterWatcher = (logits: Float32Array, offset: number, token: number) => void;

/** A document on its way through the model. */
interface Reading {
  readonly path: string;
  /** Header and text. */
  readonly tokens: Int32Array;
  readonly headerLength: number;
  readonly watch: CharacterWatcher | undefined;
  nats: number;
}

/**
 * How surprising documents are: mean cross-entropy of the text of each, from the zero state, after its path header, which is
 * not counted.
 * @param onFile told each document with any text, in order of length
 * @param watchDocument asked for each document with any text before it is read; what it gives back is told every character of
 * the text in order. Several documents are read side by side.
 * @param pace asked before every run
 * @param columns documents read side by side, as many as suit what the session runs on: the figures are the same whatever it is
 * @returns over the characters of all documents; NaN where there are none
 */
export async function scoreDocuments(
  session: ModelSession,
  documents: readonly SourceDocument[],
  onFile: (file: FileQuality) => void,
  watchDocument?: (document: SourceDocument, header: Int32Array) => CharacterWatcher,
  pace = unhurried(),
  columns = session.columns,
): Promise<EvaluationTotal> {
  const byLength = documents.filter(({ text }) => text !== '').sort((a, b) => a.text.length - b.text.length);
  let nats = 0;
  let characters = 0;
  for (let start = 0; start < byLength.length; start += columns) {
    const readings = byLength
      .slice(start, start + columns)
      .map((document) => open(session.vocabulary, document, watchDocument));
    await readAll(session, readings, watchDocument === undefined ? chunkSteps : watchedChunkSteps, pace);
    for (const reading of readings) {
      const length = reading.tokens.length - reading.headerLength;
      onFile({ path: reading.path, characters: length, ...qualityOf(reading.nats / length) });
      nats += reading.nats;
      characters += length;
    }
  }
  return { characters, ...qualityOf(nats / characters) };
}

function open(
  vocabulary: Vocabulary,
  document: SourceDocument,
  watchDocument: ((document: SourceDocument, header: Int32Array) => CharacterWatcher) | undefined,
): Reading {
  const { path, text } = document;
  const tokens = encodeDocument(vocabulary, path, text);
  const headerLength = tokens.indexOf(endOfHeader) + 1;
  return { path, tokens, headerLength, watch: watchDocument?.(document, tokens.subarray(0, headerLength)), nats: 0 };
}

/**
 * Columns whose document has ended go on with a marker, uncounted; where they are half of all, the others are read without
 * them.
 */
async function readAll(session: ModelSession, readings: readonly Reading[], chunk: number, pace: Pace): Promise<void> {
  let reading = readings;
  let state = zeroState(session.model, reading.length);
  for (let start = 0; ;) {
    const going = reading.filter(({ tokens }) => tokens.length - 1 > start);
    if (going.length === 0) return;
    if (2 * going.length <= reading.length) {
      state = columnsOf(
        session.model,
        state,
        reading.length,
        going.map((kept) => reading.indexOf(kept)),
      );
      reading = going;
    }
    await pace();
    const steps = stepsOfRun(session, reading, start, chunk);
    const output = await session.run(idsOf(reading, start, steps), reading.length, state);
    state = output.state;
    reading.forEach((own, column) =>
      count(session.vocabulary, own, output.logits, start, steps, column, reading.length),
    );
    start += steps;
  }
}

function stepsOfRun({ vocabulary }: ModelSession, reading: readonly Reading[], start: number, chunk: number): number {
  const longest = Math.max(...reading.map(({ tokens }) => tokens.length)) - 1;
  const largest = Math.max(1, Math.floor(mostLogits / (reading.length * vocabulary.size)));
  return Math.min(chunk, largest, longest - start);
}

/** What stands next in each document, `[steps, columns]`. */
function idsOf(reading: readonly Reading[], start: number, steps: number): Int32Array {
  const width = reading.length;
  const ids = new Int32Array(steps * width).fill(endOfHeader);
  reading.forEach(({ tokens }, column) => {
    const rows = Math.min(steps, tokens.length - start);
    for (let row = 0; row < rows; row++) ids[row * width + column] = tokens[start + row]!;
  });
  return ids;
}

/** Adds the surprise of the characters that the logits `[steps, width, vocabulary]` of a chunk predict. */
function count(
  vocabulary: Vocabulary,
  reading: Reading,
  logits: Float32Array,
  start: number,
  steps: number,
  column: number,
  width: number,
): void {
  const { tokens, headerLength } = reading;
  const end = Math.min(start + steps, tokens.length - 1);
  for (let position = Math.max(start, headerLength - 1); position < end; position++) {
    const offset = ((position - start) * width + column) * vocabulary.size;
    reading.nats += surpriseNats(vocabulary, logits, offset, tokens[position + 1]!);
    reading.watch?.(logits, offset, tokens[position + 1]!);
  }
}
