import { expect, it } from 'vitest';
import type { Candidate } from '../../src/corpus/fileCandidates';
import { chooseNearest } from '../../src/corpus/nearestFiles';

const file = (path: string, modifiedMs = 0, bytes = 10): Candidate => ({ path, file: `/${path}`, bytes, modifiedMs });

const near = 'src/ui/button.ts';
const files = [
  file('docs/old.md', 1),
  file('docs/new.md', 9),
  file('src/core/a.ts'),
  file('src/main.ts'),
  file('src/ui/deep/panel.ts'),
  file('src/ui/large.ts', 99, 1000),
  file('src/ui/list.ts'),
];

it.each([
  { mostBytes: 10, kept: ['src/ui/list.ts'] },
  { mostBytes: 30, kept: ['src/main.ts', 'src/ui/deep/panel.ts', 'src/ui/list.ts'] },
  { mostBytes: 40, kept: ['src/core/a.ts', 'src/main.ts', 'src/ui/deep/panel.ts', 'src/ui/list.ts'] },
  { mostBytes: 59, kept: ['docs/new.md', 'src/core/a.ts', 'src/main.ts', 'src/ui/deep/panel.ts', 'src/ui/list.ts'] },
  { mostBytes: 2000, kept: files.map(({ path }) => path) },
])('keeps the nearest folders, then the newest files, within $mostBytes bytes', ({ mostBytes, kept }) => {
  expect(chooseNearest(files, near, mostBytes).map(({ path }) => path)).toEqual(kept);
});
