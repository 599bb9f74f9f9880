import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { changedSince } from '../../../src/extension/sidebar/filesChangedSince';
import { writeCorpusReport } from '../../../src/store/corpusReport';
import type { CorpusReport } from '../../../src/store/files';
import { paths } from '../../../src/store/modelDirectory';

const run = { id: '20260101-000000-aaaaaa', readAtMs: Date.parse('2026-01-01T00:00:00Z') };

describe('files that have changed since a training read them', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'recur-changed-'));
    await mkdir(paths.run(folder, run.id), { recursive: true });
  });
  afterEach(() => rm(folder, { recursive: true }));

  async function read(...names: readonly string[]): Promise<void> {
    const listed = names.map((path) => ({ path, part: 'training' as const, characters: 1, nats: null }));
    const report: CorpusReport = {
      ...{ formatVersion: 1, files: names.length, characters: names.length },
      ...{ languages: [], listed, leftOut: [] },
    };
    await writeCorpusReport(folder, run.id, report);
  }

  async function written(name: string, afterMs: number): Promise<void> {
    const date = new Date(run.readAtMs + afterMs);
    await writeFile(join(folder, name), 'x');
    await utimes(join(folder, name), date, date);
  }

  const changed = () => changedSince(folder, run, [{ directory: folder, name: 'project' }]);

  it('are those that were written later, or are gone; nothing outside is looked at', async () => {
    const older = Array.from({ length: 50 }, (_, index) => `older${index}.ts`);
    await read('written.ts', ...older, 'gone.ts', '../outside.ts');
    for (const name of older) await written(name, -1_000);
    await written('written.ts', 1_000);
    await written('new.ts', 1_000);
    const found = await changed();
    expect(found?.files.map(({ path }) => path)).toEqual(['gone.ts', 'written.ts']);
    expect(found?.count).toBe(2);
  });

  it('are not known where it was not written down what was read', async () => {
    expect(await changed()).toBeUndefined();
  });

  it('are all counted, and the first of them named', async () => {
    await read(...Array.from({ length: 300 }, (_, index) => `gone${index}.ts`));
    const found = await changed();
    expect([found?.count, found?.files.length]).toEqual([300, 100]);
  });
});
