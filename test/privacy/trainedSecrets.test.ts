import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defaultCorpus } from '../../src/core/configuration';
import type { Logger } from '../../src/core/logger';
import { createEngine } from '../../src/engine/engineService';
import { readWorkspaceMemory } from '../../src/engine/memory/workspaceReading';
import type { MemoryRequest } from '../../src/protocol/engine';
import { runCli, type CliResult } from '../cli/runCli';
import {
  bodyOf,
  brokenLiterals,
  createDraw,
  fakeSecrets,
  keyLayouts,
  leaks,
  privateKeys,
} from '../corpus/secrets/fakeSecrets';
import { writeFiles } from '../corpus/temporaryFolder';

interface Place {
  readonly ending: string;
  readonly write: (line: string) => string;
  /** Puts the two halves of a line together. */
  readonly join?: (before: string, behind: string) => string;
}

/** How a file holds a line. */
const places: Readonly<Record<string, Place>> = {
  plain: { ending: 'py', write: (line) => line },
  'with CRLF': { ending: 'rb', write: (line) => `first\r\n${line}\r\n` },
  generated: { ending: 'js', write: (line) => `// @generated\n${line}` },
  minified: { ending: 'js', write: (line) => `${'var a=1;f(a,b);'.repeat(500)}\n${line}` },
  notebook: { ending: 'ipynb', write: (line) => notebook([line]) },
  'over two lines': { ending: 'py', write: (line) => line, join: brokenLiterals['joined by +']! },
};

const notebook = (lines: readonly string[]) =>
  JSON.stringify({ cells: [{ cell_type: 'code', source: lines.map((line) => `${line}\n`) }] }, null, 1);

interface Planted {
  readonly name: string;
  readonly path: string;
  readonly text: string;
  /** What somebody types who knows the half of it. */
  readonly begun: string;
  /** The other half. */
  readonly rest: string;
}

/** A name that stands in this file alone, so that no file is a copy. */
const draw = createDraw(7);
const name = () => draw('abcdefghijklmnopqrstuvwxyz', 10);
const ordinary = () => `const ${name()} = computeTheAnswer(question, ${draw('123456789', 3)});\n`.repeat(3);
/** No secret. */
const control = { begun: 'register_handler = compose', rest: 'LongName(firstPart)' };

function planted(): Planted[] {
  const lines = Object.entries(places).flatMap(
    ([place, { ending, write, join = (before: string, behind: string) => before + behind }], seed) =>
      fakeSecrets(100 + seed).map(({ kind, line, secret }, index) => {
        const middle = line.indexOf(secret) + Math.ceil(secret.length / 2);
        const [before, behind] = [line.slice(0, middle), line.slice(middle)];
        const text = `${Array.from({ length: 4 }, () => write(join(before, behind))).join('\n')}\n${ordinary()}`;
        const path = `${place.replaceAll(' ', '-')}/${index}.${ending}`;
        return {
          name: `${kind}, ${place}`,
          path,
          text,
          begun: join(before, ''),
          rest: secret.slice(-(secret.length >> 1)),
        };
      }),
  );
  const { OpenSSH, 'RSA (PKCS #8)': rsa } = privateKeys(31);
  const keys = [OpenSSH!, rsa!].flatMap((key, number) =>
    Object.entries(keyLayouts).map(([layout, write], index) => {
      const written = write(key);
      const body = bodyOf(key).join('').slice(0, -4);
      const begun = written.slice(0, Math.ceil(written.length / 2));
      const path = `keys/${number}-${index}.ts`;
      return {
        name: `private key ${number}, ${layout}`,
        path,
        text: `${written}\n${ordinary()}`,
        begun,
        rest: body.slice(body.length >> 1),
      };
    }),
  );
  return [...lines, ...keys];
}

