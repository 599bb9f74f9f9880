import assert from 'node:assert/strict';
import { describe, it, type MockTimers } from 'node:test';
import { holdLease } from '../src/lease';

const [everyMs, termMs] = [1_000, 10_000];

/** Seconds after which it is lost, of 100; null: never. */
async function lostAfter(
  beat: (second: number) => Promise<boolean>,
  { mock }: { readonly mock: { readonly timers: MockTimers } },
): Promise<number | null> {
  mock.timers.enable({ apis: ['setTimeout', 'setInterval'] });
  let now = 0;
  const lease = holdLease({ beat: () => beat(now), everyMs, termMs });
  for (; now < 100 && !lease.lost.aborted; now++) {
    for (let tenth = 0; tenth < 10; tenth++) {
      mock.timers.tick(100);
      await settled();
    }
  }
  lease.release();
  return lease.lost.aborted ? now : null;
}

/** What follows from timers that have fired. */
const settled = () => new Promise((resolve) => setImmediate(resolve));
const answerAfter = (ms: number): Promise<boolean> => new Promise((resolve) => setTimeout(() => resolve(true), ms));
const never = new Promise<boolean>(() => undefined);

describe('a job is held', () => {
  const cases: [string, (second: number) => Promise<boolean>, number | null][] = [
    ['while the engine answers', () => Promise.resolve(true), null],
    ['while it answers slowly', () => answerAfter(termMs - 2 * everyMs), null],
    ['while nine answers of ten are lost', (second) => (second % 9 === 0 ? answerAfter(500) : never), null],
    ['until it has not answered for the term', () => never, 10],
    ['until it cannot be asked for the term', () => Promise.reject(new Error('unavailable')), 10],
    ['a term from the last heartbeat that was answered', (second) => (second < 30 ? answerAfter(100) : never), 40],
    ['until the engine says that it is another’s', (second) => Promise.resolve(second < 5), 6],
  ];
  for (const [name, beat, seconds] of cases) {
    it(name, async (context) => assert.equal(await lostAfter(beat, context), seconds));
  }

  it('until it has ended, and is not lost then', (context) => {
    context.mock.timers.enable({ apis: ['setTimeout', 'setInterval'] });
    const lease = holdLease({ beat: () => never, everyMs, termMs });
    context.mock.timers.tick(5_000);
    lease.release();
    context.mock.timers.tick(100_000);
    assert.equal(lease.lost.aborted, false);
  });
});
