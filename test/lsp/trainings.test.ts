import { cpSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readCurrent } from '../../src/store/modelDirectory';
import { git, temporaryFolder, writeFiles } from '../corpus/temporaryFolder';
import { publish } from '../engine/modelFolder';
import { onCpu, uriOf } from './languageClient';
import { startClient } from './startClient';

const fixture = join(import.meta.dirname, '../fixtures/workspace');

/** A small network that goes on until it is stopped. */
const training = { minutes: 60, from: 'none', hidden: 32, embedding: 16, batch: 8, sequence: 32, threads: 1 };

it(
  'trains by command, tells how that goes, stops by command, and completes with what it has learned',
  { timeout: 240_000 },
  async () => {
    const folder = temporaryFolder();
    cpSync(fixture, folder, { recursive: true });
    const client = await startClient({ folders: [folder], settings: { ...onCpu, training } });
    expect(await client.command('recur.stop')).toEqual({ stopped: false });
    expect(await client.command('recur.train')).toMatchObject({ training: { phase: 'reading' } });
    await expect(client.command('recur.train')).rejects.toThrow('A training runs already.');
    await client.until(/^progress Recur: training$/);
    await client.until(/^progress .*perplexity .* left$/);
    expect((await client.status()).training).toMatchObject({
      phase: 'training',
      message: expect.any(String) as string,
    });
    expect(await client.command('recur.stop')).toEqual({ stopped: true });
    await client.until(/^show Stopped after [\d,]+ steps in .*Validation perplexity/);
    await client.until(/^progress end$/);

    const models = join(folder, '.recur');
    expect(readFileSync(join(models, '.gitignore'), 'utf8')).toBe('*\n');
    const status = await client.status();
    expect(status).toMatchObject({ modelDirectory: models, training: { phase: 'done' } });
    const uri = uriOf(join(folder, 'a.ts'));
    client.open(uri, 'let a = ');
    await client.complete(uri, 0, 8);
    expect((await client.status()).engine).toMatchObject({ id: await readCurrent(models), isBase: false });
  },
);

it('says why it does not train, and what it does not know', async () => {
  const client = await startClient({ folders: [] });
  await expect(client.command('recur.train')).rejects.toThrow('No folder is open.');
  await expect(client.command('recur.train', { minutes: 1 })).rejects.toThrow('takes nothing, or {"resume": true}');
  await expect(client.command('recur.unknown')).rejects.toThrow('Recur has no command recur.unknown.');
  expect(await client.status()).toMatchObject({ modelDirectory: null });
});

it('uses no model that a repository brings along, unless it is named', async () => {
  const folder = temporaryFolder();
  const models = join(folder, '.recur');
  await publish(models, 'brought-1');
  git(folder, 'init', '-q');
  git(folder, 'add', '-f', '.recur');
  const uri = uriOf(join(folder, 'a.ts'));
  const modelOf = async (settings: object) => {
    const client = await startClient({ folders: [folder], settings: { ...onCpu, ...settings } });
    client.open(uri, 'let a = ');
    await client.complete(uri, 0, 8);
    return { client, engine: (await client.status()).engine };
  };
  const { client, engine } = await modelOf({});
  expect(engine.isBase).toBe(true);
  await client.until(
    /^show The model in .*\.recur is a part of the repository, which may come from anybody\. Name its/,
  );
  expect((await modelOf({ modelDirectory: models })).engine.id).toBe('brought-1');
});

it(
  'follows another model that is put into use, and files that other programs write',
  { timeout: 120_000 },
  async () => {
    const folder = temporaryFolder();
    const lines = (call: string): string => ['one', 'two', 'ten'].map((name) => `const ${name} = ${call};\n`).join('');
    writeFiles(folder, { 'other.ts': lines('rememberAll(first, second)') });
    const client = await startClient({ folders: [folder] });
    const uri = uriOf(join(folder, 'a.ts'));
    const offered = async (text: string): Promise<unknown> => {
      client.open(uri, text);
      const [item] = await client.complete(uri, 0, text.length);
      return item?.insertText;
    };
    while (!String(await offered('const six = rememberAll(first, ')).startsWith('second)'));
    expect(client.registrations.map(({ method }) => method)).toContain('workspace/didChangeWatchedFiles');

    writeFiles(folder, { 'outside.ts': lines('writtenOutside(fifth, sixth)') });
    const changes = [{ uri: uriOf(join(folder, 'outside.ts')), type: 1 }];
    await client.connection.sendNotification('workspace/didChangeWatchedFiles', { changes });
    while (!String(await offered('const six = writtenOutside(fifth, ')).startsWith('sixth)'));

    expect(existsSync(join(folder, '.recur'))).toBe(false);
    await publish(join(folder, '.recur'), 'other-1');
    while ((await client.status()).engine.id !== 'other-1');
  },
);

it('follows folders that are opened and closed', async () => {
  const [first, second] = [temporaryFolder(), temporaryFolder()];
  const client = await startClient({ folders: [first] });
  const folder = (directory: string) => ({ uri: uriOf(directory), name: '' });
  const event = { added: [folder(second)], removed: [folder(first)] };
  await client.connection.sendNotification('workspace/didChangeWorkspaceFolders', { event });
  expect((await client.status()).modelDirectory).toBe(join(second, '.recur'));
});
