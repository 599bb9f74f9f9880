import { tokenOf, type Vocabulary } from '../../text/vocabulary';
import type { DocumentMemory } from '../documentMemory';
import { addWeight, type MatchCounts } from '../matchCounts';
import type { WorkspaceMemory } from '../workspaceMemory';
import { createCandidateCache, type Gathered } from './candidateCache';
import { gatherCandidates, type Candidate, type CodeSource } from './codeCandidates';
import { characterKindsOf, lineEnd } from './characterKinds';
import { firstName } from './codeIndex';
import { scannedTo } from './codeScanning';
import { characterOf, extend, lineAbove, type LineBegin } from './continuation';
import { createDocumentCode, readCode, type DocumentCode } from './documentCode';
import { createNameImages } from './nameImages';
import { unknownName } from './names';
import { noCode, placeKind } from './placeKind';
import { createStructuralMatching } from './structuralMatch';
import { createNamesWithKeywords } from './keywords';
import { codeMarksOf, fileName, fileNameAt, type CodeMarks } from './workspaceCode';

/** What the names and signs of document and workspace say about the character at a cursor. */
export interface CodeMatches {
  /**
   * Counts what may follow at the gap of a document, behind what is drawn there.
   * @param drawn vocabulary tokens
   * @returns the kind of the place: an index of `placeKinds`
   */
  count(document: DocumentMemory, path: string, drawn: Int32Array, votes: CodeVotes): number;
  /**
   * Reads what has changed in a document since it was asked about last; {@link count} would do it too, all at once.
   * @param most so many names and signs at most
   * @returns whether all is read
   */
  read(document: DocumentMemory, path: string, most: number): boolean;
}

/** By what becomes of the names: changed by a match; of a match, unchanged so far; of a place without a match of names. */
export interface CodeVotes {
  readonly renamed: MatchCounts;
  readonly same: MatchCounts;
  readonly sparse: MatchCounts;
}

/** A place in the document itself counts as much as so many elsewhere. */
const documentWeight = 8;
const nothing = new Int32Array(0);

