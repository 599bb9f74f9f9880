import { describe, expect, it } from 'vitest';
import { afterEdit, type Offer } from '../../src/offers/offerTracking';

const offer: Offer = { uri: 'a', start: 10, text: 'foo(bar);', typed: 0, saved: 0, atMs: 0 };
const typedOne: Offer = { ...offer, typed: 1 };
const late = 5_000;

describe('an edit after an offer', () => {
  it.each([
    { name: 'inserts all of it', from: offer, edit: [10, 0, 'foo(bar);'], outcome: 'accepted', typed: 9, saved: 9 },
    {
      name: 'inserts what is left',
      from: typedOne,
      edit: [11, 0, 'oo(bar);'],
      outcome: 'accepted',
      typed: 9,
      saved: 8,
    },
    {
      name: 'replaces what was typed',
      from: typedOne,
      edit: [10, 1, 'foo(bar);'],
      outcome: 'accepted',
      typed: 9,
      saved: 8,
    },
    { name: 'inserts a word', from: offer, edit: [10, 0, 'foo'], outcome: 'partly', typed: 3, saved: 3 },
    { name: 'types a letter', from: offer, edit: [10, 0, 'f'], outcome: 'typed', typed: 1, saved: 0 },
    { name: 'types the next letter', from: typedOne, edit: [11, 0, 'o'], outcome: 'typed', typed: 2, saved: 0 },
    {
      name: 'types a bracket that is closed',
      from: { ...offer, typed: 3 },
      edit: [13, 0, '()'],
      outcome: 'typed',
      typed: 4,
      saved: 0,
    },
    { name: 'takes a letter back', from: typedOne, edit: [10, 1, ''], outcome: 'untouched', typed: 0, saved: 0 },
    { name: 'is elsewhere below', from: offer, edit: [40, 3, 'x'], outcome: 'untouched', typed: 0, saved: 0 },
  ] as const)('that $name: $outcome', ({ from, edit: [offset, length, text], outcome, typed, saved }) => {
    const change = afterEdit(from, { offset, length, text }, late);
    expect(change.outcome).toBe(outcome);
    expect(change.offer).toMatchObject({ start: 10, typed, saved });
  });

  it.each([
    { name: 'inserts another one', text: 'other();', outcome: 'accepted', saved: 8 },
    { name: 'inserts a word of another one', text: 'other', outcome: 'partly', saved: 5 },
    { name: 'inserts what is none of them', text: 'neither', outcome: 'rejected', saved: undefined },
  ])('that, of several offers, $name: $outcome', ({ text, outcome, saved }) => {
    const several = { ...offer, others: ['other();', 'foo;'] };
    const change = afterEdit(several, { offset: 10, length: 0, text }, late);
    expect(change.outcome).toBe(outcome);
    expect(change.offer?.saved).toBe(saved);
  });

  it('that is elsewhere above moves it', () => {
    const moved = afterEdit(offer, { offset: 0, length: 2, text: 'a\nbc' }, late);
    expect(moved).toMatchObject({ outcome: 'untouched', offer: { start: 12 } });
    const edit = { offset: 12, length: 0, text: offer.text };
    expect(afterEdit(moved.offer!, edit, late).outcome).toBe('accepted');
  });

  it('that types something else rejects it, unless there was no time to read it', () => {
    const edit = { offset: 10, length: 0, text: 'x' };
    expect(afterEdit(offer, edit, late)).toEqual({ outcome: 'rejected', offer: undefined });
    expect(afterEdit(offer, edit, 100)).toEqual({ outcome: 'gone', offer: undefined });
    expect(afterEdit(typedOne, { offset: 11, length: 0, text: 'x' }, late).outcome).toBe('rejected');
    expect(afterEdit(typedOne, { offset: 10, length: 1, text: 'g' }, late).outcome).toBe('rejected');
  });

  it('that deletes or replaces what stands before it says nothing about it', () => {
    for (const edit of [
      { offset: 9, length: 1, text: '' },
      { offset: 0, length: 30, text: 'as it was' },
      { offset: 9, length: 2, text: 'xy' },
    ]) {
      expect(afterEdit(offer, edit, late)).toEqual({ outcome: 'gone', offer: undefined });
    }
  });

  it('that types its last letter ends it', () => {
    const last = { ...offer, typed: 8 };
    expect(afterEdit(last, { offset: 18, length: 0, text: ';' }, late)).toEqual({ outcome: 'typed', offer: undefined });
  });

  it("that inserts what the editor's own list has selected is none of ours", () => {
    const listed = { ...typedOne, listed: 3 };
    const change = afterEdit(listed, { offset: 10, length: 1, text: 'foo' }, late);
    expect(change).toMatchObject({ outcome: 'typed', offer: { typed: 3, saved: 0 } });
    expect(afterEdit(listed, { offset: 11, length: 0, text: 'oo(bar);' }, late).outcome).toBe('accepted');
  });

  it('takes Enter with its indentation for one key, and a bracket that is typed over for a letter', () => {
    const lines = { ...offer, text: 'f() {\r\n  g();', typed: 5 };
    const enter = afterEdit(lines, { offset: 15, length: 0, text: '\r\n  ' }, late);
    expect(enter).toMatchObject({ outcome: 'typed', offer: { typed: 9, saved: 0 } });
    const over = afterEdit({ ...lines, typed: 2 }, { offset: 12, length: 1, text: ')' }, late);
    expect(over).toMatchObject({ outcome: 'typed', offer: { typed: 3, saved: 0 } });
  });

  it('takes a character of two units for one letter', () => {
    const smile = { ...offer, text: '😀😀' };
    expect(afterEdit(smile, { offset: 10, length: 0, text: '😀' }, late).outcome).toBe('typed');
  });
});