let folder: string;
let out: string;
let training: CliResult;
const secrets = planted();
let logged = '';
const log = (message: string): void => void (logged += `${message}\n`);
const engineLog: Logger = { debug: log, info: log, warn: log, error: log };

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'recur-trained-secrets-'));
  const workspace = join(folder, 'workspace');
  out = join(workspace, '.recur');
  writeFiles(workspace, Object.fromEntries(secrets.map(({ path, text }) => [path, text])));
  const characters = Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index));
  writeFiles(workspace, { 'characters.txt': [...characters, ...characters].join('\n') });
  for (let file = 0; file < 40; file++) {
    const lines = Array.from({ length: 4 }, ordinary).join('');
    writeFiles(workspace, { [`ordinary/${file}.py`]: `${control.begun}${control.rest}\n${lines}` });
  }
  const small = ['--steps', '50', '--threads', '2', '--hidden', '64', '--batch', '16', '--first-batch', '8'];
  training = await runCli('train', workspace, ...small, '--json', '--verbose');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What is added to each text at its end, all that is drawn, however unsure. */
async function completed(texts: readonly string[], memory: MemoryRequest | undefined): Promise<string[]> {
  const engine = createEngine({}, engineLog, readWorkspaceMemory);
  if (memory) await engine.load({ directory: null, provider: 'cpu', memory });
  await engine.memoryReady();
  await engine.load({ directory: out, provider: 'cpu', ...(memory && { memory }) });
  const answers: string[] = [];
  for (const [version, text] of texts.entries()) {
    const document = { uri: 'file:///asked.py', path: 'asked.py', version };
    engine.openDocument({ ...document, text });
    const place = { ...document, offset: text.length, maxCharacters: 25, minimumConfidence: 0 };
    const answer = await engine.complete(place);
    answers.push(answer.kind === 'none' ? '' : answer.completion.text);
  }
  engine.unload();
  return answers;
}

function filesBelow(directory: string): string[] {
  const paths = readdirSync(directory, { recursive: true, encoding: 'utf8' }).map((path) => join(directory, path));
  return paths.filter((path) => statSync(path).isFile());
}

/** The names of those of which a text holds eight characters in a row. */
function heldIn(text: string, pieces: ReadonlyMap<string, string>): string[] {
  const held = new Set<string>();
  for (let start = 0; start + 8 <= text.length; start++) {
    const secret = pieces.get(text.slice(start, start + 8));
    if (secret !== undefined) held.add(secret);
  }
  return [...held];
}

describe('after a training on a workspace full of secrets', () => {
  const pieces = new Map(
    secrets.flatMap(({ name, rest }) =>
      Array.from({ length: Math.max(0, rest.length - 7) }, (_, start) => [rest.slice(start, start + 8), name] as const),
    ),
  );

  it('what it has said and logged holds none of them', () => {
    expect(training.code, training.stderr).toBe(0);
    expect(heldIn(training.stdout + training.stderr, pieces)).toEqual([]);
  });

  it('models, checkpoints, report, records and samples hold none of them', () => {
    const files = filesBelow(out);
    expect(files.map((path) => basename(path))).toEqual(
      expect.arrayContaining(['model.onnx', 'weights', 'corpus.json', 'history.jsonl', 'samples.jsonl']),
    );
    for (const file of files) expect(heldIn(readFileSync(file, 'latin1'), pieces), file).toEqual([]);
  });

  it.each([
    [
      'network and memory',
      control,
      () => ({ folders: [{ directory: join(out, '..'), name: 'w' }], corpus: defaultCorpus, patient: false }),
    ],
    ['the network alone', { begun: 'const other = computeTh', rest: 'eAns' }, () => undefined],
  ])('%s complete what is no secret, and of the secrets nothing', async (_, known, memory) => {
    const texts = [known.begun, ...secrets.map(({ begun }) => begun)];
    const [ofKnown, ...answers] = await completed(texts, memory());
    expect(ofKnown).toContain(known.rest);
    const recited = secrets.filter(({ rest }, index) => leaks(answers[index]!, rest, 5));
    expect(recited.map(({ name }) => name)).toEqual([]);
    expect(heldIn(logged, pieces)).toEqual([]);
  });
});
