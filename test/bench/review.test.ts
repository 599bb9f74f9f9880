import { describe, expect, it } from 'vitest';
import { newDiagnostics, typescriptDiagnose } from '../../bench/review/diagnostics';
import { shareOf, writtenIn } from '../../bench/review/lastingLines';
import { git, temporaryFolder, writeFiles } from '../corpus/temporaryFolder';

describe('what the language itself says of a slip', () => {
  const known = [
    { line: 1, code: 7 },
    { line: 4, code: 7 },
  ];

  it.each([
    ['nothing where all of it was there', known, []],
    ['what is new on a line', [...known, { line: 2, code: 9 }], [[2, 1]]],
    ['another message on a line that had one', [...known, { line: 4, code: 9 }], [[4, 1]]],
    ['the same once more', [...known, { line: 4, code: 7 }, { line: 4, code: 7 }], [[4, 2]]],
    ['nothing where some of it is gone', known.slice(1), []],
  ])('is %s', (_, after, counts) => {
    expect([...newDiagnostics(known, after)]).toEqual(counts);
  });

  it('is told by TypeScript with the other files of the project, each text in turn', () => {
    const point = { path: 'point.ts', text: 'export interface Point { x: number; name: string }\n' };
    const use = (member: string) => ({
      path: 'use.ts',
      text: `import type { Point } from './point';\n\nexport const twice = ({ x, name }: Point) => [name, 2 * ${member}];\n`,
    });
    const diagnose = typescriptDiagnose(temporaryFolder(), [point, use('x')], { lib: ['lib.es5.d.ts'], types: [] });
    const found = diagnose([use('x'), use('name'), use('nobody'), use('x')]);
    expect(found.map((each) => each.map(({ line }) => line))).toEqual([[], [2], [2], []]);
  });
});

describe('lines that a commit has written', () => {
  it('are those of code that it added, and known to be changed again', async () => {
    const directory = temporaryFolder();
    git(directory, 'init', '-q', '-b', 'main');
    const commit = (files: Record<string, string>): string => {
      writeFiles(directory, files);
      git(directory, 'add', '-A');
      git(directory, 'commit', '-q', '--no-verify', '-m', 'change');
      return git(directory, 'rev-parse', 'HEAD').trim();
    };
    const body = ['const kept = 1;', 'const other = 2;', 'const third = 3;'];
    const before = commit({ 'a.ts': 'const first = 0;\n', 'b.ts': `${body.join('\n')}\n` });
    const step = commit({
      'a.ts': 'const first = 0;\nconst second = 1;\n\n// Why.\nif (first)\n  second();\n',
      'b.ts': `${body.join('\n')}\nconst fourth = 4;\n`,
      'notes.md': 'Some prose.\n',
    });
    git(directory, 'mv', 'b.ts', 'c.ts');
    const later = commit({
      'a.ts': 'const first = 0;\nconst second = 2;\n\nif (first) {\n    second();\n}\n',
      'c.ts': `${body.join('\n')}\nconst fourth = 5;\n`,
    });
    const written = await writtenIn(directory, before, step, later);
    const told = written.map(({ document, lines, changedAgain }) => {
      return [document.path, lines, lines.filter((line) => changedAgain.has(line))];
    });
    expect(told).toEqual([
      ['a.ts', [1, 4, 5], [1, 4]],
      ['b.ts', [3], [3]],
    ]);
  });

  it('have a share with the error of drawing commits', () => {
    const one = { changed: 1, of: 2 };
    const none = { changed: 0, of: 2 };
    expect(shareOf([one, none])).toEqual({ share: 0.25, error: 0.25 });
    expect(shareOf([one, one, one])).toEqual({ share: 0.5, error: 0 });
  });
});
