import { constants, createBrotliCompress } from 'node:zlib';
import type { EncodedDocument } from '../text/encodedDocument';
import { countCodePoints } from '../corpus/split';
import { qualityOf, type Quality } from '../text/metrics';
import type { Tokens } from '../text/tokens';
import { decode, type Vocabulary } from '../text/vocabulary';

/** What a general compressor makes of the held-out text. */
export interface CompressorBaseline extends Quality {
  readonly name: string;
}

/** Read before the held-out text at most, and of that: more would take more than a second of the training. */
const mostTraining = 4_000_000;
const mostValidation = 500_000;

/** Finds repetitions at this distance, as a power of two: more than all that it is given. */
const windowBits = 24;

/**
 * What Brotli needs for each character of the held-out text once it has read the training text (the first 4 MB of it): the
 * bytes that it puts out for it, flushed before and after. What the vocabulary does not know is one character to it.
 */
export async function compressorBaseline(
  vocabulary: Vocabulary,
  training: readonly Tokens[],
  validation: readonly EncodedDocument[],
): Promise<CompressorBaseline> {
  const texts = validation.map(({ tokens, headerLength }) => tokens.subarray(headerLength));
  const held = textOf(vocabulary, texts, mostValidation);
  const bytes = await compressedAfter(textOf(vocabulary, training, mostTraining), held);
  const characters = countCodePoints(held);
  return { name: 'Brotli', ...qualityOf((8 * bytes * Math.LN2) / Math.max(1, characters)) };
}

/** Whole pieces, until there are so many characters. */
function textOf(vocabulary: Vocabulary, pieces: readonly Tokens[], most: number): string {
  const texts: string[] = [];
  let left = most;
  for (const tokens of pieces) {
    if (left <= 0) break;
    texts.push(decode(vocabulary, tokens.subarray(0, left)));
    left -= tokens.length;
  }
  return texts.join('');
}

/** Bytes that a text takes after another. */
export async function compressedAfter(before: string, text: string): Promise<number> {
  const { BROTLI_PARAM_QUALITY, BROTLI_PARAM_LGWIN, BROTLI_OPERATION_FLUSH } = constants;
  const stream = createBrotliCompress({ params: { [BROTLI_PARAM_QUALITY]: 9, [BROTLI_PARAM_LGWIN]: windowBits } });
  let bytes = 0;
  stream.on('data', (part: Buffer) => (bytes += part.length));
  const flushed = (): Promise<void> => new Promise((resolve) => stream.flush(BROTLI_OPERATION_FLUSH, resolve));
  stream.write(before);
  await flushed();
  const withoutText = bytes;
  stream.write(text);
  await flushed();
  stream.destroy();
  return bytes - withoutText;
}
