import type { WorkspaceFolder } from '../../text/document';
import { folderPrefixes } from '../../text/documentPath';
import { describeError } from '../../core/errors';
import type { Logger } from '../../core/logger';
import { listPaths } from '../../corpus/listing';

/** What other programs have changed and nobody has looked at yet. */
export interface ChangedFiles {
  /** @param paths of files or folders, as in the corpus; null: too many to name */
  add(paths: readonly string[] | null): void;
  /** Whether so much has changed, or the ignore rules, that all is to be read again. */
  isAll(): boolean;
  /** Whether there is something to {@link take}. */
  isDue(): boolean;
  /**
   * The files of the corpus that have changed since.
   * @param held files that are known; what else is told of is taken where the folders list it, so that nothing ignored is
   */
  take(held: ReadonlyMap<string, unknown>, folders: readonly WorkspaceFolder[]): Promise<readonly string[]>;
  clear(): void;
}

/** Programs that write without rest have the folders listed so often. */
const takeAgainMs = 5_000;

export function createChangedFiles(logger: Logger): ChangedFiles {
  const paths = new Set<string>();
  let all = false;
  let takenMs = -Infinity;
  return {
    add(changed) {
      all ||= changed === null || changed.some((path) => /(^|\/)\.gitignore$/.test(path));
      for (const path of changed ?? []) paths.add(path);
    },
    isAll: () => all,
    isDue: () => paths.size > 0 && performance.now() - takenMs >= takeAgainMs,
    async take(held, folders) {
      const taken = new Set(paths);
      paths.clear();
      takenMs = performance.now();
      const files = new Set([...held.keys()].filter((path) => isAt(taken, path)));
      if ([...taken].every((path) => held.has(path))) return [...files];
      for (const path of await listed(folders, logger)) if (isAt(taken, path)) files.add(path);
      return [...files];
    },
    clear() {
      paths.clear();
      all = false;
    },
  };
}

/** Whether a file is named, or lies in a folder that is: one that is moved or deleted is told of by its own path alone. */
function isAt(paths: ReadonlySet<string>, file: string): boolean {
  if (paths.has(file)) return true;
  for (let end = file.lastIndexOf('/'); end > 0; end = file.lastIndexOf('/', end - 1)) {
    if (paths.has(file.slice(0, end))) return true;
  }
  return false;
}

async function listed(folders: readonly WorkspaceFolder[], logger: Logger): Promise<string[]> {
  const prefixes = folderPrefixes(folders);
  const lists = await Promise.all(
    folders.map(async ({ directory }, index) => {
      try {
        return (await listPaths(directory, logger)).map((path) => prefixes[index]! + path);
      } catch (error) {
        logger.warn(`New files are not remembered: ${describeError(error)}`);
        return [];
      }
    }),
  );
  return lists.flat();
}
