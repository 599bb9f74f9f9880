import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { beforeEach, describe, expect, it } from 'vitest';
import { ExitNotification, InlineCompletionTriggerKind } from 'vscode-languageserver-protocol/node';
import { tokenOf } from '../../src/text/vocabulary';
import { git, temporaryFolder, writeFiles } from '../corpus/temporaryFolder';
import { publish } from '../engine/modelFolder';
import { constantWeights, vocabulary } from '../inference/testSession';
import { onCpu, uriOf, type LanguageClient } from './languageClient';
import { startClient, startedBy } from './startClient';

let folder: string;
let models: string;

const uri = (path: string): string => uriOf(join(folder, path));

beforeEach(async () => {
  [folder, models] = [temporaryFolder(), temporaryFolder()];
  await publish(models, 'dots-1', constantWeights({ [tokenOf(vocabulary, 0x2e)]: 20 }));
});

/** A model that completes with dots everywhere, without a memory. */
const startDots = (recur: object = {}) =>
  startClient({
    folders: [folder],
    arguments: ['--model', models],
    settings: { ...onCpu, completions: { memory: false, maxCharacters: 5 }, ...recur },
  });

/** What is offered at the end of a text of one line. */
async function offeredIn(client: LanguageClient, name: string, text: string, languageId?: string): Promise<unknown[]> {
  client.open(uri(name), text, languageId);
  const items = await client.complete(uri(name), 0, text.length);
  return items.map(({ insertText }) => insertText);
}

const dots = ['.....'];

const endOf = (text: string): { line: number; character: number } => {
  const lines = text.split('\n');
  return { line: lines.length - 1, character: lines.at(-1)!.length };
};

