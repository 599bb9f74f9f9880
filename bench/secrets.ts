/**
 * How many secrets are found, and what is left out by mistake: `npm run bench -- secrets [SEEDS]`. Secrets of 38 kinds and private keys
 * of 9 kinds in 23 layouts are drawn anew for each seed. Mistakes are counted in the lines of twenty packages of npm and PyPI,
 * which are fetched once: none of them holds a secret that is in use, so every line of a file that is left out, and every line in
 * which a password or token was seen, is one. Lines with long random tokens (hashes, identifiers) are counted apart: they are
 * meant to be left out. `--pairs` counts the pairs of characters of those packages instead.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { defaultCorpus } from '../src/core/configuration';
import { leftOutByPath } from '../src/corpus/pathRules';
import { isGenerated } from '../src/corpus/contentRules';
import { decodeText } from '../src/corpus/decoding';
import { findInPieces } from '../src/corpus/secrets/brokenLiterals';
import { findCredentials } from '../src/corpus/secrets/credentials';
import { findNamedLiterals } from '../src/corpus/secrets/namedLiterals';
import { findRandomTokens } from '../src/corpus/secrets/randomTokens';
import { holdsKeyOrToken, holdsKeyOrTokenAnywhere, withoutSecrets } from '../src/corpus/secrets/secretScan';
import { bodyOf, fakeSecrets, keyLayouts, leaks, privateKeys } from '../test/corpus/secrets/fakeSecrets';
import { characterPairs } from './secrets/characterPairs';
import { fetchPackages } from './secrets/packages';

const [argument = '100'] = process.argv.slice(2);
const code = 'export const value = compute(first, second);\n';

async function learned(text: string): Promise<string> {
  return (await holdsKeyOrTokenAnywhere(text)) ? '' : withoutSecrets('src/config.py', text);
}

async function measureKinds(seeds: number): Promise<void> {
  const missed = new Map<string, number>();
  let all = 0;
  for (let seed = 0; seed < seeds; seed++) {
    for (const { kind, secret, line } of fakeSecrets(seed)) {
      all++;
      const found = !leaks(await learned(`${code}${line}\n${code}`), secret.slice(-40));
      if (!found) missed.set(kind, (missed.get(kind) ?? 0) + 1);
    }
  }
  const sum = [...missed.values()].reduce((total, count) => total + count, 0);
  console.log(`secrets of 38 kinds: ${all - sum} of ${all} found`);
  for (const [kind, count] of missed) console.log(`  ${kind}: ${count} of ${seeds} missed`);
}

async function measureKeys(seeds: number): Promise<void> {
  let [all, found] = [0, 0];
  for (let seed = 0; seed < seeds; seed++) {
    for (const [kind, key] of Object.entries(privateKeys(seed))) {
      for (const [layout, write] of Object.entries(keyLayouts)) {
        all++;
        const text = await learned(`${code}${write(key)}\n${code}`);
        if (bodyOf(key).every((line) => !leaks(text, line, 16))) found++;
        else console.log(`  ${kind}, ${layout}: missed`);
      }
    }
  }
  console.log(`private keys: ${found} of ${all} found`);
}

interface PackageText {
  readonly path: string;
  readonly text: string;
}

/** The texts of the packages that the corpus would take if there were no secrets. */
function* packageTexts(directory: string): Generator<PackageText> {
  for (const path of readdirSync(directory, { recursive: true, encoding: 'utf8' })) {
    const file = join(directory, path);
    if (leftOutByPath(path) !== null || !statSync(file).isFile()) continue;
    const bytes = readFileSync(file);
    const text = bytes.length > defaultCorpus.maxFileBytes ? null : decodeText(bytes);
    if (text !== null && !isGenerated(text)) yield { path, text };
  }
}

function measureMistakes(directory: string): void {
  const counts = { lines: 0, whole: 0, beside: 0, random: 0 };
  for (const { path, text } of packageTexts(directory)) {
    const lines = text.split('\n').length;
    counts.lines += lines;
    if (holdsKeyOrToken(text)) {
      counts.whole += lines;
      console.log(`  ${path} is left out (${lines} lines)`);
      continue;
    }
    const lineOf = ({ start }: { readonly start: number }): number => text.lastIndexOf('\n', start);
    const beside = findInPieces(text, (whole) => [...findNamedLiterals(path, whole), ...findCredentials(whole)]);
    counts.beside += new Set(beside.map(lineOf)).size;
    counts.random += new Set(findInPieces(text, findRandomTokens).map(lineOf)).size;
  }
  const share = (count: number): string => `${count} (${((100 * count) / counts.lines).toFixed(4)} %)`;
  console.log(`lines of twenty packages: ${counts.lines}`);
  console.log(`  in files left out: ${share(counts.whole)}`);
  console.log(`  with a password or token seen by mistake: ${share(counts.beside)}`);
  console.log(`  with a long random token: ${share(counts.random)}`);
}

function* textsOf(directory: string): Generator<string> {
  for (const { text } of packageTexts(directory)) yield text;
}

const packages = fetchPackages('.cache/bench/packages');
if (argument === '--pairs') console.log(JSON.stringify(characterPairs(textsOf(packages)), null, 1));
else {
  await measureKinds(Number(argument));
  await measureKeys(Math.ceil(Number(argument) / 20));
  measureMistakes(packages);
}
