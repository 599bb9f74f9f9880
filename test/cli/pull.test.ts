import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defaultCorpus, defaultKeptModels, defaultTraining } from '../../src/core/configuration';
import { keepResult, publishResult } from '../../src/jobs/publishing';
import { createFolderStore } from '../../src/objectStore/folderStore';
import { graphName, listIdentifiers, paths, readCurrent, writeModel } from '../../src/store/modelDirectory';
import { qualityOf } from '../../src/text/metrics';
import { runCli } from './runCli';

const nights = Array.from({ length: defaultKeptModels + 2 }, (_, index) => `2026010${index + 1}`);
let directory: string;

/** Publishes what a night's training has made. */
async function publish(night: string): Promise<void> {
  const createdAt = `${night.slice(0, 4)}-${night.slice(4, 6)}-${night.slice(6)}T02:00:00.000Z`;
  const [local, run] = [join(directory, 'local'), `${night}-000000-aaaaaa`];
  const configuration = {
    ...{ formatVersion: 1, run, createdAt, folders: [], corpus: defaultCorpus },
    ...{ training: defaultTraining, codePoints: [], split: [] },
  };
  await mkdir(paths.run(local, run), { recursive: true });
  await writeFile(paths.runConfiguration(paths.run(local, run)), JSON.stringify(configuration));
  const manifest = {
    ...{ id: `${night}-020000-aaaaaa`, run, createdAt, model: defaultTraining.model },
    ...{ codePoints: [], step: 10, validation: null, test: null },
  };
  const model = await writeModel(local, manifest, new Map([[graphName, Buffer.from(night)]]));
  const result = await keepResult(createFolderStore(join(directory, 'store')), model, {
    ...{ job: night, name: 'web', source: 'text', steps: 10, validation: qualityOf(1), test: null, reason: 'budget' },
  });
  await publishResult(createFolderStore(join(directory, 'store')), result, 30);
}

const pull = (...options: string[]) => runCli('pull', 'web', '--store', join(directory, 'store'), '--json', ...options);

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'recur-pull-'));
  for (const night of nights) await publish(night);
});

afterAll(() => rm(directory, { recursive: true, force: true }));

describe('what a team has published', () => {
  it('comes, where no folder is named, into one that git ignores', async () => {
    const { code, lines } = await pull();
    expect(code).toBe(0);
    const out = dirname(dirname(lines.at(-1)!.model as string));
    expect(await readFile(join(out, '.gitignore'), 'utf8')).toBe('*\n');
  });

  it('stays for as many versions as trainings do', async () => {
    const out = join(directory, 'out');
    for (const version of nights.keys()) await pull('--out', out, '--version', String(version + 1));
    const models = nights.map((night) => `${night}-020000-aaaaaa`);
    expect(await listIdentifiers(paths.models(out))).toEqual(models.slice(-defaultKeptModels));
    expect(await readCurrent(out)).toBe(models.at(-1));
  });
});
