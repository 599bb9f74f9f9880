import fc from 'fast-check';
import { join } from 'node:path';
import { CancellationTokenSource, LSPErrorCodes } from 'vscode-languageserver-protocol/node';
import { TextDocument, type TextDocumentContentChangeEvent } from 'vscode-languageserver-textdocument';
import { expect, it } from 'vitest';
import { createRandom } from '../../src/core/random';
import { sha256Of } from '../../src/core/sha256';
import { applyChanges } from '../../src/lsp/openDocuments';
import type { TextEdit } from '../../src/text/textEdit';
import { tokenOf } from '../../src/text/vocabulary';
import { temporaryFolder } from '../corpus/temporaryFolder';
import { publish } from '../engine/modelFolder';
import { constantWeights, vocabulary } from '../inference/testSession';
import { onCpu, uriOf } from './languageClient';
import { startClient, startedBy } from './startClient';

const applied = (text: string, { offset, length, text: inserted }: TextEdit): string =>
  text.slice(0, offset) + inserted + text.slice(offset + length);

/** Lines that end in any way. */
const anyText = fc.string({ unit: fc.constantFrom('a', ' ', '\n', '\r', '\r\n', '😀'), maxLength: 30 });
const anyPlace = fc.record({ line: fc.nat(8), character: fc.nat(8) });
const anyChange: fc.Arbitrary<TextDocumentContentChangeEvent> = fc.oneof(
  fc.record({ text: anyText }),
  fc.record({ text: anyText, range: fc.record({ start: anyPlace, end: anyPlace }) }),
);

const changeAt = (from: number, to: number, text: string): TextDocumentContentChangeEvent => {
  return { text, range: { start: { line: from, character: 0 }, end: { line: to, character: 0 } } };
};

it('what the engine is told of changes leads to the text of the client, whatever ends its lines', () => {
  fc.assert(
    fc.property(anyText, fc.array(anyChange, { maxLength: 6 }), (text, changes) => {
      const withLineFeeds = (any: string): string => any.replace(/\r(?!\n)/g, '\n');
      const content = TextDocument.create('file:///a', 'text', 1, text);
      const edits = applyChanges(content, changes, 2);
      expect(edits.reduce(applied, withLineFeeds(text))).toBe(withLineFeeds(content.getText()));
    }),
    { examples: [['', [changeAt(6, 7, '\r\n'), changeAt(1, 1, '')]]] }, // behind the last line
  );
});

const edits = 2_000;
const words = ['let order = ', 'total(', ');', '\n', ' ', '😀', 'a', '.'];

/** A change of a text at a random place: mostly something typed, sometimes something deleted. */
function randomChange(text: string, random: ReturnType<typeof createRandom>) {
  const offset = random.integer(text.length + 1);
  const length = random.integer(4) === 0 ? Math.min(random.integer(6), text.length - offset) : 0;
  const inserted = length > 0 ? '' : words[random.integer(words.length)]!;
  const place = (at: number) => {
    const lines = text.slice(0, at).split('\n');
    return { line: lines.length - 1, character: lines.at(-1)!.length };
  };
  const range = { start: place(offset), end: place(offset + length) };
  return { change: { range, text: inserted }, next: applied(text, { offset, length, text: inserted }) };
}

async function startDots() {
  const [folder, models] = [temporaryFolder(), temporaryFolder()];
  await publish(models, 'dots-1', constantWeights({ [tokenOf(vocabulary, 0x2e)]: 20 }));
  const settings = { ...onCpu, completions: { memory: false, maxCharacters: 5 } };
  const client = await startClient({ folders: [folder], arguments: ['--model', models], settings });
  return { client, uri: uriOf(join(folder, 'a.ts')) };
}

it(`no edit of ${edits.toLocaleString('en')} is lost, with a request after each that the next one cancels`, async () => {
  const { client, uri } = await startDots();
  const random = createRandom(7);
  let text = '';
  client.open(uri, text);
  await client.complete(uri, 0, 0);
  const answers: Promise<unknown>[] = [];
  let last = new CancellationTokenSource();
  for (let edit = 0; edit < edits; edit++) {
    last.cancel();
    const { change, next } = randomChange(text, random);
    client.change(uri, edit + 2, change);
    text = next;
    last = new CancellationTokenSource();
    const asked = client.complete(uri, change.range.start.line, change.range.start.character, { token: last.token });
    answers.push(asked.catch((error: unknown) => (error as { code?: number }).code));
    // As an editor does, which hears what comes back between two keys.
    if (edit % 10 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  const codes = (await Promise.all(answers)).filter((answer) => !Array.isArray(answer));
  expect(new Set(codes)).toEqual(new Set([LSPErrorCodes.RequestCancelled]));
  const version = edits + 1;
  expect((await client.status()).documents).toEqual([{ uri, version, length: text.length, sha256: sha256Of(text) }]);
  // The engine has that text too: it completes behind what stands at the end of it.
  client.change(uri, version + 1, { text: `${text}\nlet a = ` });
  expect(await client.complete(uri, text.split('\n').length, 8)).toMatchObject([{ insertText: '.....' }]);
  expect(client.said.filter((line) => /could not be sent|No completion|broken|error/.test(line))).toEqual([]);
});

it.skipIf(process.platform === 'win32')(
  'a request that is cancelled while the engine works is answered without it, and the engine is free for the next',
  async () => {
    const { client, uri } = await startDots();
    // Long enough for the network to read for a while.
    const text = `${'let order = total(first, second);\n'.repeat(6_000)}let a = `;
    client.open(uri, text);
    const source = new CancellationTokenSource();
    const asked = client.complete(uri, 6_000, 8, { token: source.token });
    await client.until(/^log Model .* is in use/);
    const [engine] = startedBy(client);
    process.kill(engine!, 'SIGSTOP');
    source.cancel();
    await expect(asked).rejects.toMatchObject({ code: LSPErrorCodes.RequestCancelled });
    process.kill(engine!, 'SIGCONT');
    client.change(uri, 2, { text: 'let a = ' });
    expect(await client.complete(uri, 0, 8)).toMatchObject([{ insertText: '.....' }]);
  },
);
