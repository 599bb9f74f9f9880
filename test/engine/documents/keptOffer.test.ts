import { expect, it } from 'vitest';
import { keptOfferAfter, offerLeft, type KeptOffer } from '../../../src/engine/documents/keptOffer';
import { openSession } from '../../inference/testSession';

const session = await openSession();
const block = 'f (a) {\n  g();\n}';

/** What is left of a block that was offered behind `if `, after edits of the text. */
function after(
  edits: readonly (readonly [offset: number, length: number, text: string])[],
  offered = block,
  mayReplace = false,
) {
  let text = 'if ';
  let kept: KeptOffer | undefined = {
    ...{ session, memory: undefined, asked: '', offset: text.length },
    ...{ text: offered, confidence: 0.9, closed: '' },
  };
  for (const [offset, length, inserted] of edits) {
    text = text.slice(0, offset) + inserted + text.slice(offset + length);
    kept &&= keptOfferAfter(kept, { offset, length, text: inserted });
  }
  const offer = kept && offerLeft(kept, text, mayReplace);
  return { kept, offer, left: offer?.text };
}

it.each([
  { name: 'nothing yet', edits: [], left: block },
  { name: 'a letter', edits: [[3, 0, 'f']], left: block.slice(1) },
  { name: 'a word', edits: [[3, 0, 'f ']], left: block.slice(2) },
  { name: 'the first line', edits: [[3, 0, 'f (a) {\n']], left: '  g();\n}' },
  { name: 'the first line in a file with CRLF', edits: [[3, 0, 'f (a) {\r\n  ']], left: 'g();\n}' },
  {
    name: 'over a bracket that the editor has closed',
    edits: [
      [3, 0, 'f ()'],
      [6, 0, 'a'],
      [7, 1, ')'],
    ],
    left: ' {\n  g();\n}',
  },
  { name: 'an opening bracket at the end', edits: [[3, 0, 'f (a) {}']], left: '\n  g();\n' },
  {
    name: 'Enter between brackets',
    edits: [
      [3, 0, 'f (a) {}'],
      [10, 0, '\n  \n'],
    ],
    left: 'g();',
  },
  { name: 'between brackets that are not at the end', edits: [[3, 0, 'f ()']], left: undefined },
] as const)('what is left after typing $name', ({ edits, left }) => {
  expect(after(edits).left).toBe(left);
});

it.each([
  { name: 'between brackets', edits: [[3, 0, 'f ()']], left: { text: 'a) {\n  g();\n}', replaces: 1 } },
  {
    name: 'a letter between brackets',
    edits: [
      [3, 0, 'f ()'],
      [6, 0, 'a'],
    ],
    left: { text: ') {\n  g();\n}', replaces: 1 },
  },
  { name: 'what is at the end', edits: [[3, 0, 'f (a) {}']], left: { text: '\n  g();\n' } },
] as const)('takes the place of what the editor has closed, where that may be: $name', ({ edits, left }) => {
  expect(after(edits, block, true).offer).toEqual({ confidence: 0.9, ...left });
});

it.each([
  { name: 'something else', edits: [[3, 0, 'x']] },
  { name: 'on with something else', edits: [[3, 0, 'f x']] },
  { name: 'elsewhere', edits: [[0, 0, 'f']] },
  {
    name: 'in the place of something',
    edits: [
      [3, 0, 'f'],
      [4, 1, ' '],
    ],
  },
  { name: 'all of it', edits: [[3, 0, block]] },
] as const)('nothing is left after typing $name', ({ edits }) => {
  expect(after(edits).kept).toBeUndefined();
});

it('all is left of it however it is cut into pieces', () => {
  for (let first = 1; first < block.length; first++) {
    for (let second = first + 1; second < block.length; second++) {
      const pieces = [block.slice(0, first), block.slice(first, second)];
      expect(
        after([
          [3, 0, pieces[0]!],
          [3 + first, 0, pieces[1]!],
        ]).left,
      ).toBe(block.slice(second));
    }
  }
});
