import type { SourceDocument } from '../core/document';
import { qualityOf, surpriseNats } from '../core/metrics';
import { encodeDocument, endOfHeader, type Vocabulary } from '../core/vocabulary';
import type { EvaluationTotal, FileQuality } from '../protocol/engine';
import { giveWay } from './readPrefix';
import { zeroState, type ModelSession } from './session';

/** Documents that are read side by side: one pass over the weights serves all of them. */
const batch = 8;
/** Characters of each document in one run: short enough for others to get their turn. */
const chunkSteps = 64;

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
 * @returns over the characters of all documents; NaN where there are none
 */
export async function scoreDocuments(
  session: ModelSession,
  documents: readonly SourceDocument[],
  onFile: (file: FileQuality) => void,
  watchDocument?: (document: SourceDocument, header: Int32Array) => CharacterWatcher,
): Promise<EvaluationTotal> {
  const byLength = documents.filter(({ text }) => text !== '').sort((a, b) => a.text.length - b.text.length);
  let nats = 0;
  let characters = 0;
  for (let start = 0; start < byLength.length; start += batch) {
    const readings = byLength
      .slice(start, start + batch)
      .map((document) => open(session.vocabulary, document, watchDocument));
    await readSideBySide(session, readings);
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

/** Columns whose document has ended go on with a marker, uncounted. */
async function readSideBySide(session: ModelSession, readings: readonly Reading[]): Promise<void> {
  const width = readings.length;
  const longest = Math.max(...readings.map(({ tokens }) => tokens.length)) - 1;
  let state = zeroState(session.model, width);
  for (let start = 0; start < longest; start += chunkSteps) {
    const steps = Math.min(chunkSteps, longest - start);
    const ids = new Int32Array(steps * width).fill(endOfHeader); // [steps, width]
    readings.forEach(({ tokens }, column) => {
      const rows = Math.min(steps, tokens.length - start);
      for (let row = 0; row < rows; row++) ids[row * width + column] = tokens[start + row]!;
    });
    const output = await session.run(ids, width, state);
    state = output.state;
    readings.forEach((reading, column) =>
      count(session.vocabulary, reading, output.logits, start, steps, column, width),
    );
    await giveWay();
  }
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
