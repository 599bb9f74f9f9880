import { constants } from 'node:buffer';
import { execFileSync } from 'node:child_process';
import { truncateSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { defaultCorpus } from '../../src/core/configuration';
import type { Corpus } from '../../src/text/document';
import { UserError } from '../../src/core/errors';
import { silentLogger } from '../../src/core/logger';
import { readDocuments } from '../../src/corpus/readDocuments';
import { temporaryFolder, writeFiles } from './temporaryFolder';

function read(directory: string, paths: string[], folders: string[] = []): Promise<Corpus> {
  const known = folders.map((name) => ({ directory: join(directory, name), name }));
  const absolute = paths.map((path) => join(directory, path));
  return readDocuments(absolute, known, defaultCorpus, silentLogger);
}

it('reads named files whatever their name, and folders by the rules of a corpus', async () => {
  const directory = temporaryFolder();
  writeFiles(directory, { '.env': 'A=1\r\n', 'src/a.ts': 'a', 'src/yarn.lock': 'b', 'src/deep/b.ts': 'c' });
  expect(await read(directory, ['.env', 'src', 'src/deep/b.ts'])).toEqual({
    documents: [
      { path: '.env', text: 'A=1\n' },
      { path: 'a.ts', text: 'a' },
      { path: 'b.ts', text: 'c' },
    ],
    leftOut: { generated: 1 },
  });
});

it('gives files of the corpus the path that they have there', async () => {
  const directory = temporaryFolder();
  writeFiles(directory, { 'one/src/a.ts': 'a', 'two/b.ts': 'b', 'three/c.ts': 'c' });
  const paths = async (...folders: string[]): Promise<string[]> =>
    (await read(directory, ['one/src', 'two/b.ts', 'three'], folders)).documents.map(({ path }) => path);
  expect(await paths('one')).toEqual(['src/a.ts', 'b.ts', 'c.ts']);
  expect(await paths('one', 'two')).toEqual(['one/src/a.ts', 'two/b.ts', 'c.ts']);
});

it('says in one sentence what cannot be measured', async () => {
  const directory = temporaryFolder();
  writeFiles(directory, { 'image.png': Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0, 0]) });
  await expect(read(directory, ['missing.ts'])).rejects.toThrow(UserError);
  await expect(read(directory, ['image.png'])).rejects.toThrow('is not a text');
});

it('says in one sentence that a file is larger than a text can be', async () => {
  const directory = temporaryFolder();
  writeFiles(directory, { 'huge.sql': 'select 1;' });
  // Some 560 MB, of which the disk holds a line.
  truncateSync(join(directory, 'huge.sql'), constants.MAX_STRING_LENGTH + 1);
  await expect(read(directory, ['huge.sql'])).rejects.toThrow(/huge\.sql is too large to be read as one text\.$/);
});

it.skipIf(process.platform === 'win32')('does not wait for a pipe that nobody writes to', async () => {
  const directory = temporaryFolder();
  execFileSync('mkfifo', [join(directory, 'pipe')]);
  await expect(read(directory, ['pipe'])).rejects.toThrow('cannot be read');
});
