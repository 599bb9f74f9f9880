import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultCorpus, defaultTraining } from '../../src/core/configuration';
import type { WorkspaceFolder } from '../../src/text/document';
import { qualityOf } from '../../src/text/metrics';
import type { Weights } from '../../src/core/parameters';
import { formatVersion, type RunConfiguration, type SplitEntry } from '../../src/store/files';
import { graphName, paths, publishModel } from '../../src/store/modelDirectory';
import { exported, model, vocabulary } from '../inference/testSession';
import { sha256Of } from '../../src/core/sha256';

const run = 'run-1';

export const temporaryFolder = (name: string): Promise<string> => mkdtemp(join(tmpdir(), `recur-${name}-`));

/** Publishes a network as the model in use of a directory. */
export function publish(directory: string, id: string, weights?: Weights, of = vocabulary): Promise<string> {
  const manifest = {
    id,
    run,
    createdAt: new Date().toISOString(),
    model,
    codePoints: [...of.codePoints],
    step: 1,
    validation: qualityOf(1),
    test: null,
  };
  return publishModel(directory, manifest, new Map([[graphName, exported(weights, of)]]));
}

/** Writes files, and the record of a run that split them so. */
export async function recordRun(
  directory: string,
  folder: WorkspaceFolder,
  files: readonly { path: string; text: string; part: SplitEntry['part'] }[],
): Promise<void> {
  for (const { path, text } of files) {
    await mkdir(join(folder.directory, path, '..'), { recursive: true });
    await writeFile(join(folder.directory, path), text);
  }
  const configuration: RunConfiguration = {
    formatVersion,
    run,
    createdAt: new Date().toISOString(),
    folders: [folder],
    corpus: { ...defaultCorpus, include: [], exclude: [] },
    training: defaultTraining,
    codePoints: [...vocabulary.codePoints],
    split: files.map(({ path, text, part }) => ({ path, sha256: sha256Of(text), part })),
  };
  await mkdir(paths.run(directory, run), { recursive: true });
  await writeFile(paths.runConfiguration(paths.run(directory, run)), JSON.stringify(configuration));
}
