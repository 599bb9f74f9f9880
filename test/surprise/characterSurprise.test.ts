import fc from 'fast-check';
import { expect, it } from 'vitest';
import { expectationOf } from '../../src/surprise/characterSurprise';
import { surpriseNats } from '../../src/text/metrics';
import { createVocabulary, otherToken, outsideCount } from '../../src/text/vocabulary';

const vocabulary = createVocabulary([0x61, 0x62, 0x63, 0x1f600]);

it('expects the mean of what each code point would surprise it by', () => {
  const logit = fc.double({ min: -30, max: 30, noNaN: true });
  fc.assert(
    fc.property(fc.array(logit, { minLength: vocabulary.size, maxLength: vocabulary.size }), (values) => {
      const logits = Float32Array.from(values);
      let mean = 0;
      let least = Infinity;
      for (let token = otherToken; token < vocabulary.size; token++) {
        const nats = surpriseNats(vocabulary, logits, 0, token);
        const shared = token === otherToken ? outsideCount(vocabulary) : 1;
        mean += shared * Math.exp(-nats) * nats;
        if (token !== otherToken) least = Math.min(least, nats);
      }
      const expected = expectationOf(vocabulary, logits, 0);
      expect(expected.entropy).toBeCloseTo(mean / Math.LN2, 4);
      expect(expected.least).toBeCloseTo(least / Math.LN2, 4);
    }),
  );
});

it('expects nothing where it is sure, and log2 of the choices where all are alike', () => {
  const sure = new Float32Array(vocabulary.size).fill(-200);
  sure[4] = 0;
  const certain = expectationOf(vocabulary, sure, 0);
  expect(certain.entropy).toBeCloseTo(0, 12);
  expect(certain.least).toBeCloseTo(0, 12);
  const even = new Float32Array(1 + vocabulary.size).fill(0);
  even[1 + otherToken] = -200;
  expect(expectationOf(vocabulary, even, 1).entropy).toBeCloseTo(2, 6);
});