describe('recur lsp', () => {
  it('completes at the cursor by the model that comes with Recur, where nothing was trained yet', async () => {
    const client = await startClient({ folders: [folder] });
    expect(client.initialized.serverInfo).toMatchObject({ name: 'recur' });
    client.open(uri('add.ts'), 'export function add(a: number, b: number): number {\n  ret\n}\n');
    const [item, ...others] = await client.complete(uri('add.ts'), 1, 5);
    const place = { line: 1, character: 5 };
    expect(item).toMatchObject({ insertText: expect.stringMatching(/^urn\b/) as string });
    expect(item!.range).toEqual({ start: place, end: place });
    // Who asks by a command gets other lines too.
    const lines = [item, ...others].map(({ insertText } = { insertText: '' }) => insertText);
    expect(new Set(lines).size).toBe(lines.length);
    expect((await client.status()).engine).toMatchObject({ isBase: true, answers: 'both' });
    // Whoever types waits no longer than a quarter of a second.
    await client.until(/^progress end/);
    const { Automatic } = InlineCompletionTriggerKind;
    let typed: unknown[] = [];
    while (typed.length === 0) typed = await client.complete(uri('add.ts'), 1, 5, { triggerKind: Automatic });
    expect(typed).toMatchObject([{ insertText: item!.insertText }]);
    expect(await client.end()).toBe(0);
  });

  it('goes on with what is selected in the list of suggestions, in the range that it replaces', async () => {
    const client = await startDots();
    client.open(uri('a.ts'), 'x = or\n');
    const ask = (text: string) => client.complete(uri('a.ts'), 0, 6, { selected: { from: 4, text } });
    expect(await ask('or..')).toMatchObject([
      { insertText: 'or.....', range: { start: { line: 0, character: 4 }, end: { line: 0, character: 6 } } },
    ]);
    expect(await ask('order')).toEqual([]);
  });

  it('offers nothing inside a word, in a document that is not open, or past its end', async () => {
    const client = await startDots();
    client.open(uri('a.ts'), 'let order = 1;\n');
    expect(await client.complete(uri('a.ts'), 0, 6)).toEqual([]);
    expect(await client.complete(uri('b.ts'), 0, 0)).toEqual([]);
    expect(await client.complete(uri('a.ts'), 9, 9)).toMatchObject([{ insertText: '.....' }]);
  });

  it('leaves alone what is secret, ignored or excluded, and sees when that changes', async () => {
    git(folder, 'init', '-q');
    writeFiles(folder, { '.gitignore': 'ignored.ts\n' });
    const client = await startDots({ exclude: ['excluded/**'] });
    const token = ['ghp', 'wWPw5k4aXcaT4fNP0UcnZwJUVFk6LO0pINUx'].join('_');
    expect(await offeredIn(client, 'plain.ts', 'let a = ')).toEqual(dots);
    expect(await offeredIn(client, '.env', 'A=')).toEqual([]);
    expect(await offeredIn(client, 'excluded/a.ts', 'let a = ')).toEqual([]);
    expect(await offeredIn(client, 'ignored.ts', 'let a = ')).toEqual([]);
    expect(await offeredIn(client, 'token.ts', `const token = '${token}'; let a = `)).toEqual([]);
    writeFiles(folder, { '.gitignore': 'plain.ts\n' });
    await client.connection.sendNotification('workspace/didChangeWatchedFiles', {
      changes: [{ uri: uri('.gitignore'), type: 2 }],
    });
    expect(await client.complete(uri('plain.ts'), 0, 8)).toEqual([]);
    expect(await client.complete(uri('ignored.ts'), 0, 8)).toMatchObject([{ insertText: '.....' }]);
  });

  it.each([
    ['off', { enabled: false }, 'typescript', []],
    ['off in this language', { languages: { typescript: false } }, 'typescript', []],
    ['off in all others', { languages: { '*': false, typescript: true } }, 'typescript', dots],
    ['only sure ones', { minimumConfidence: 1 }, 'typescript', []],
    ['sure ones in prose', { prose: 'quiet' }, 'markdown', dots],
    ['none in prose', { prose: 'never' }, 'markdown', []],
  ])('keeps to the settings: %s', async (_, completions, language, offered) => {
    const client = await startDots({ completions: { memory: false, maxCharacters: 5, ...completions } });
    expect(await offeredIn(client, 'a.ts', 'let a = ', language)).toEqual(offered);
  });

  it('keeps to settings that change, and to those of a client that cannot be asked', async () => {
    const client = await startDots();
    expect(await offeredIn(client, 'a.ts', 'let a = ')).toEqual(dots);
    client.settings = { 'completions.maxCharacters': 3, completions: { memory: false }, ...onCpu };
    await client.connection.sendNotification('workspace/didChangeConfiguration', { settings: null });
    while ((await client.complete(uri('a.ts'), 0, 8))[0]?.insertText !== '...');

    const recur = { ...onCpu, completions: { memory: false, maxCharacters: 4 } };
    const older = await startClient({
      ...{ folders: [folder], arguments: ['--model', models], capabilities: {}, initializationOptions: { recur } },
    });
    expect(await offeredIn(older, 'a.ts', 'let a = ')).toEqual(['....']);
    await older.connection.sendNotification('workspace/didChangeConfiguration', {
      settings: { recur: { ...recur, completions: { memory: false, maxCharacters: 3 } } },
    });
    expect((await older.complete(uri('a.ts'), 0, 8))[0]).toMatchObject({ insertText: '...' });
  });

  it('offers only what is surer where what it offered was typed over, and the same again where it is taken', async () => {
    // Every further dot makes a line less probable: how many are offered shows how sure one has to be.
    await publish(models, 'dots-2', constantWeights({ [tokenOf(vocabulary, 0x2e)]: 7 }));
    const completions = { memory: false, maxCharacters: 40, minimumConfidence: 0.5 };
    const client = await startDots({ completions });
    const { Automatic, Invoked } = InlineCompletionTriggerKind;
    let [text, version] = ['', 1];
    client.open(uri('a.ts'), text);
    const write = (added: string): void => {
      const end = endOf(text);
      client.change(uri('a.ts'), ++version, { range: { start: end, end }, text: added });
      text += added;
    };
    const ask = async (triggerKind: InlineCompletionTriggerKind): Promise<string> => {
      const { line, character } = endOf(text);
      const [item] = await client.complete(uri('a.ts'), line, character, { triggerKind });
      return (item?.insertText as string | undefined) ?? '';
    };
    /** On a new line; whoever types is answered soon or not at all. */
    const offered = async (): Promise<string> => {
      write('\nlet a = ');
      for (;;) {
        const dots = await ask(Automatic);
        if (dots !== '') return dots;
      }
    };
    await ask(Invoked);
    const first = await offered();
    let now = first;
    for (let over = 0; over < 12 && now.length >= first.length; over++) {
      // Somebody who types on at once has not read it.
      await setTimeout(400);
      write('1;');
      now = await offered();
    }
    expect(now.length).toBeLessThan(first.length);
    expect((await client.status()).completions.rejected).toBeGreaterThan(3);
    // Who asks by a command gets all.
    expect(await ask(Invoked)).toBe(first);
    for (let taken = 0; taken < 2; taken++) {
      write(await ask(Invoked));
      write('\nlet b = ');
    }
    expect(await offered()).toBe(first);
  });

  it('says what is wrong with a setting, once', async () => {
    const client = await startDots({ 'completions.minimumConfidence': 7, ...onCpu });
    expect(await offeredIn(client, 'a.ts', 'let a = ')).toEqual([]);
    await client.until(/^show .*recur\.completions\.minimumConfidence is 7\. It must be a number from 0 to 1\.$/);
  });
});

/** Whether processes run; those that ended and were not asked about yet do not. */
function running(pids: readonly number[]): number[] {
  return pids.filter((pid) => {
    try {
      process.kill(pid, 0);
      return !execFileSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' }).startsWith('Z');
    } catch {
      return false;
    }
  });
}

describe.skipIf(process.platform === 'win32')('nothing of the server is left', () => {
  it.each([
    ['it is told to end without a shutdown', 1, (client) => client.connection.sendNotification(ExitNotification.type)],
    ['its input is closed', 1, ({ child }) => Promise.resolve(child.stdin!.end())],
    ['it is killed', null, ({ child }) => Promise.resolve(child.kill('SIGKILL'))],
  ] satisfies [string, number | null, (client: LanguageClient) => Promise<unknown>][])(
    'where %s',
    async (_, expected, end) => {
      const client = await startDots();
      await offeredIn(client, 'a.ts', 'let a = ');
      const children = startedBy(client);
      expect(children.length).toBe(1);
      const ended = once(client.child, 'exit');
      await end(client);
      expect((await ended)[0]).toBe(expected);
      while (running(children).length > 0) await setTimeout(20);
    },
  );
});
