import type { SourceDocument } from '../text/document';
import { sha256Of } from '../core/sha256';

/** Where one file of the corpus went. `tail`: its first part trains and its last part validates. */
export type SplitPlace = 'training' | 'validation' | 'test' | 'tail';

/** Written down with a run, so that a continued run and a later measurement find the same parts. */
export interface SplitEntry {
  readonly path: string;
  /** Of the text in UTF-8, in hexadecimal. */
  readonly sha256: string;
  readonly part: SplitPlace;
}

/** What a split must know of a file. */
export interface SplitFile extends Omit<SplitEntry, 'part'> {
  readonly characters: number;
}

/** Shares of all characters, between 0 and 0.9; 0: no such part. */
export interface SplitShares {
  readonly validationShare: number;
  readonly testShare: number;
}

/**
 * A part holds about this many characters at most, however large the corpus: more would make no figure more certain, and
 * measuring it would outlast the training.
 */
export const maxHeldOutLength = 1_000_000;

/** With fewer files than this, each file gives its own tail for validation. */
export const minimumFilesForWholeSplit = 10;

/**
 * Divides files into training, validation and test by whole file, by a hash of its path: a file keeps its part while
 * others come and go, save for the few that correct a share. Shares are met approximately, by characters: between half
 * and twice what was asked for where the sizes of the files allow it, but less of a very large corpus ({@link maxHeldOutLength}); a part that was asked for is not empty. With fewer
 * than ten files the last tenth of each, in code points, validates, as a document of its own, and there is no test part.
 * @param previous of the run that is continued: each of its files keeps its part, found by path, else (renamed) by content
 * @returns an entry for each file, in their order
 */
export function splitFiles(
  files: readonly SplitFile[],
  shares: SplitShares,
  previous: readonly SplitEntry[] = [],
): SplitEntry[] {
  const places = placesOf(files, boundedShares(files, shares), previous);
  return files.map(({ path, sha256 }, index) => ({ path, sha256, part: places[index]! }));
}

function boundedShares(files: readonly SplitFile[], shares: SplitShares): SplitShares {
  const largest = maxHeldOutLength / files.reduce((sum, { characters }) => sum + characters, 0);
  return {
    validationShare: Math.min(shares.validationShare, largest),
    testShare: Math.min(shares.testShare, largest),
  };
}

export type SplitPart = Exclude<SplitPlace, 'tail'>;

/**
 * The documents of one part of a split that was written down, from a corpus read later: its files are found by path,
 * else by content; files that the split does not know are left out.
 */
export function documentsOfPart(
  documents: readonly SourceDocument[],
  entries: readonly SplitEntry[],
  part: SplitPart,
): SourceDocument[] {
  const lookUp = previousPlaces(entries);
  return documents.flatMap((document) => {
    const place = lookUp(document.path, () => sha256Of(document.text));
    return place === undefined ? [] : pieceOf(document, place, part);
  });
}

function placesOf(files: readonly SplitFile[], shares: SplitShares, previous: readonly SplitEntry[]): SplitPlace[] {
  if (previous.length > 0) return continuedPlaces(files, shares, previous);
  if (files.length >= minimumFilesForWholeSplit) return freshPlaces(files, shares);
  return files.map(() => (shares.validationShare > 0 ? 'tail' : 'training'));
}

/** A file that is placed by the hash of its path. */
interface PlacedFile {
  readonly index: number;
  readonly characters: number;
  /** Uniform in [0, 1): validation takes the low ones, test the high ones. */
  readonly position: number;
}

function freshPlaces(files: readonly SplitFile[], shares: SplitShares): SplitPlace[] {
  const places = files.map((): SplitPlace => 'training');
  const placed = files.map(({ path, characters }, index) => ({
    ...{ index, characters },
    position: positionOf(path),
  }));
  const total = files.reduce((sum, { characters }) => sum + characters, 0);
  const take = (part: SplitPart, share: number, distance: (file: PlacedFile) => number): void => {
    const left = placed.filter(({ index }) => places[index] === 'training');
    for (const index of takeShare(left, share, total, distance)) places[index] = part;
  };
  take('validation', shares.validationShare, ({ position }) => position);
  take('test', shares.testShare, ({ position }) => 1 - position);
  return places;
}

/**
 * Indexes of the files within `share` of one end of the line of positions, corrected with as few files as possible: the
 * largest are given back while all hold more than twice the characters asked for, the next ones on the line join while
 * they hold less than half.
 */
