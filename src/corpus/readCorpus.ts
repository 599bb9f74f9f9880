import * as l10n from '@vscode/l10n';
import { realpath } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { CorpusConfiguration } from '../core/configuration';
import type { Corpus, SourceDocument, WorkspaceFolder } from '../text/document';
import { folderPrefixes } from '../text/documentPath';
import { UserError } from '../core/errors';
import { createPathFilter } from './globs';
import type { Logger } from '../core/logger';
import {
  findCandidate,
  findCandidates,
  leaveOut,
  type Candidate,
  type Findings,
  type TellLeftOut,
} from './fileCandidates';
import { judgeText, readAllowedText } from './readText';
import { sha256Of } from '../core/sha256';

/** Bytes of files held at once beside the corpus, and files read at once. */
const groupBytes = 16_000_000;
const groupFiles = 32;

/**
 * Reads the texts of a workspace: files as git sees them, those left out counted by reason (`core/pathRules`,
 * `contentRules`, size, place), exact copies dropped (the first by path stays), sorted by path. Empty files are no texts.
 * @param folders read together; where there are several, their names stand before the paths
 * @param choose which of the files that may be read are, in what order; by default {@link chooseWithin} the configured limit
 * @throws UserError where a folder cannot be read; the signal's reason when aborted
 */
export async function readCorpus(
  folders: readonly WorkspaceFolder[],
  configuration: CorpusConfiguration,
  logger: Logger,
  signal?: AbortSignal,
  choose?: (candidates: readonly Candidate[]) => readonly Candidate[],
): Promise<Corpus> {
  const documents: SourceDocument[] = [];
  const take = (document: SourceDocument): void => void documents.push(document);
  return { documents, leftOut: await streamCorpus(folders, configuration, take, logger, signal, { choose }) };
}

interface CorpusListeners {
  readonly choose?: ((candidates: readonly Candidate[]) => readonly Candidate[]) | undefined;
  readonly tellLeftOut?: TellLeftOut | undefined;
}

/**
 * As {@link readCorpus}, but hands over each text and keeps none.
 * @param take a text, with the SHA-256 of its UTF-8 in hexadecimal
 * @param listeners who else has a say: `choose` as there; `tellLeftOut` is told of each file that is left out
 * @returns how many files were left out by reason
 */
export async function streamCorpus(
  folders: readonly WorkspaceFolder[],
  configuration: CorpusConfiguration,
  take: (document: SourceDocument, sha256: string) => void,
  logger: Logger,
  signal?: AbortSignal,
  { choose, tellLeftOut }: CorpusListeners = {},
): Promise<Corpus['leftOut']> {
  const findings: Findings = { candidates: [], leftOut: {}, tellLeftOut };
  await findInFolders(folders, configuration, findings, logger, signal);
  const chosen =
    choose === undefined
      ? chooseWithin(findings, configuration.maxCorpusBytes, logger)
      : choose(sortedByPath(findings.candidates));
  await readCandidates(chosen, findings, { maxFileBytes: configuration.maxFileBytes, logger }, take, signal);
  return findings.leftOut;
}

/**
 * The text of one file of a corpus as it is on the disk now; undefined where it is none of it. Whether git ignores the file
 * is not asked.
 * @param path as in the corpus
 * @param written what somebody is about to save there, to be judged and taken instead
 */
export async function readCorpusFile(
  path: string,
  folders: readonly WorkspaceFolder[],
  configuration: CorpusConfiguration,
  logger: Logger,
  written?: string,
): Promise<string | undefined> {
  const roots = await Promise.all(folders.map(({ directory }) => realDirectory(directory)));
  const { maxFileBytes } = configuration;
  for (const [index, prefix] of folderPrefixes(folders).entries()) {
    if (!path.startsWith(prefix)) continue;
    const directory = resolve(folders[index]!.directory);
    const search = { directory, prefix, roots, filter: createPathFilter(configuration), maxFileBytes, logger };
    const candidate = await findCandidate(search, path.slice(prefix.length));
    if (candidate === undefined) continue;
    const result =
      written === undefined
        ? await readAllowedText(candidate, maxFileBytes)
        : await judgeText(candidate.path, written, maxFileBytes);
    if ('text' in result && result.text !== '') return result.text;
  }
  return undefined;
}

/** Throws a {@link UserError} where a corpus is too small to learn from, with the reasons why files were left out. */
export function requireCharacters(
  characters: number,
  minimumCharacters: number,
  leftOut: Corpus['leftOut'] = {},
): void {
  if (characters >= minimumCharacters) return;
  const count = (value: number) => value.toLocaleString('en');
  const reasons = Object.entries(leftOut).map(([reason, files]) => `${files.toLocaleString('en')} ${reason}`);
  throw new UserError(
    reasons.length === 0
      ? l10n.t`There are only ${count(characters)} characters of text to learn from, fewer than ${count(minimumCharacters)}.`
      : l10n.t`There are only ${count(characters)} characters of text to learn from, fewer than ${count(minimumCharacters)}; files were left out: ${reasons.join(', ')}.`,
    l10n.t('Choose a folder with more text, or set a lower minimum.'),
  );
}

