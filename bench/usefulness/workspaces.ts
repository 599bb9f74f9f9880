import { createHash } from 'node:crypto';
import { mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { defaultCorpus, defaultTraining } from '../../src/core/configuration';
import { silentLogger } from '../../src/core/logger';
import { sha256Of } from '../../src/core/sha256';
import { readCorpus } from '../../src/corpus/readCorpus';
import { countCodePoints, documentsOfPart, splitFiles } from '../../src/corpus/split';
import type { SourceDocument } from '../../src/text/document';

/** A folder that is trained on and remembered, and files of the same project that are measured. */
export interface Workspace {
  /** `whole`, or how many thousand bytes of it. */
  readonly name: string;
  readonly folder: string;
  readonly heldOut: string;
}

/**
 * A project divided as a training divides it: the test part is what is measured, whatever the size; the rest, or files of it
 * that a hash of their path chooses, is the workspace.
 * @param size `whole`, or thousands of bytes
 */
export async function workspaceOf(sources: string, directory: string, size: string): Promise<Workspace> {
  const [folder, heldOut] = [join(directory, `workspace-${size}`), join(directory, 'heldOut')];
  const { documents } = await readCorpus([{ directory: sources, name: '' }], defaultCorpus, silentLogger);
  const files = documents.map(({ path, text }) => ({
    path,
    sha256: sha256Of(text),
    characters: countCodePoints(text),
  }));
  const entries = splitFiles(files, defaultTraining);
  const test = documentsOfPart(documents, entries, 'test');
  const known = new Set(test.map(({ path }) => path));
  const rest = documents.filter(({ path }) => !known.has(path));
  await writeOnce(heldOut, test);
  await writeOnce(folder, size === 'whole' ? rest : subsetByHash(rest, 1000 * Number(size)));
  return { name: size, folder, heldOut };
}

/** As many documents as hold so many bytes, in the order of a hash of their paths; of a larger set a smaller one is a part. */
export function subsetByHash(documents: readonly SourceDocument[], bytes: number): SourceDocument[] {
  const hashOf = ({ path }: SourceDocument): string => createHash('sha256').update(path).digest('hex');
  const ordered = documents.map((document) => ({ document, hash: hashOf(document) }));
  ordered.sort((a, b) => (a.hash < b.hash ? -1 : 1));
  let held = 0;
  const enough = ordered.findIndex(({ document }) => (held += Buffer.byteLength(document.text)) >= bytes);
  const chosen = enough < 0 ? ordered : ordered.slice(0, enough + 1);
  return chosen.map(({ document }) => document).sort((a, b) => (a.path < b.path ? -1 : 1));
}

async function writeOnce(folder: string, documents: readonly SourceDocument[]): Promise<void> {
  if ((await stat(folder).catch(() => undefined)) !== undefined) return;
  const temporary = `${folder}.new`;
  await rm(temporary, { recursive: true, force: true });
  for (const { path, text } of documents) {
    await mkdir(dirname(join(temporary, path)), { recursive: true });
    await writeFile(join(temporary, path), text);
  }
  await rename(temporary, folder);
}
