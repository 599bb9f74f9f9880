import type { CorpusConfiguration } from '../../core/configuration';
import { UserError } from '../../core/errors';
import { sha256Of } from '../../core/sha256';
import type { Corpus, LeftOutReason, SourceDocument } from '../../text/document';
import { countLeftOut } from '../fileCandidates';
import { decodeBytes } from '../decoding';
import { createPathFilter } from '../globs';
import { isInSkippedFolder, leftOutByPath } from '../pathRules';
import { judgeText } from '../readText';
import {
  changesBetween,
  commitsOf,
  commitTimeMs,
  filesOfCommit,
  readBlobs,
  sizesOf,
  type CommittedFile,
} from './gitHistory';

/** A text of the corpus that a commit has changed. */
export interface TextChange {
  /** Empty where it is new, or was none of the corpus. */
  readonly before: string;
  /** Where it was before; undefined: nowhere. */
  readonly pathBefore: string | undefined;
  /** Undefined: it is gone, or no longer of the corpus. */
  readonly after: SourceDocument | undefined;
}

/** What commits have made of the texts of a folder. */
export interface CommittedTexts {
  /** The commit before them, and when it was made (milliseconds since 1970). */
  readonly start: { readonly commit: string; readonly timeMs: number };
  /** The texts as they were then, by the rules of a corpus, sorted by path. */
  readonly documents: readonly SourceDocument[];
  /** What was left out of them. */
  readonly leftOut: Corpus['leftOut'];
  /** The changes of each commit since, the oldest first. */
  readonly commits: readonly (readonly TextChange[])[];
}

/**
 * Reads the last commits of a repository and the texts before them. By the same rules as files on the disk: secrets, generated
 * texts and what the globs leave out are none of them; what git does not hold, because it is ignored, cannot be among them.
 * @param directory absolute: the repository, or a folder in it
 * @param count of commits, at most
 * @throws UserError where there is nothing to replay, or git cannot read it
 */
export async function readCommittedTexts(
  directory: string,
  count: number,
  configuration: CorpusConfiguration,
  signal?: AbortSignal,
): Promise<CommittedTexts> {
  const names = (await commitsOf(directory, count + 1, signal)).reverse();
  const [start] = names;
  if (start === undefined || names.length < 2) {
    throw new UserError(`${directory} has no second commit to replay.`, 'Name a folder whose history is longer.');
  }
  const reader = createReader(directory, configuration, signal);
  const files = await filesOfCommit(directory, start, signal);
  const documents = await reader.readWorkspace(files);
  const texts = new Map(documents.map(({ path, text }) => [path, text]));
  const leftOut = { ...reader.leftOut };
  const commits: TextChange[][] = [];
  for (const [index, newer] of names.slice(1).entries()) {
    commits.push(await readCommit(directory, [names[index]!, newer], { texts, reader }, signal));
  }
  return { start: { commit: start, timeMs: await commitTimeMs(directory, start) }, documents, leftOut, commits };
}

/**
 * The different texts of the corpus among files of a commit, sorted by path.
 * @param directory absolute: the repository, or a folder in it
 * @throws UserError where git cannot read them
 */
export function readTextsOf(
  directory: string,
  files: readonly CommittedFile[],
  configuration: CorpusConfiguration,
): Promise<SourceDocument[]> {
  return createReader(directory, configuration).readWorkspace(files);
}

interface Reader {
  readonly leftOut: Partial<Record<LeftOutReason, number>>;
  /** The different texts of the corpus among the files. */
  readWorkspace(files: readonly CommittedFile[]): Promise<SourceDocument[]>;
  /** The texts of the corpus among the files, by path, within its limit. */
  read(files: readonly CommittedFile[]): Promise<Map<string, string>>;
}