async function findInFolders(
  folders: readonly WorkspaceFolder[],
  configuration: CorpusConfiguration,
  findings: Findings,
  logger: Logger,
  signal?: AbortSignal,
): Promise<void> {
  const roots = await Promise.all(folders.map(({ directory }) => realDirectory(directory)));
  const filter = createPathFilter(configuration);
  const { maxFileBytes } = configuration;
  for (const [index, prefix] of folderPrefixes(folders).entries()) {
    const directory = resolve(folders[index]!.directory);
    await findCandidates({ directory, prefix, roots, filter, maxFileBytes, logger, signal }, findings);
  }
}

async function realDirectory(directory: string): Promise<string> {
  // One that does not exist is reported when it is listed.
  return realpath(directory).catch(() => resolve(directory));
}

/**
 * Sorted by path. Where there is too much, the files that were changed last are taken, save for large ones: twice the
 * size counts as twice the age ({@link rankOf}), and a hash of the path decides between equals, as after a fresh checkout.
 */
export function chooseWithin(findings: Findings, maxBytes: number, logger: Logger): Candidate[] {
  const { candidates } = findings;
  const total = candidates.reduce((sum, { bytes }) => sum + bytes, 0);
  if (total <= maxBytes) return sortedByPath(candidates);
  const megabytes = (bytes: number): string => (bytes / 1e6).toLocaleString('en', { maximumFractionDigits: 1 });
  logger.warn(
    `The workspace holds ${megabytes(total)} MB of files; at most ${megabytes(maxBytes)} MB of them are read, ` +
      'those changed last and no large ones first.',
  );
  const newestMs = candidates.reduce((newest, { modifiedMs }) => Math.max(newest, modifiedMs), 0);
  const ranked = candidates.map((candidate) => ({
    candidate,
    rank: rankOf(candidate, newestMs),
    hash: sha256Of(candidate.path),
  }));
  ranked.sort((a, b) => a.rank - b.rank || compareText(a.hash, b.hash));
  let bytes = 0;
  const end = ranked.findIndex(({ candidate }) => (bytes += candidate.bytes) > maxBytes);
  for (const { candidate } of ranked.slice(end)) leaveOut(findings, candidate.path, 'over the limit of the corpus');
  return sortedByPath(ranked.slice(0, end).map(({ candidate }) => candidate));
}

function sortedByPath(candidates: readonly Candidate[]): Candidate[] {
  return [...candidates].sort((a, b) => compareText(a.path, b.path));
}

const dayMs = 86_400_000;
/** Files up to this size are alike: most that people write are smaller. */
const commonBytes = 32_768;

/** Doublings of the age in days, against the newest file, and of the size beyond the common one. */
function rankOf({ modifiedMs, bytes }: Candidate, newestMs: number): number {
  return Math.log2(1 + (newestMs - modifiedMs) / dayMs) + Math.max(0, Math.log2(bytes / commonBytes));
}

/** Reads files group by group, in order, without those whose text came before. */
async function readCandidates(
  candidates: readonly Candidate[],
  findings: Omit<Findings, 'candidates'>,
  { maxFileBytes, logger }: { readonly maxFileBytes: number; readonly logger: Logger },
  take: (document: SourceDocument, sha256: string) => void,
  signal?: AbortSignal,
): Promise<void> {
  const seen = new Set<string>();
  const older: string[] = [];
  for (const group of groupsOf(candidates)) {
    signal?.throwIfAborted();
    const texts = await Promise.all(group.map((candidate) => readAllowedText(candidate, maxFileBytes)));
    for (const [index, result] of texts.entries()) {
      const { path } = group[index]!;
      if ('reason' in result) leaveOut(findings, path, result.reason);
      if ('reason' in result || result.text === '') continue;
      if (result.encoding !== undefined) older.push(`${path} (${result.encoding})`);
      const sha256 = sha256Of(result.text);
      if (seen.has(sha256)) leaveOut(findings, path, 'duplicate');
      else take({ path, text: result.text }, sha256);
      seen.add(sha256);
    }
  }
  if (older.length > 0) logger.info(`Read in older encodings than Unicode: ${listed(older)}.`);
}

/** The first of them, and how many more there are. */
function listed(names: readonly string[]): string {
  const most = 20;
  return names.slice(0, most).join(', ') + (names.length > most ? ` and ${names.length - most} more` : '');
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

/** By code units: the same on every machine, whatever its language. */
function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
