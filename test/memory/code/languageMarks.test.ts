import { describe, expect, it } from 'vitest';
import { createCodeIndex, blockAt, firstName, type CodeIndex } from '../../../src/memory/code/codeIndex';
import { bringUpTo } from '../../../src/memory/code/codeScanning';
import { createNamesWithKeywords } from '../../../src/memory/code/keywords';
import { lettersOf } from '../../../src/memory/code/names';
import { codeMarksOf } from '../../../src/memory/code/workspaceCode';
import { decode, encode, tokenText } from '../../../src/text/vocabulary';
import { asciiVocabulary } from '../../onnx/randomWeights';

const vocabulary = asciiVocabulary(99);

/** The text of a file, read to its end, and what each of its tokens is. */
function read(path: string, text: string): { index: CodeIndex; written: (place: number) => string } | undefined {
  const marks = codeMarksOf(vocabulary, path);
  if (marks === undefined) return undefined;
  const names = createNamesWithKeywords(vocabulary);
  const index = createCodeIndex(-1, 8);
  const tokens = Uint16Array.from(encode(vocabulary, `${text}\n`));
  bringUpTo(index, { tokens, ...marks, names }, 0, tokens.length);
  const written = (place: number): string => {
    const code = index.codes[place]!;
    return code < firstName ? tokenText(vocabulary, code) : decode(vocabulary, lettersOf(names, code - firstName));
  };
  return { index, written };
}

describe('names and signs are told apart by the marks of the language', () => {
  it.each([
    ['a.ts', '$el.foo_bar-1', '$el . foo_bar - 1'],
    ['a.py', 'self._x-=y1', 'self . _x - = y1'],
    ['a.css', '--main-color:calc(a - 1px)', '--main-color : calc ( a - 1px )'],
    ['a.scss', '.a-b{width:$my-size}', '. a-b { width : $ my-size }'],
    ['a.el', '(map-put! x->y *all*)', '( map-put! x->y *all* )'],
    ['a.clj', '(str/join a-b $.c)', '( str / join a-b $ . c )'],
    ['Cargo.toml', 'dev-tools = { a.b = -1 }', 'dev-tools = { a . b = -1 }'],
    ['a.vue', '<a-b :c="$d - 1">', '< a-b : c = " $d - 1 " >'],
    ['a.yml', '- runs-on: ubuntu-22.04', '- runs-on : ubuntu-22 . 04'],
    ['a.yaml', 'key: - -1', 'key : - -1'],
    ['a.sh', 'git log --oneline - $x', 'git log --oneline - $ x'],
    ['a.php', '$this->$a_b-1', '$ this - > $ a_b - 1'],
    ['unknown.xyz', 'a-b', 'a - b'],
  ])('in %s', (path, text, expected) => {
    const { index, written } = read(path, text)!;
    expect(Array.from({ length: index.length - 1 }, (_, place) => written(place)).join(' ')).toBe(expected);
  });

  it.each(['README.md', 'notes.txt', 'LICENSE', 'data.json', 'table.csv', 'package.lock', 'icon.svg'])(
    'and not at all in %s',
    (path) => expect(codeMarksOf(vocabulary, path)).toBeUndefined(),
  );
});

const yaml = `on: push
jobs:
  build:
    # not indented as the rest
    runs-on: linux

    steps:
      - uses: checkout
        with:
          depth: 1
      - run: |
          make all
env:
  list: [one,
two, three]
  last: x`;

/** What begins the line that each line is indented under, by what begins the line. */
function blocks(path: string, text: string): string[] {
  const { index, written } = read(path, text)!;
  const places = Array.from({ length: index.length - 1 }, (_, place) => place);
  const begins = places.filter((place) => index.lineFirst[place] === place && /[\w-]/.test(written(place)));
  return begins.map((place) => {
    const block = blockAt(index.opener[place + 1]!);
    return `${written(place)} < ${block < 0 ? '' : written(block)}`.trim();
  });
}

describe('what a line is indented under', () => {
  it('is the nearest line above that is indented less, where a language lives by that', () => {
    expect(blocks('a.yml', yaml)).toEqual([
      ...['on <', 'jobs <', 'build < jobs', 'runs-on < build', 'steps < build', '- < steps', 'with < -'],
      ...['depth < with', '- < steps', 'make < -', 'env <', 'list < env', 'two <', 'last < env'],
    ]);
  });

  it('is nothing elsewhere', () => {
    expect(new Set(blocks('a.ts', yaml).map((line) => line.split(' <')[1]))).toEqual(new Set(['']));
  });

  it('is what a line that ends in a colon begins with, until the next one says otherwise', () => {
    const { index, written } = read('a.yml', 'jobs:\n  build:')!;
    expect(written(blockAt(index.opener[index.length]!))).toBe('build');
  });
});
