import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createFolderStore } from '../../src/objectStore/folderStore';
import { isTemporary, type ObjectStore } from '../../src/objectStore/objectStore';
import { createS3Store } from '../../src/objectStore/s3Store';
import { parseS3Address } from '../../src/objectStore/storeAddress';
import { startS3Server, type S3Server } from './s3Server';

let directory: string;
let server: S3Server;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'recur-store-'));
  server = await startS3Server('bucket');
  vi.stubEnv('AWS_ENDPOINT_URL_S3', server.endpoint);
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'key');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'hidden-secret');
});

afterAll(async () => {
  vi.unstubAllEnvs();
  await server.close();
  await rm(directory, { recursive: true, force: true });
});

const bytes = (text: string): Uint8Array => Buffer.from(text);
const textOf = (data: Uint8Array | undefined): string | undefined => data && Buffer.from(data).toString();

describe.each<[string, (name: string) => ObjectStore]>([
  ['a folder', (name) => createFolderStore(join(directory, name))],
  ['S3', (name) => createS3Store({ bucket: 'bucket', prefix: `some/${name}` })],
])('a store in %s', (_, open) => {
  it('gives back what was written, and nothing where nothing was', async () => {
    const store = open('objects');
    expect(await store.read('a/b')).toBeUndefined();
    expect(await store.has('a/b')).toBe(false);
    await store.write('a/b', bytes('text'));
    expect(textOf(await store.read('a/b'))).toBe('text');
    expect(await store.has('a/b')).toBe(true);
    await store.remove('a/b');
    await store.remove('a/b');
    expect(await store.read('a/b')).toBeUndefined();
  });

  it('moves a pointer only from where it was read', async () => {
    const store = open('pointers');
    expect(await store.readPointer('p')).toBeUndefined();
    expect(await store.movePointer('p', bytes('1'), undefined)).toBe(true);
    expect(await store.movePointer('p', bytes('other'), undefined)).toBe(false);
    const first = (await store.readPointer('p'))!;
    expect(textOf(first.data)).toBe('1');
    expect(await store.movePointer('p', bytes('2'), first.tag)).toBe(true);
    expect(await store.movePointer('p', bytes('other'), first.tag)).toBe(false);
    expect(textOf((await store.readPointer('p'))?.data)).toBe('2');
    await store.movePointer('p', bytes('3'), (await store.readPointer('p'))?.tag);
    expect(await store.movePointer('p', bytes('late'), first.tag)).toBe(false);
    expect(textOf((await store.readPointer('p'))?.data)).toBe('3');
    await store.removePointer('p');
    await store.removePointer('p');
    expect(await store.readPointer('p')).toBeUndefined();
  });

  it('counts each once, however many raise it at the same time', { timeout: 120_000 }, async () => {
    let run = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 6, maxLength: 12 }), async (raises) => {
        const store = open(`count-${run++}`);
        const raise = async (): Promise<void> => {
          for (;;) {
            const before = await store.readPointer('count');
            const next = bytes(`${Number(textOf(before?.data) ?? 0) + 1}`);
            if (await store.movePointer('count', next, before?.tag)) return;
          }
        };
        const workers = raises.map(async (times) => {
          for (let left = times; left > 0; left--) await raise();
        });
        await Promise.all(workers);
        const total = raises.reduce((sum, times) => sum + times, 0);
        expect(textOf((await store.readPointer('count'))?.data)).toBe(String(total));
      }),
      { numRuns: 4 },
    );
  });
});

describe('a store in a folder', () => {
  it('leaves nothing but the states of pointers behind, whose numbers nobody takes again', async () => {
    const store = createFolderStore(join(directory, 'tidy'));
    for (let state = 0; state < 3; state++)
      await store.movePointer('p', bytes('x'), (await store.readPointer('p'))?.tag);
    expect(await readdir(join(directory, 'tidy'))).toEqual(['p']);
    expect((await readdir(join(directory, 'tidy', 'p'))).sort()).toEqual(['1', '2', '3']);
    await store.removePointer('p');
    expect(await readdir(join(directory, 'tidy'))).toEqual([]);
  });

  it('says in a sentence that it is none', async () => {
    const file = join(directory, 'file');
    await writeFile(file, '');
    const error: unknown = await createFolderStore(file)
      .write('a', bytes(''))
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: 'UserError', message: `The store ${file} is no folder.` });
  });
});

describe('a store in S3', () => {
  it.each([
    [403, 'InvalidAccessKeyId', false, 'refuses these credentials (InvalidAccessKeyId)'],
    [403, 'SignatureDoesNotMatch', false, 'refuses these credentials (SignatureDoesNotMatch)'],
    [404, 'NoSuchBucket', false, 'no bucket for the store s3://bucket/p'],
    [507, 'InsufficientStorage', true, 'is full (InsufficientStorage)'],
    [503, 'SlowDown', true, 'fails (503 SlowDown)'],
  ] as const)('says %i %s in a sentence without secrets', { timeout: 60_000 }, async (status, code, passes, words) => {
    server.failure = { status, code };
    const store = createS3Store({ bucket: 'bucket', prefix: 'p' });
    const error: unknown = await store.write('a', bytes('x')).catch((thrown: unknown) => thrown);
    server.failure = undefined;
    expect(isTemporary(error)).toBe(passes);
    expect(error).toMatchObject({ name: 'UserError', message: expect.stringContaining(words) as string });
    expect(JSON.stringify(error)).not.toContain('hidden-secret');
  });

  it('that nobody answers for may be tried again', async () => {
    const gone = await startS3Server('bucket');
    await gone.close();
    vi.stubEnv('AWS_ENDPOINT_URL_S3', gone.endpoint);
    const error: unknown = await createS3Store({ bucket: 'bucket', prefix: '' })
      .read('a')
      .catch((thrown: unknown) => thrown);
    vi.stubEnv('AWS_ENDPOINT_URL_S3', server.endpoint);
    expect(isTemporary(error)).toBe(true);
    expect(error).toMatchObject({ message: 'The store s3://bucket cannot be reached (ECONNREFUSED).' });
  });
});

describe('the address of a store', () => {
  it.each([
    ['/srv/models', undefined],
    ['models', undefined],
    ['s3://models', { bucket: 'models', prefix: '' }],
    ['s3://models/team/web/', { bucket: 'models', prefix: 'team/web' }],
  ])('%s', (address, expected) => expect(parseS3Address(address)).toEqual(expected));

  it.each(['http://host/bucket', 's3://', 's3://key:secret@bucket/x', 'gs://bucket'])('%s is refused', (address) =>
    expect(() => parseS3Address(address)).toThrow('A store is a folder, or s3://BUCKET/PREFIX.'),
  );
});
