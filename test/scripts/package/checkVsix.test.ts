import { describe, expect, it } from 'vitest';
import { packagedBundles } from '../../../scripts/build.mjs';
import { mostBytes, packageProblems } from '../../../scripts/package/checkVsix.mjs';
import { findTarget } from '../../../scripts/package/targets.mjs';

const entries = [
  'extension.vsixmanifest',
  ...['package.json', 'readme.md', 'ThirdPartyNotices.txt', 'bom.cdx.json'].map((name) => `extension/${name}`),
  ...packagedBundles.map((script) => `extension/${script}`),
];
const elf = (machine: string, libraries: string[] = []) => [{ system: 'linux', machine, libraries }];
const library = 'extension/dist/node_modules/a/a.node';

/** What is said against a package that is right but for what is given. */
function problems(given: Partial<Parameters<typeof packageProblems>[0]>): string[] {
  return packageProblems({ target: findTarget('linux-x64'), bytes: 1, entries, headers: {}, expected: [], ...given });
}

describe('a package', () => {
  it('may be published where everything fits', () => {
    expect(
      problems({ headers: { [library]: elf('X86_64', ['libc.so.6']) }, expected: ['extension/README.md'] }),
    ).toEqual([]);
  });

  it.each([
    ...['engine.js', 'prober.js', 'lsp.js'].map((bundle): [string, object, RegExp] => [
      `${bundle} is missing`,
      { entries: entries.filter((entry) => !entry.endsWith(bundle)) },
      new RegExp(`${bundle} is missing`),
    ]),
    ['a file was left out', { expected: ['extension/dist/a.wasm'] }, /a\.wasm was left out/],
    ['a source is in it', { entries: [...entries, 'extension/src/core/a.ts'] }, /src\/core\/a\.ts does not belong/],
    ['a secret is in it', { entries: [...entries, 'extension/.env'] }, /\.env does not belong/],
    ['a source map is in it', { entries: [...entries, 'extension/dist/cli.js.map'] }, /cli\.js\.map does not belong/],
    [
      'a library is of another processor',
      { headers: { [library]: elf('AARCH64') } },
      /made for linux on AARCH64, and the package is for linux-x64/,
    ],
    [
      'a library is of another system',
      { headers: { [library]: [{ system: 'win32', machine: 'AMD64', libraries: [] }] } },
      /made for win32/,
    ],
    ['a library is none', { headers: { [library]: [] } }, /is none/],
    ['it is too large', { bytes: mostBytes + 1 }, /200\.0 are the limit/],
  ])('is refused where %s', (_, given, problem) => {
    expect(problems(given)).toEqual([expect.stringMatching(problem)]);
  });

  it('for musl is refused where a library needs glibc', () => {
    const headers = { [library]: elf('X86_64', ['libc.so.6']) };
    expect(problems({ target: findTarget('alpine-x64'), headers })).toEqual([expect.stringMatching(/needs glibc/)]);
  });

  it('for macOS may hold libraries of several processors', () => {
    const headers = { [library]: ['X86_64', 'ARM64'].map((machine) => ({ system: 'darwin', machine, libraries: [] })) };
    for (const name of ['darwin-x64', 'darwin-arm64'])
      expect(problems({ target: findTarget(name), headers })).toEqual([]);
  });
});
