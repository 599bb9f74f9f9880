import { describe, expect, it } from 'vitest';
import { fileOfPath, isEditedScheme, pathInWorkspace } from '../../src/editors/editorDocumentPath';

const app = { directory: '/code/app', name: 'app' };
const inner = { directory: '/code/app/packages/inner', name: 'inner' };

describe('paths of documents', () => {
  it.each([
    ['/code/app/src/a.ts', [app], 'src/a.ts'],
    ['/code/app/src/a.ts', [app, inner], 'app/src/a.ts'],
    ['/code/app/packages/inner/b.ts', [app, inner], 'inner/b.ts'],
    ['/code/application/a.ts', [app], 'a.ts'],
    ['/code/app/..a/b.ts', [app], '..a/b.ts'],
    ['/elsewhere/a.ts', [app, inner], 'a.ts'],
    ['Untitled-1', [app], 'Untitled-1'],
    ['/code/app/a.ts', [], 'a.ts'],
  ])('%s in %j is %s, as in the corpus', (file, folders, expected) => {
    expect(pathInWorkspace(file, folders).inCorpus).toBe(expected);
  });

  it.each([
    ['file', true],
    ['untitled', true],
    ['vscode-notebook-cell', true],
    ...['git', 'output', 'vscode-scm', 'vscode-userdata', 'vscode-chat-code-block', 'debug'].map(
      (scheme): [string, boolean] => [scheme, false],
    ),
  ] as [string, boolean][])('documents of the scheme %s: %s', (scheme, edited) => {
    expect(isEditedScheme(scheme)).toBe(edited);
  });
});

describe('the file of a path of the corpus', () => {
  const one = [{ directory: '/work/app', name: 'app' }];
  const two = [...one, { directory: '/work/lib', name: 'lib' }];
  it.each([
    ['src/a.ts', one, '/work/app/src/a.ts'],
    ['lib/src/a.ts', two, '/work/lib/src/a.ts'],
    ['other/src/a.ts', two, undefined],
    ['../secret', one, undefined],
    ['src/../../secret', one, undefined],
    ['/etc/passwd', one, undefined],
    ['lib/../app/a.ts', two, undefined],
    ['', one, undefined],
  ])('%j', (path, folders, file) => {
    expect(fileOfPath(path, folders)).toBe(file);
  });
});