/** @param workspace undefined where nothing but the documents is known */
export function createCodeMatches(vocabulary: Vocabulary, workspace: WorkspaceMemory | undefined): CodeMatches {
  const names = workspace?.code.names ?? createNamesWithKeywords(vocabulary);
  const matchStructure = createStructuralMatching(names);
  const imageOf = createNameImages(vocabulary, names);
  const cache = createCandidateCache();
  const space = tokenOf(vocabulary, 0x20);
  const defaultKinds = characterKindsOf(vocabulary, '');
  const reader = {};
  let path: string | undefined;
  let marks: CodeMarks | undefined;
  let ownFile = unknownName;
  /** State of the sources that the cache belongs to. */
  let seen = { document: undefined as DocumentMemory | undefined, before: -1, after: -1, workspace: -1 };

  function turnTo(nextPath: string): void {
    if (nextPath === path) return;
    path = nextPath;
    marks = codeMarksOf(vocabulary, path);
    ownFile = fileName(names, vocabulary, path);
    cache.clear();
  }

  function codeOf(document: DocumentMemory, own: CodeMarks): DocumentCode {
    const { code } = document;
    const isRead = code?.names === names && code.marks.kinds === own.kinds && code.marks.indented === own.indented;
    return isRead ? code : (document.code = createDocumentCode(names, own));
  }

  function sourcesOf(code: DocumentCode): CodeSource[] {
    const own = { isDocument: true, from: 0, to: 0, filePair: () => [] };
    const { before, after } = code;
    const sources: CodeSource[] = [
      { ...own, index: before.index, text: before.text, characters: Infinity },
      { ...own, index: after.index, text: after.text, characters: after.characters },
    ];
    if (workspace === undefined) return sources;
    const { from, to } = workspace.ranges.get(path!) ?? { from: 0, to: 0 };
    const filePair = (start: number): readonly number[] => {
      const there = fileNameAt(workspace.code, start);
      return there === ownFile || there === unknownName || ownFile === unknownName ? [] : [there, ownFile];
    };
    const { tokens, length } = workspace.chains;
    const text = { tokens, kinds: defaultKinds, indented: false, names };
    return [
      ...sources,
      { index: workspace.code.index, text, characters: length, isDocument: false, from, to, filePair },
    ];
  }

  function lineOf({ before }: DocumentCode): LineBegin | undefined {
    const { index, text } = before;
    const last = index.length - 1;
    const code = index.codes[last];
    if (code === undefined || last < 0 || code >= firstName || text.kinds[code] !== lineEnd) return undefined;
    const { indentation, first } = lineAbove({ text, characters: Infinity }, index.starts[last]!, 1);
    return { indentation, sign: indentation > 0 ? text.tokens[first]! : space };
  }

  function gather(code: DocumentCode): Gathered {
    const { index, text } = code.before;
    const candidates = gatherCandidates(sourcesOf(code), index, text, matchStructure);
    return { line: lineOf(code), typed: nothing, live: [candidates] };
  }

  function gatheredAt(document: DocumentMemory, code: DocumentCode, base: number, place: number): Gathered {
    const now = {
      document,
      before: code.before.index.changes,
      after: code.after.changes,
      workspace: workspace?.code.changes ?? 0,
    };
    const isKept =
      code.reader === reader &&
      seen.document === document &&
      seen.after === now.after &&
      seen.workspace === now.workspace;
    if (!isKept) cache.clear();
    const isSame = isKept && seen.before === now.before;
    [code.reader, seen] = [reader, now];
    const asked = { base, end: document.before.length, place, isSame };
    return cache.at(code.before.text.tokens, asked, () => gather(code));
  }

  /** Whether a candidate goes on for more than so many characters. */
  function reaches(candidate: Candidate, length: number, line: LineBegin | undefined): boolean {
    while (candidate.reach <= length) if (!extend(candidate, imageOf, line)) return false;
    return true;
  }

  function narrow(gathered: Gathered, typed: ArrayLike<number>): Candidate[] {
    const { live, line } = gathered;
    let common = 0;
    while (common < Math.min(typed.length, gathered.typed.length) && typed[common] === gathered.typed[common]) common++;
    live.length = common + 1;
    for (let at = common; at < typed.length; at++) {
      live.push(
        live[at]!.filter((candidate) => reaches(candidate, at, line) && characterOf(candidate, at) === typed[at]),
      );
    }
    gathered.typed = typed;
    return live[typed.length]!;
  }

  function vote(candidates: readonly Candidate[], at: number, line: LineBegin | undefined, votes: CodeVotes): void {
    for (const candidate of candidates) {
      if (!reaches(candidate, at, line)) continue;
      const { pairs, renamedFrom, level, source } = candidate;
      const counts = pairs === undefined ? votes.sparse : renamedFrom <= at ? votes.renamed : votes.same;
      addWeight(counts, characterOf(candidate, at), level, source.isDocument ? documentWeight : 1);
    }
  }

  return {
    count(document, ofPath, drawn, votes) {
      turnTo(ofPath);
      if (marks === undefined) return noCode;
      const code = codeOf(document, marks);
      readCode(code, document, drawn);
      const base = code.unchanged;
      code.unchanged = document.before.length;
      const { index, text } = code.before;
      const place = scannedTo(index, text);
      const typed = text.tokens.slice(place, document.before.length + drawn.length);
      const gathered = gatheredAt(document, code, base, place);
      vote(narrow(gathered, typed), typed.length, gathered.line, votes);
      return placeKind(vocabulary, marks.kinds, index.length === 0 ? undefined : index.codes[index.length - 1], typed);
    },
    read(document, ofPath, most) {
      turnTo(ofPath);
      if (marks === undefined) return true;
      const code = codeOf(document, marks);
      return readCode(code, document, nothing, most);
    },
  };
}
