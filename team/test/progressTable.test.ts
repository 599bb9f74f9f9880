import assert from 'node:assert/strict';
import { it } from 'node:test';
import { progressTable } from '../src/progressTable';

it('a table has its names on the left and its numbers on the right', () => {
  const rows = [
    { name: 'web', state: 'training', worker: 'one', step: 120, validation: 12.345 },
    { name: 'server', state: 'waiting' },
    { name: 'tools', state: 'published', step: 1200, validation: 3.2, version: 4 },
  ];
  assert.equal(
    progressTable(rows),
    [
      'job     state      worker  step  perplexity  version',
      'web     training   one      120       12.35',
      'server  waiting',
      'tools   published          1200        3.20        4',
    ].join('\n'),
  );
});
