import { UserError } from '../../core/errors';
import { askGit } from '../askGit';

/** A file of a commit: its path relative to the folder, with `/`, and the name of its content. */
export interface CommittedFile {
  readonly path: string;
  readonly blob: string;
}

/** A file that is another one in a later commit; undefined: it is not there. */
export interface FileChange {
  readonly before: CommittedFile | undefined;
  readonly after: CommittedFile | undefined;
}

/**
 * The commits of the branch that is checked out that have changed a folder, the newest first; of merges, what they brought to
 * the branch. Only what git stores is read: nothing that a repository configures (hooks, filters, text converters) is run.
 * @param directory absolute
 * @throws UserError where it is no repository, or has no commits
 */
export async function commitsOf(directory: string, most: number, signal?: AbortSignal): Promise<string[]> {
  const answer = await askGit(directory, ['rev-list', '--first-parent', `--max-count=${most}`, 'HEAD', '--', '.'], {
    signal,
  });
  if (!answer.ok) {
    throw new UserError(`Git cannot tell the history of ${directory}: ${answer.why}`, 'Name a folder of a repository.');
  }
  return answer.output.toString('utf8').split('\n').filter(isObjectName);
}

/** When a commit was made, in milliseconds since 1970. */
export async function commitTimeMs(directory: string, commit: string): Promise<number> {
  const lines = (await ask(directory, ['rev-list', '--max-count=1', '--timestamp', commit, '--'])).toString('utf8');
  return 1000 * Number(lines.split(' ')[0]);
}

/** The files of a commit below a folder; no symbolic links and no submodules. */
export async function filesOfCommit(directory: string, commit: string, signal?: AbortSignal): Promise<CommittedFile[]> {
  const output = await ask(directory, ['ls-tree', '-r', '-z', commit], { signal });
  return fields(output).flatMap((entry) => {
    const [, mode = '', , blob = '', path = ''] = /^(\d+) (\w+) ([0-9a-f]+)\t([^]*)$/.exec(entry) ?? [];
    return isFile(mode) ? [{ path, blob }] : [];
  });
}

/** What differs between two commits below a folder; a renamed file is one change. */
export async function changesBetween(
  directory: string,
  [older, newer]: readonly [string, string],
  signal?: AbortSignal,
): Promise<FileChange[]> {
  const options = ['-r', '-z', '--raw', '--no-abbrev', '-M', '-l400', '--no-ext-diff', '--no-textconv', '--relative'];
  const output = await ask(directory, ['diff-tree', ...options, '--ignore-submodules=all', older, newer], { signal });
  const [changes, parts] = [[] as FileChange[], fields(output)];
  for (let index = 0; index < parts.length;) {
    const raw = /^:(\d+) (\d+) ([0-9a-f]+) ([0-9a-f]+) ([A-Z])/.exec(parts[index++]!);
    if (raw === null) break;
    const [, modeBefore = '', modeAfter = '', blobBefore = '', blobAfter = '', status] = raw;
    const path = parts[index++] ?? '';
    const pathAfter = status === 'R' || status === 'C' ? (parts[index++] ?? '') : path;
    const before = isFile(modeBefore) ? { path, blob: blobBefore } : undefined;
    const after = isFile(modeAfter) ? { path: pathAfter, blob: blobAfter } : undefined;
    if (before !== undefined || after !== undefined) changes.push({ before, after });
  }
  return changes;
}

/** Bytes of contents that are asked for at once. */
const groupBytes = 64_000_000;

/**
 * Contents with their names, as they are stored, in that order; a group of them is held at once.
 * @param sizes of the contents, by their names
 */
export async function* readBlobs(
  directory: string,
  sizes: ReadonlyMap<string, number>,
  signal?: AbortSignal,
): AsyncGenerator<[blob: string, bytes: Buffer]> {
  let [group, bytes] = [[] as string[], 0];
  for (const [blob, size] of sizes) {
    if (group.length > 0 && bytes + size > groupBytes) {
      yield* await readTogether(directory, group, signal);
      [group, bytes] = [[], 0];
    }
    group.push(blob);
    bytes += size;
  }
  if (group.length > 0) yield* await readTogether(directory, group, signal);
}

/** Bytes of contents by their names; those that are not there have none (a partial clone fetches nothing). */
export async function sizesOf(
  directory: string,
  blobs: Iterable<string>,
  signal?: AbortSignal,
): Promise<Map<string, number>> {
  const names = [...new Set(blobs)];
  if (names.length === 0) return new Map();
  const output = await ask(directory, ['cat-file', '--batch-check'], { input: `${names.join('\n')}\n`, signal });
  const lines = output.toString('utf8').split('\n');
  return new Map(
    lines.flatMap((line): [string, number][] => {
      const [, blob, size] = /^([0-9a-f]+) blob (\d+)$/.exec(line) ?? [];
      return blob === undefined ? [] : [[blob, Number(size)]];
    }),
  );
}

async function readTogether(
  directory: string,
  blobs: readonly string[],
  signal?: AbortSignal,
): Promise<[blob: string, bytes: Buffer][]> {
  const output = await ask(directory, ['cat-file', '--batch'], { input: `${blobs.join('\n')}\n`, signal });
  const contents: [string, Buffer][] = [];
  for (let at = 0; at < output.length;) {
    const lineEnd = output.indexOf(0x0a, at);
    const [, blob, size] = /^([0-9a-f]+) blob (\d+)$/.exec(output.toString('latin1', at, lineEnd)) ?? [];
    at = lineEnd + 1;
    if (blob === undefined) continue;
    contents.push([blob, output.subarray(at, at + Number(size))]);
    at += Number(size) + 1;
  }
  return contents;
}

async function ask(
  directory: string,
  commands: readonly string[],
  question: Parameters<typeof askGit>[2] = {},
): Promise<Buffer> {
  const answer = await askGit(directory, commands, question);
  if (answer.ok) return answer.output;
  throw new UserError(
    `Git cannot read the history of ${directory}: ${answer.why}`,
    'Check it with `git fsck`, or name another folder.',
  );
}

function fields(output: Buffer): string[] {
  return output
    .toString('utf8')
    .split('\0')
    .filter((field) => field !== '');
}

/** Neither a link nor a submodule. */
function isFile(mode: string): boolean {
  return mode.startsWith('100');
}

function isObjectName(text: string): boolean {
  return /^[0-9a-f]{40,64}$/.test(text);
}
