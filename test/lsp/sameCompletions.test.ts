import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runCli, runCliWith } from '../cli/runCli';
import { onCpu, uriOf } from './languageClient';
import { startClient } from './startClient';

const fixture = join(import.meta.dirname, '../fixtures/workspace');
const file = 'src/core/proxy.ts';
const text = readFileSync(join(fixture, file), 'utf8');

/** Places in the first half of some lines with something on them. */
const places = text.split('\n').flatMap((content, line) => {
  const character = Math.floor(content.length / 2);
  return line % 23 === 3 && content.trim().length > 4 ? [{ line, character }] : [];
});

const offsetOf = ({ line, character }: { line: number; character: number }): number =>
  text.split('\n', line).join('\n').length + (line > 0 ? 1 : 0) + character;

/** The text up to a place, and what a whole line would go on with left out. */
const textUpTo = (place: { line: number; character: number }): string =>
  `${text.slice(0, offsetOf(place))}\n${text.slice(text.indexOf('\n', offsetOf(place)) + 1)}`;

let workspace: string;
let trained: string;

/** What `recur complete` offers at each place. */
async function byCommandLine(model: readonly string[]): Promise<string[]> {
  const requests = places.map((place, id) => {
    return JSON.stringify({ id, path: file, text: textUpTo(place), offset: offsetOf(place) });
  });
  const options = ['--multiline', 'auto', '--minimum-confidence', '0.2', '--provider', 'cpu', '--workspace', workspace];
  const result = await runCliWith(requests.join('\n'), 'complete', '--requests', ...options, ...model);
  expect({ code: result.code, stderr: result.stderr }).toEqual({ code: 0, stderr: '' });
  return result.lines.map(({ shown, text: offered }) => (shown === true ? (offered as string) : ''));
}

/** What the language server offers at each place. */
async function byLanguageServer(model: readonly string[]): Promise<string[]> {
  const client = await startClient({
    folders: [workspace],
    arguments: model,
    settings: { ...onCpu, completions: { minimumConfidence: 0.2 } },
  });
  const uri = uriOf(join(workspace, file));
  const offered: string[] = [];
  client.open(uri, textUpTo(places[0]!));
  await client.complete(uri, 0, 0);
  await client.until(/^progress end/);
  for (const [index, place] of places.entries()) {
    client.change(uri, index + 2, { text: textUpTo(place) });
    const [item] = await client.complete(uri, place.line, place.character);
    offered.push((item?.insertText as string | undefined) ?? '');
  }
  return offered;
}

beforeAll(async () => {
  [workspace, trained] = [mkdtempSync(join(tmpdir(), 'recur-same-')), mkdtempSync(join(tmpdir(), 'recur-same-'))];
  cpSync(fixture, workspace, { recursive: true });
  const small = ['--hidden', '24', '--embedding', '8', '--batch', '8', '--sequence', '32'];
  expect((await runCli('train', workspace, '--out', trained, '--steps', '60', '--from', 'none', ...small)).code).toBe(
    0,
  );
}, 240_000);

afterAll(() => {
  for (const folder of [workspace, trained]) rmSync(folder, { recursive: true, force: true });
});

it.each([
  ['the model that comes with Recur', () => []],
  ['a model that was trained on the workspace', () => ['--model', trained]],
])('the server offers what recur complete prints, by %s', { timeout: 240_000 }, async (_, modelOptions) => {
  const model = modelOptions();
  const printed = await byCommandLine(model);
  const offered = await byLanguageServer(model);
  expect(places.map((place, index) => [place.line, offered[index]])).toEqual(
    places.map((place, index) => [place.line, printed[index]]),
  );
  expect(new Set(offered).size).toBeGreaterThan(2);
});