function takeShare(
  files: readonly PlacedFile[],
  share: number,
  total: number,
  distance: (file: PlacedFile) => number,
): number[] {
  if (share <= 0 || files.length < 2) return [];
  const target = share * total;
  const ordered = [...files].sort((a, b) => distance(a) - distance(b));
  const taken = ordered.filter((file) => distance(file) < share).sort((a, b) => a.characters - b.characters);
  let characters = taken.reduce((sum, file) => sum + file.characters, 0);
  // Something must be left to train on.
  while (taken.length > 0 && (characters > 2 * target || taken.length === files.length)) {
    characters -= taken.pop()!.characters;
  }
  for (const file of ordered) {
    if (characters >= target / 2 || taken.length + 1 >= files.length) break;
    if (distance(file) < share || characters + file.characters > 2 * target) continue;
    taken.push(file);
    characters += file.characters;
  }
  return (taken.length > 0 ? taken : [smallest(files)]).map(({ index }) => index);
}

function smallest(files: readonly PlacedFile[]): PlacedFile {
  return files.reduce((least, file) => (file.characters < least.characters ? file : least));
}

function continuedPlaces(
  files: readonly SplitFile[],
  shares: SplitShares,
  previous: readonly SplitEntry[],
): SplitPlace[] {
  const lookUp = previousPlaces(previous);
  const byTails = previous.some(({ part }) => part === 'tail');
  const kept = files.map(({ path, sha256 }) => lookUp(path, () => sha256));
  const places = files.map(({ path }, index): SplitPlace => {
    const place = kept[index];
    if (place !== undefined) return place;
    return byTails ? 'tail' : placeByPosition(positionOf(path), shares);
  });
  const validates = places.some((place) => place === 'validation' || place === 'tail');
  if (!validates && shares.validationShare > 0) holdOutOne(files, kept, places);
  return places;
}

// Every held-out file is gone: measure on a file that was not trained on, if there is one.
function holdOutOne(files: readonly SplitFile[], kept: readonly (SplitPlace | undefined)[], places: SplitPlace[]) {
  const all = files.map(({ characters }, index) => ({ index, characters, position: 0 }));
  const untrained = all.filter(({ index }) => kept[index] !== 'training');
  const candidates = untrained.length > 0 ? untrained : all;
  if (files.length > 1) places[smallest(candidates).index] = 'validation';
  else if (files.length === 1) places[0] = 'tail';
}

function placeByPosition(position: number, { validationShare, testShare }: SplitShares): SplitPlace {
  if (position < validationShare) return 'validation';
  return 1 - position < testShare ? 'test' : 'training';
}

function previousPlaces(
  entries: readonly SplitEntry[],
): (path: string, sha256: () => string) => SplitPlace | undefined {
  const byPath = new Map(entries.map(({ path, part }) => [path, part]));
  const byContent = new Map(entries.map(({ sha256, part }) => [sha256, part]));
  return (path, sha256) => byPath.get(path) ?? byContent.get(sha256());
}

/** The first 48 bits of the hash, as a fraction. */
function positionOf(path: string): number {
  return Number.parseInt(sha256Of(path).slice(0, 12), 16) / 2 ** 48;
}

/** What a document in its place gives to a part: itself, its head or tail, or nothing. */
function pieceOf(document: SourceDocument, place: SplitPlace, part: SplitPart): SourceDocument[] {
  if (place !== 'tail') return place === part ? [document] : [];
  if (part === 'test') return [];
  const cut = tailStart(document.text);
  const text = part === 'training' ? document.text.slice(0, cut) : document.text.slice(cut);
  return text === '' ? [] : [{ path: document.path, text }];
}

/** Code points of a split file that come before its tail: nine tenths, one at least. */
export function headLength(codePoints: number): number {
  return Math.max(1, Math.floor((codePoints * 9) / 10));
}

/** Index in UTF-16 units at which the last tenth of the code points begins (after the first at least). */
function tailStart(text: string): number {
  const headCodePoints = headLength(countCodePoints(text));
  let index = 0;
  for (let count = 0; count < headCodePoints && index < text.length; count++) {
    index += text.codePointAt(index)! > 0xffff ? 2 : 1;
  }
  return index;
}

/** Number of code points of a text. */
export function countCodePoints(text: string): number {
  let count = text.length;
  for (let index = 0; index < text.length; index++) if (text.codePointAt(index)! > 0xffff) count--;
  return count;
}
