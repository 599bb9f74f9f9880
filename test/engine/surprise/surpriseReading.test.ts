import fc from 'fast-check';
import { resolve } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { silentLogger } from '../../../src/core/logger';
import { documentSurprise } from '../../../src/engine/surprise/documentSurprise';
import { startSecondReader, type SecondReader } from '../../../src/engine/surprise/secondReader';
import { createSurpriseReading } from '../../../src/engine/surprise/surpriseReading';
import { unhurried, type Pace } from '../../../src/inference/readPrefix';
import type { ModelSession } from '../../../src/inference/session';
import { toLineFeeds } from '../../../src/text/textOffsets';
import { exported, model, openSession, vocabulary } from '../../inference/testSession';

const path = 'a.ts';
let session: ModelSession;
let fed = 0;
/** Most texts in one run. */
let widest = 0;

beforeAll(async () => {
  const opened = await openSession();
  session = {
    ...opened,
    run(ids, batch, state) {
      fed += ids.length;
      widest = Math.max(widest, batch);
      return opened.run(ids, batch, state);
    },
  };
});

const lines = (count: number): string =>
  Array.from({ length: count }, (_, line) => `let a${line} = b(${'cd'.repeat(line % 9)}); // 😀\r\n`).join('');

async function expectWhole(bits: Float64Array, entropy: Float64Array, text: string): Promise<void> {
  const expected = await documentSurprise(session, undefined, { path, text: toLineFeeds(text) });
  expect(bits).toHaveLength(expected.bits.length);
  for (const [index, value] of expected.bits.entries()) {
    if (Math.abs(bits[index]! - value) > 0.05) expect([index, bits[index]]).toEqual([index, value]);
    if (Math.abs(entropy[index]! - expected.entropy[index]!) > 0.05)
      expect(entropy[index]).toBe(expected.entropy[index]);
  }
}

it('is as surprised as when the text is read at once, whatever was edited before', async () => {
  const edit = fc.tuple(fc.nat(4_000), fc.nat(60), fc.constantFrom('', 'x', 'if (a) {\n', '\r\n', lines(30), '😀'));
  await fc.assert(
    fc.asyncProperty(fc.array(edit, { maxLength: 4 }), async (edits) => {
      const reading = createSurpriseReading(session, path);
      let text = lines(100);
      await reading.whole(text, unhurried());
      for (const [offset, length, inserted] of edits) {
        text = text.slice(0, offset) + inserted + text.slice(offset + length);
        const { start, end, surprise } = await reading.whole(text, unhurried());
        expect([start, end]).toEqual([0, text.length]);
        await expectWhole(surprise.bits, surprise.entropy, text);
      }
    }),
    { numRuns: 5 },
  );
});

it('reads again only what an edit can have touched', async () => {
  const reading = createSurpriseReading(session, path);
  const text = lines(400);
  await reading.whole(text, unhurried());
  fed = 0;
  await reading.whole(text.replace('a200', 'b200'), unhurried());
  expect(fed).toBeGreaterThan(0);
  expect(fed).toBeLessThan(text.length / 4);
  fed = 0;
  await reading.whole(text.replace('a200', 'b200'), unhurried());
  expect(fed).toBe(0);
});

it('reads the lines that are seen and a little before them, and nearly as in the whole text', async () => {
  const text = lines(400);
  const from = text.indexOf('let a300');
  const to = text.indexOf('let a320');
  const whole = await createSurpriseReading(session, path).whole(text, unhurried());
  fed = 0;
  const near = await createSurpriseReading(session, path).near(text, from, to, unhurried());
  expect(fed).toBeLessThan(to - from + 3_000);
  expect(near.start).toBeLessThanOrEqual(from);
  expect(near.end).toBeGreaterThanOrEqual(to);
  const points = (part: string): number => Array.from(toLineFeeds(part)).length;
  const [offset, own] = [points(text.slice(0, from)), points(text.slice(near.start, from))];
  for (let index = 0; index < points(text.slice(from, to)); index++) {
    expect(near.surprise.bits[own + index]).toBeCloseTo(whole.surprise.bits[offset + index]!, 1);
  }
});

it('reads a long text in several places at once', async () => {
  const text = lines(1_000);
  [fed, widest] = [0, 0];
  const { surprise } = await createSurpriseReading(session, path).whole(text, unhurried());
  expect(widest).toBeGreaterThan(3);
  expect(fed).toBeLessThan(1.5 * text.length);
  await expectWhole(surprise.bits, surprise.entropy, text);
});

it('reads first what is wanted soon, and loses nothing by it', async () => {
  const reading = createSurpriseReading(session, path);
  const text = lines(600);
  let isWhole = false;
  fed = 0;
  const whole = reading.whole(text, unhurried()).finally(() => (isWhole = true));
  const [from, to] = [text.indexOf('let a500'), text.indexOf('let a520')];
  await reading.near(text, from, to, unhurried());
  expect(isWhole).toBe(false);
  expect(fed).toBeLessThan(to - from + 3_000);
  const { surprise } = await whole;
  await expectWhole(surprise.bits, surprise.entropy, text);
});

it('goes on where it was given up', async () => {
  const reading = createSurpriseReading(session, path);
  const text = lines(200);
  const controller = new AbortController();
  const given = reading.whole(text, async () => {
    if (fed > 3_000) controller.abort();
    return unhurried(controller.signal)();
  });
  fed = 0;
  await expect(given).rejects.toThrow('abort');
  const readBefore = fed;
  fed = 0;
  const { surprise } = await reading.whole(text, unhurried());
  expect(fed).toBeLessThan(text.length - readBefore / 2);
  await expectWhole(surprise.bits, surprise.entropy, text);
});

const graph = { bytes: exported(), model, vocabulary };
const long = lines(2_400);
const readerIn = (bundle: string): SecondReader =>
  startSecondReader(graph, 'cpu', resolve('dist', bundle), silentLogger);

it.each<[string, string, boolean, number]>([
  ['reads some of it', 'reader.js', false, 40],
  ['ends while it reads', 'reader.js', true, 0],
  ['does not start', 'none.js', false, 0],
])('is the same where a second reader %s', async (_, bundle, endsEarly, leastParts) => {
  let [partsBack, ended] = [0, 0];
  let answered: Promise<unknown> = Promise.resolve();
  const start = (): SecondReader => {
    const reader = readerIn(bundle);
    return {
      read(parts) {
        const answer = reader.read(parts);
        if (endsEarly) reader.end();
        answered = answer.then(
          () => (partsBack += parts.length),
          () => undefined,
        );
        return answer;
      },
      end() {
        ended++;
        reader.end();
      },
    };
  };
  const waiting: Pace = async () => {
    await answered;
    return unhurried()();
  };
  const { surprise } = await createSurpriseReading(session, path).whole(long, waiting, start);
  expect(ended).toBe(1);
  expect(partsBack).toBeGreaterThanOrEqual(leastParts);
  await expectWhole(surprise.bits, surprise.entropy, long);
});

it('needs no second reader for a short text, or a little of a long one', async () => {
  const reading = createSurpriseReading(session, path);
  const refused = (): SecondReader => {
    throw new Error('It was started.');
  };
  await reading.whole(lines(200), unhurried(), refused);
  await reading.whole(long, unhurried());
  await reading.whole(long.replace('a700', 'b700'), unhurried(), refused);
});