function createReader(directory: string, configuration: CorpusConfiguration, signal?: AbortSignal): Reader {
  const filter = createPathFilter(configuration);
  const { maxFileBytes, maxCorpusBytes } = configuration;
  const leftOut: Reader['leftOut'] = {};

  function mayBeRead({ path }: CommittedFile): boolean {
    if (!isPlainPath(path) || isInSkippedFolder(path) || !filter(path)) return false;
    const reason = leftOutByPath(path);
    if (reason !== null) countLeftOut({ leftOut }, reason);
    return reason === null;
  }

  /** Sizes of the contents that are read: of no file above the limit of one, altogether within that of a corpus. */
  async function choose(files: readonly CommittedFile[]): Promise<Map<string, number>> {
    const sizes = await sizesOf(
      directory,
      files.map(({ blob }) => blob),
      signal,
    );
    const chosen = new Map<string, number>();
    let bytes = 0;
    for (const { blob } of files) {
      const size = sizes.get(blob) ?? Infinity;
      if (chosen.has(blob)) continue;
      if (size > maxFileBytes) countLeftOut({ leftOut }, 'too large');
      else if (bytes + size > maxCorpusBytes) countLeftOut({ leftOut }, 'over the limit of the corpus');
      else {
        chosen.set(blob, size);
        bytes += size;
      }
    }
    return chosen;
  }

  async function read(files: readonly CommittedFile[]): Promise<Map<string, string>> {
    const allowed = files.filter(mayBeRead);
    const pathsOf = new Map<string, string[]>();
    for (const { blob } of allowed) pathsOf.set(blob, []);
    for (const { blob, path } of allowed) pathsOf.get(blob)!.push(path);
    const texts = new Map<string, string>();
    for await (const [blob, bytes] of readBlobs(directory, await choose(allowed), signal)) {
      for (const path of pathsOf.get(blob)!) {
        signal?.throwIfAborted();
        const result = await judge(path, bytes);
        if ('reason' in result) countLeftOut({ leftOut }, result.reason);
        else if (result.text !== '') texts.set(path, result.text);
      }
    }
    return texts;
  }

  async function judge(path: string, bytes: Buffer): ReturnType<typeof judgeText> {
    const decoded = decodeBytes(bytes);
    return decoded === null ? { reason: 'binary' } : judgeText(path, decoded.text, maxFileBytes);
  }

  return {
    leftOut,
    read,
    async readWorkspace(files) {
      const documents: SourceDocument[] = [];
      const seen = new Set<string>();
      const sorted = [...(await read(files))].sort(([a], [b]) => (a < b ? -1 : 1));
      for (const [path, text] of sorted) {
        const sha256 = sha256Of(text);
        if (seen.has(sha256)) countLeftOut({ leftOut }, 'duplicate');
        else documents.push({ path, text });
        seen.add(sha256);
      }
      return documents;
    },
  };
}

/** @param state the texts as the commit before left them; brought up to date */
async function readCommit(
  directory: string,
  commits: readonly [string, string],
  { texts, reader }: { readonly texts: Map<string, string>; readonly reader: Reader },
  signal?: AbortSignal,
): Promise<TextChange[]> {
  const changes = await changesBetween(directory, commits, signal);
  const read = await reader.read(changes.flatMap(({ after }) => (after === undefined ? [] : [after])));
  const before = new Map(texts);
  for (const change of changes) if (change.before !== undefined) texts.delete(change.before.path);
  for (const [path, text] of read) texts.set(path, text);
  return changes.flatMap((change): TextChange[] => {
    const pathBefore = change.before?.path;
    const text = change.after && read.get(change.after.path);
    const textBefore = (pathBefore === undefined ? undefined : before.get(pathBefore)) ?? '';
    if (text === undefined && textBefore === '') return [];
    const after = text === undefined ? undefined : { path: change.after!.path, text };
    return [{ before: textBefore, pathBefore, after }];
  });
}

/** A tree may hold any name, also such as lead out of a folder, or mean something else on this system. */
function isPlainPath(path: string): boolean {
  const parts = path.split('/');
  return !/[\\:\uFFFD]/.test(path) && parts.every((part) => part !== '' && part !== '.' && part !== '..');
}
