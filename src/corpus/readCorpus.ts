import { createHash } from 'node:crypto';
import { realpath } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { CorpusConfiguration } from '../core/configuration';
import type { Corpus, SourceDocument, WorkspaceFolder } from '../core/document';
import { folderPrefixes } from '../core/documentPath';
import { UserError } from '../core/errors';
import { createPathFilter } from '../core/globs';
import type { Logger } from '../core/logger';
import { countCodePoints } from '../core/split';
import { countLeftOut, findCandidate, findCandidates, type Candidate, type Findings } from './candidates';
import { readAllowedText } from './readText';

/**
 * Most bytes of files that a corpus takes in, so that no workspace can exhaust the memory: more than an hour of training
 * sees. Of a larger workspace a part is read, chosen by a hash of the paths, so that it stays the same while it grows.
 */
export const maxCorpusBytes = 200_000_000;

/** Bytes of files held at once beside the corpus, and files read at once. */
const groupBytes = 16_000_000;
const groupFiles = 32;

/**
 * Reads the texts of a workspace: files as git sees them, those left out counted by reason (`core/pathRules`,
 * `contentRules`, size, place), exact copies dropped (the first by path stays), sorted by path. Empty files are no texts.
 * @param folders read together; where there are several, their names stand before the paths
 * @param choose which of the files that may be read are; all by default
 * @throws UserError where a folder cannot be read; the signal's reason when aborted
 */
export async function readCorpus(
  folders: readonly WorkspaceFolder[],
  configuration: CorpusConfiguration,
  logger: Logger,
  signal?: AbortSignal,
  choose: (candidates: readonly Candidate[]) => readonly Candidate[] = (candidates) => candidates,
): Promise<Corpus> {
  const findings = await findInFolders(folders, configuration, logger, signal);
  const chosen = choose(chooseWithin(findings, maxCorpusBytes, logger));
  return readCandidates(chosen, findings.leftOut, configuration.maxFileBytes, signal);
}

/**
 * The text of one file of a corpus as it is on the disk now; undefined where it is none of it. Whether git ignores the file
 * is not asked.
 * @param path as in the corpus
 */
export async function readCorpusFile(
  path: string,
  folders: readonly WorkspaceFolder[],
  configuration: CorpusConfiguration,
  logger: Logger,
): Promise<string | undefined> {
  const roots = await Promise.all(folders.map(({ directory }) => realDirectory(directory)));
  const { maxFileBytes } = configuration;
  for (const [index, prefix] of folderPrefixes(folders).entries()) {
    if (!path.startsWith(prefix)) continue;
    const directory = resolve(folders[index]!.directory);
    const search = { directory, prefix, roots, filter: createPathFilter(configuration), maxFileBytes, logger };
    const candidate = await findCandidate(search, path.slice(prefix.length));
    const result = candidate && (await readAllowedText(candidate, maxFileBytes));
    if (result !== undefined && 'text' in result && result.text !== '') return result.text;
  }
  return undefined;
}

/** Throws a {@link UserError} where a corpus is too small to learn from. */
export function requireCharacters(corpus: Corpus, minimumCharacters: number): void {
  const characters = corpus.documents.reduce((sum, { text }) => sum + countCodePoints(text), 0);
  if (characters >= minimumCharacters) return;
  throw new UserError(
    `There are only ${characters.toLocaleString('en')} characters of text to learn from, ` +
      `fewer than ${minimumCharacters.toLocaleString('en')}.`,
    'Choose a folder with more text, or set a lower minimum.',
  );
}

async function findInFolders(
  folders: readonly WorkspaceFolder[],
  configuration: CorpusConfiguration,
  logger: Logger,
  signal?: AbortSignal,
): Promise<Findings> {
  const findings: Findings = { candidates: [], leftOut: {} };
  const roots = await Promise.all(folders.map(({ directory }) => realDirectory(directory)));
  const filter = createPathFilter(configuration);
  const { maxFileBytes } = configuration;
  for (const [index, prefix] of folderPrefixes(folders).entries()) {
    const directory = resolve(folders[index]!.directory);
    await findCandidates({ directory, prefix, roots, filter, maxFileBytes, logger, signal }, findings);
  }
  return findings;
}

async function realDirectory(directory: string): Promise<string> {
  // One that does not exist is reported when it is listed.
  return realpath(directory).catch(() => resolve(directory));
}

/** Sorted by path; where there is too much, those whose path has the smallest hash. */
export function chooseWithin(findings: Findings, maxBytes: number, logger: Logger): Candidate[] {
  const sorted = [...findings.candidates].sort((a, b) => compareText(a.path, b.path));
  let total = sorted.reduce((sum, { bytes }) => sum + bytes, 0);
  if (total <= maxBytes) return sorted;
  logger.warn(`The workspace holds ${Math.round(total / 1e6)} MB of files; ${maxBytes / 1e6} MB of them are read.`);
  const hashes = new Map(sorted.map(({ path }) => [path, sha256Of(path)]));
  const byHash = [...sorted].sort((a, b) => compareText(hashes.get(a.path)!, hashes.get(b.path)!));
  const dropped = new Set<Candidate>();
  while (total > maxBytes) {
    const candidate = byHash.pop()!;
    total -= candidate.bytes;
    dropped.add(candidate);
    countLeftOut(findings, 'too large');
  }
  return sorted.filter((candidate) => !dropped.has(candidate));
}

/** Reads files group by group, in order, without those whose text came before. */
async function readCandidates(
  candidates: readonly Candidate[],
  leftOut: Findings['leftOut'],
  maxFileBytes: number,
  signal?: AbortSignal,
): Promise<Corpus> {
  const documents: SourceDocument[] = [];
  const seen = new Set<string>();
  for (const group of groupsOf(candidates)) {
    signal?.throwIfAborted();
    const texts = await Promise.all(group.map((candidate) => readAllowedText(candidate, maxFileBytes)));
    for (const [index, result] of texts.entries()) {
      const { path } = group[index]!;
      if ('reason' in result) countLeftOut({ leftOut }, result.reason);
      else if (result.text === '') continue;
      else if (isRepeated(seen, result.text)) countLeftOut({ leftOut }, 'duplicate');
      else documents.push({ path, text: result.text });
    }
  }
  return { documents, leftOut };
}

function isRepeated(seen: Set<string>, text: string): boolean {
  const hash = sha256Of(text);
  const repeated = seen.has(hash);
  seen.add(hash);
  return repeated;
}

function* groupsOf(candidates: readonly Candidate[]): Generator<Candidate[]> {
  let group: Candidate[] = [];
  let bytes = 0;
  for (const candidate of candidates) {
    if (group.length >= groupFiles || (group.length > 0 && bytes + candidate.bytes > groupBytes)) {
      yield group;
      group = [];
      bytes = 0;
    }
    group.push(candidate);
    bytes += candidate.bytes;
  }
  if (group.length > 0) yield group;
}

/** SHA-256 of a text in UTF-8, in hexadecimal: what names its content in a split. */
export function sha256Of(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** By code units: the same on every machine, whatever its language. */
function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
