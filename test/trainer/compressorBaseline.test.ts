import { brotliCompressSync, constants } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../src/core/random';
import { compressedAfter, compressorBaseline } from '../../src/trainer/compressorBaseline';
import { buildVocabulary, encodeDocument } from '../../src/text/vocabulary';

const random = createRandom(1);
const noise = Array.from({ length: 20_000 }, () => String.fromCharCode(97 + random.integer(26))).join('');

describe('what a compressor needs for a text after another', () => {
  it('is next to nothing for a text that it has read', async () => {
    expect(await compressedAfter(noise, noise)).toBeLessThan(50);
  });

  it('is what it needs alone, where it has read nothing', async () => {
    const { BROTLI_PARAM_QUALITY, BROTLI_PARAM_LGWIN } = constants;
    const params = { [BROTLI_PARAM_QUALITY]: 9, [BROTLI_PARAM_LGWIN]: 24 };
    const alone = brotliCompressSync(noise, { params }).length;
    expect(Math.abs((await compressedAfter('', noise)) - alone)).toBeLessThan(0.02 * alone);
  });

  it('is the entropy of letters that nothing tells, as a perplexity', async () => {
    const vocabulary = buildVocabulary([noise], 100);
    const document = { tokens: encodeDocument(vocabulary, 'a', noise), headerLength: 3 };
    const { name, perplexity } = await compressorBaseline(vocabulary, [], [document]);
    expect(name).toBe('Brotli');
    expect(perplexity).toBeGreaterThan(26 * 0.98);
    expect(perplexity).toBeLessThan(26 * 1.15);
  });
});
