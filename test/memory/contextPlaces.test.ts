import { expect, it } from 'vitest';
import { placesInContext } from '../../src/memory/contextPlaces';
import { buildWorkspaceMemory } from '../../src/memory/workspaceMemory';
import { encode } from '../../src/text/vocabulary';
import { vocabulary } from '../inference/testSession';

const workspace = buildWorkspaceMemory(vocabulary, [
  { path: 'a.ts', text: 'one\nreturn response.body\n' },
  { path: 'b.ts', text: 'return response.body;\nreturn other.body\nreturn response.bodyLength\n' },
  { path: 'own.ts', text: 'return response.body' },
]);
const places = (context: string, least: number, word: string) =>
  placesInContext(workspace, encode(vocabulary, context), least, encode(vocabulary, word), 'own.ts').map(
    ({ path, line }) => `${path}:${line}`,
  );

it.each([
  ['return response.', 9, 'body', ['b.ts:1', 'a.ts:2']],
  ['return response.', 9, 'bodyLength', ['b.ts:3']],
  ['x = response.', 9, 'body', ['b.ts:1', 'a.ts:2']],
  ['x = response.', 13, 'body', []],
  ['return ', 7, 'response', ['b.ts:3', 'b.ts:1', 'a.ts:2']],
  ['return response.', 9, 'bod', []],
  ['unknown.', 8, 'body', []],
])('after %j, %d of it, %j stands at %j', (context, least, word, expected) => {
  expect(places(context, least, word).sort()).toEqual([...expected].sort());
});

it('names those first that agree with more of the context', () => {
  expect(places('return other.', 3, 'body')[0]).toBe('b.ts:2');
});
