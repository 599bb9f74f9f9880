import { expect, it } from 'vitest';
import { wordList, wordSuggestions } from '../../../src/offers/measuring/wordList';

const above = 'const total = order.totalPrice(tax);\nconst count = order.count;\nlet totals = 0;\n';

/** A line behind `above`, and its list. */
function listIn(line: string) {
  const text = above + line;
  return wordList({ document: { path: 'a.ts', text }, start: above.length, end: text.length });
}

it.each([
  { name: 'a word that has begun', line: 'return totals', index: 8, taken: { length: 5, keystrokes: 4 } },
  { name: 'no word yet', line: 'return totals', index: 7, taken: undefined },
  { name: 'a member, at once', line: 'sum(order.totalPrice)', index: 10, taken: { length: 10, keystrokes: 2 } },
  { name: 'a member that has begun', line: 'sum(order.count)', index: 11, taken: { length: 4, keystrokes: 1 } },
  { name: 'a word that is no member above', line: 'sum(order.totals)', index: 10, taken: undefined },
  { name: 'a word that is nowhere above', line: 'return others', index: 8, taken: undefined },
  { name: 'what is typed as fast', line: 'return total', index: 11, taken: undefined },
  { name: 'a whole word', line: 'return totals', index: 13, taken: undefined },
])('the list in $name', ({ line, index, taken }) => {
  expect(listIn(line)(index)).toEqual(taken);
});

it('has what stands further left on the line', () => {
  expect(listIn('averages(avera')(13)).toBeUndefined();
  expect(listIn('averages(averages')(10)).toEqual({ length: 7, keystrokes: 1 });
});

it('suggests its first item, right or wrong', () => {
  const text = `${above}return totals`;
  const suggestions = wordSuggestions({ document: { path: 'a.ts', text }, start: above.length, end: text.length });
  expect(suggestions(8)).toEqual({ text: 'ax', right: false });
  expect(suggestions(9)).toEqual({ text: 'tal', right: false });
  expect(suggestions(11)).toBeUndefined();
});
