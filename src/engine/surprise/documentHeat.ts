import { secretMark } from '../../core/secretMark';
import type { PrefixStates } from '../../inference/prefixStates';
import type { Pace } from '../../inference/readPrefix';
import type { ModelSession } from '../../inference/session';
import type { HeatAnswer, HeatRequest } from '../../protocol/engine';
import { heatedWords, type HeatedWord } from '../../surprise/heatLevels';
import { scanWords, type Word } from '../../surprise/wordScanning';
import { languageOf } from '../../text/languages';
import { prefixStatesOf, type EngineDocument } from '../documents/engineDocuments';
import type { SecondReader } from './secondReader';
import { createSurpriseReading, type SurpriseReading } from './surpriseReading';

interface Heat {
  readonly reading: SurpriseReading;
  scanned: { readonly text: string; readonly words: readonly Word[] } | undefined;
}

/** What was read of a document goes with its hidden states. */
const heats = new WeakMap<PrefixStates, Heat>();

/**
 * The surprising words of an open document, or of the part that is asked for, to the network alone.
 * @param pace rejected where the document has changed or nobody wants the answer any more
 * @param startSecond of a reader that helps with a long text
 */
export async function documentHeat(
  session: ModelSession,
  document: EngineDocument,
  { part }: HeatRequest,
  pace: Pace,
  startSecond?: () => SecondReader,
): Promise<HeatAnswer> {
  const heat = heatOf(session, document);
  const { text } = document;
  const read =
    part === undefined
      ? await heat.reading.whole(text, pace, startSecond)
      : await heat.reading.near(text, part.from, part.to, pace);
  const words = heatedWords(text, wordsOf(heat, document), read.surprise, read.start);
  return { kind: 'heat', from: part?.from ?? 0, to: read.end, words: words.filter(isShown) };

  function isShown({ start, end }: HeatedWord): boolean {
    return end > (part?.from ?? 0) && !text.slice(start, end).includes(secretMark);
  }
}

function heatOf(session: ModelSession, document: EngineDocument): Heat {
  const states = prefixStatesOf(document, session);
  const known = heats.get(states);
  if (known !== undefined) return known;
  const heat = { reading: createSurpriseReading(session, document.path), scanned: undefined };
  heats.set(states, heat);
  return heat;
}

function wordsOf(heat: Heat, { path, text }: EngineDocument): readonly Word[] {
  if (heat.scanned?.text !== text) heat.scanned = { text, words: scanWords(text, languageOf(path)) };
  return heat.scanned.words;
}
