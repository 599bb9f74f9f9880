import { describe, expect, it } from 'vitest';
import type { DrawnLine } from '../../../src/inference/drawnLine';
import { offerOf } from '../../../src/engine/completing/lineOffer';
import { completionPlace } from '../../../src/offers/completionFilters';

const before = 'const value = ';
const place = completionPlace(before, before.length, 'a.ts');

/** A line whose probability lies in one of its characters. */
function drawn(text: string, index: number, probability: number): DrawnLine {
  const characters = Array.from(text);
  return { characters, probabilities: characters.map((_, at) => (at === index ? probability : 1)), ends: 1 };
}

describe('of a line that was found by looking ahead', () => {
  const line = { ...drawn('readFile(path);', 0, 0.4), alternative: drawn('write(everything);', 6, 0.3) };
  it.each([
    { minimum: 0.35, text: 'readFile(path);', isWholeLine: true, of: 'it' },
    { minimum: 0.9, text: 'write(', isWholeLine: false, of: 'the other one' },
    { minimum: 0, text: 'readFile(path);', isWholeLine: true, of: 'it' },
  ])('where $minimum is asked for, $text of $of is offered', ({ minimum, text, isWholeLine, of }) => {
    const offer = offerOf(line, place, minimum, ({ probability }) => probability)!;
    expect(offer).toMatchObject({ text, isWholeLine });
    expect(offer.line).toBe(of === 'it' ? line : line.alternative);
  });

  it('nothing is offered where neither is sure enough', () => {
    expect(offerOf(line, place, 1.1, ({ probability }) => probability)).toBeUndefined();
  });
});
