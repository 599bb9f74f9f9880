import { expect, it } from 'vitest';
import { quickSuggestionsOf, withListBeside } from '../../../src/extension/completion/suggestionList';

it.each([
  {
    name: "the editor's default",
    value: { other: 'offWhenInlineCompletions', comments: 'off', strings: 'off' },
    beside: { other: 'on', comments: 'off', strings: 'off' },
  },
  { name: 'nothing', value: undefined, beside: { other: 'on', comments: 'off', strings: 'off' } },
  {
    name: 'one value for all',
    value: 'offWhenInlineCompletions',
    beside: { other: 'on', comments: 'on', strings: 'on' },
  },
  {
    name: 'strings too',
    value: { other: 'inline', strings: 'offWhenInlineCompletions' },
    beside: { other: 'inline', comments: 'off', strings: 'on' },
  },
  { name: 'all on', value: true, beside: undefined },
  { name: 'all off', value: false, beside: undefined },
  { name: 'on already', value: { other: true, comments: false, strings: false }, beside: undefined },
])('the list is open beside completions where it was closed by them, and only there: $name', ({ value, beside }) => {
  expect(withListBeside(quickSuggestionsOf(value))).toEqual(beside);
});
