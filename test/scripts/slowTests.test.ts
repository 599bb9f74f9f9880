import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { slowTestsLeft } from '../../scripts/checks/slowTests.mjs';

let root = '';

beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'recur-slow-'));
  for (const file of [
    'test/cli/train.test.ts',
    'test/cli/trained.ts',
    'test/core/random.test.ts',
    'test/scripts/package/natives.test.ts',
    'test/training/optimizers/muon.test.ts',
  ]) {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), '');
  }
});
afterEach(() => rmSync(root, { recursive: true }));

const [cli, natives, muon] = [
  'test/cli/train.test.ts',
  'test/scripts/package/natives.test.ts',
  'test/training/optimizers/muon.test.ts',
];

describe('slow tests that are left to npm test', () => {
  it.each([
    [
      'are all where others change',
      ['src/core/random.ts', 'test/core/random.test.ts', 'README.md'],
      [cli, natives, muon],
    ],
    ['are not those of a file that changes', ['src/training/optimizers/muon.ts'], [cli, natives]],
    ['are not those of a script that changes', ['scripts/package/natives.mjs'], [cli, muon]],
    ['are not those that change themselves', [cli], [natives, muon]],
  ])('%s', (_, changed, left) => {
    expect(slowTestsLeft(root, changed)).toEqual(left);
  });
});
