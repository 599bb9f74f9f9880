import { describe, expect, it } from 'vitest';
import * as v from 'valibot';
import { createOfferTracker } from '../../src/editors/offerTracker';
import {
  completionStatisticsSchema,
  describeSummary,
  noStatistics,
  summaryOf,
  withLatency,
} from '../../src/protocol/completionStatistics';
import { newEmitter } from './newEmitter';

const place = { uri: 'a', start: 10, text: 'foo(bar);', typed: 0 };

function tracker() {
  let nowMs = 0;
  const created = createOfferTracker(noStatistics, () => nowMs, newEmitter);
  const insert = (offset: number, text: string) => {
    nowMs += 1_000;
    created.edited('a', [{ offset, length: 0, text }]);
  };
  const counts = () => {
    const { offered, accepted, partly, rejected, charactersSaved } = created.statistics;
    return { offered, accepted, partly, rejected, charactersSaved };
  };
  return { ...created, insert, counts };
}

describe('offers', () => {
  it('are accepted once, whether edit, command or both tell it', () => {
    const tracked = tracker();
    const number = tracked.offered(place);
    tracked.insert(10, place.text);
    tracked.acceptedByCommand(number);
    expect(tracked.counts()).toEqual({ offered: 1, accepted: 1, partly: 0, rejected: 0, charactersSaved: 9 });
    tracked.acceptedByCommand(tracked.offered({ ...place, start: 40 }));
    expect(tracked.counts()).toEqual({ offered: 2, accepted: 2, partly: 0, rejected: 0, charactersSaved: 18 });
  });

  it('are accepted by the word and typed on: partly, once', () => {
    const tracked = tracker();
    tracked.offered(place);
    tracked.insert(10, 'foo');
    tracked.offered({ ...place, start: 13, text: '(bar);' });
    tracked.insert(13, '(bar');
    tracked.insert(17, 'x');
    expect(tracked.counts()).toEqual({ offered: 1, accepted: 0, partly: 1, rejected: 0, charactersSaved: 7 });
  });

  it('are accepted by the word to their end: accepted, once', () => {
    const tracked = tracker();
    tracked.offered(place);
    tracked.insert(10, 'foo');
    expect(tracked.counts()).toMatchObject({ accepted: 0, partly: 1 });
    const number = tracked.offered({ ...place, start: 13, text: '(bar);' });
    tracked.insert(13, '(bar);');
    tracked.acceptedByCommand(number);
    expect(tracked.counts()).toEqual({ offered: 1, accepted: 1, partly: 0, rejected: 0, charactersSaved: 9 });
  });

  it('that others come beside when they are asked for are taken by any of them', () => {
    const tracked = tracker();
    tracked.offered(place);
    tracked.insert(10, 'f');
    const number = tracked.offered({ ...place, start: 11, text: 'oo(bar);', others: ['lat;', 'all(x);'] });
    tracked.insert(11, 'lat;');
    tracked.acceptedByCommand(number);
    expect(tracked.counts()).toEqual({ offered: 1, accepted: 1, partly: 0, rejected: 0, charactersSaved: 4 });
  });

  it('that are typed letter by letter are one, and none of it is saved', () => {
    const tracked = tracker();
    tracked.offered(place);
    tracked.insert(10, 'f');
    tracked.offered({ ...place, start: 11, text: 'oo(bar);' });
    tracked.insert(11, 'o');
    tracked.offered({ ...place, start: 12, text: 'o(bar);' });
    expect(tracked.counts()).toEqual({ offered: 1, accepted: 0, partly: 0, rejected: 0, charactersSaved: 0 });
  });

  it('that are rejected again and again make it ask for more, until one is accepted', () => {
    const tracked = tracker();
    for (let round = 0; round < 6; round++) {
      tracked.offered(place);
      tracked.insert(10, 'x');
    }
    expect(tracked.counts()).toMatchObject({ offered: 6, rejected: 6 });
    expect(tracked.minimumConfidence(0.5)).toBeGreaterThan(0.5);
    tracked.offered(place);
    tracked.insert(10, place.text);
    expect(tracked.minimumConfidence(0.5)).toBe(0.5);
  });

  it('are not rejected by what happens in another document', () => {
    const tracked = tracker();
    tracked.offered(place);
    tracked.edited('b', [{ offset: 10, length: 0, text: 'x' }]);
    expect(tracked.counts()).toMatchObject({ rejected: 0 });
  });
});

describe('statistics', () => {
  it('have the percentiles of the newest thousand answers', () => {
    let statistics = withLatency(noStatistics, 1e6);
    for (let latency = 1; latency <= 1_000; latency++) statistics = withLatency(statistics, latency);
    expect(summaryOf(statistics).latencyMs).toEqual({ p50: 500, p95: 950, p99: 990 });
    expect(v.is(completionStatisticsSchema, statistics)).toBe(true);
  });

  it('are told in words', () => {
    expect(describeSummary(summaryOf(noStatistics))).toContain('No completion has been offered');
    const counts = { offered: 1_200, accepted: 300, partly: 20, rejected: 100, charactersSaved: 4_500 };
    const statistics = { ...counts, latenciesMs: [10, 20, 30] };
    expect(describeSummary(summaryOf(statistics))).toBe(
      'Offered 1,200, accepted 300, in part 20, rejected 100; 4,500 characters saved. ' +
        'Answered within 20 ms (median), 30 ms (95 %), 30 ms (99 %).',
    );
  });
});
