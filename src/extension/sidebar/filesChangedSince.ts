import { stat } from 'node:fs/promises';
import { fileOfPath } from '../../editors/editorDocumentPath';
import { readCorpusReport } from '../../store/corpusReport';
import type { StoredRun } from '../../store/runs';

type Folders = Parameters<typeof fileOfPath>[1];

/** Files that a model was trained on and that have another content now, or are gone. */
export interface ChangedFiles {
  readonly count: number;
  /** The first of them. */
  readonly files: readonly { readonly path: string; readonly file: string }[];
}

/** More of them help nobody in a side bar. */
const mostNamed = 100;
/** So many are asked about at once. */
const atOnce = 32;

/**
 * What has changed since a training read the workspace, by when files were written.
 * @returns undefined where it is not written down what was read
 */
export async function changedSince(
  directory: string,
  { id, readAtMs }: Pick<StoredRun, 'id' | 'readAtMs'>,
  folders: Folders,
): Promise<ChangedFiles | undefined> {
  const report = await readCorpusReport(directory, id);
  if (report === undefined) return undefined;
  const known = report.listed.flatMap(({ path }) => {
    const file = fileOfPath(path, folders);
    return file === undefined ? [] : [{ path, file }];
  });
  const changed: { path: string; file: string }[] = [];
  for (let first = 0; first < known.length; first += atOnce) {
    const some = known.slice(first, first + atOnce);
    const written = await Promise.all(some.map(({ file }) => writtenAtMs(file)));
    changed.push(...some.filter((_, index) => written[index]! > readAtMs));
  }
  changed.sort((a, b) => (a.path < b.path ? -1 : 1));
  return { count: changed.length, files: changed.slice(0, mostNamed) };
}

async function writtenAtMs(file: string): Promise<number> {
  return (await stat(file).catch(() => undefined))?.mtimeMs ?? Infinity;
}
