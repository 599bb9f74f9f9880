import { encode, otherToken, type Vocabulary } from '../../text/vocabulary';
import { isCode, languageOf } from '../../text/languages';
import { characterKindsOf } from './characterKinds';
import { createCodeIndex, firstName, makeRoomFor, type CodeIndex } from './codeIndex';
import { addCode, scanCode, type CodeText } from './codeScanning';
import { markKeywords } from './keywords';
import { createNames, numberOf, unknownName, type Names } from './names';

/** Names and signs of the saved texts of a workspace. */
export interface WorkspaceCode {
  readonly names: Names;
  readonly index: CodeIndex;
  /** Of each text, in the order in which they stand: its first character, and the name of its file. */
  readonly fileStarts: number[];
  readonly fileNames: number[];
  /** Raised by every text that comes in or goes out. */
  changes: number;
}

/** The texts of a workspace one after the other. */
export interface WorkspaceTexts {
  readonly vocabulary: Vocabulary;
  readonly tokens: Uint16Array | Uint32Array;
  readonly ranges: ReadonlyMap<string, { readonly from: number; readonly to: number }>;
}

/** Names that are a larger share of all names and signs are never renamed: about the keywords of the language. */
const frequentShare = 0.004;
/** In fewer code tokens nothing is counted to be frequent. */
const fewestTokens = 2_000;
/** Code tokens for each character at most: text that has more of them (minified code, tables of numbers) is left out. */
const mostTokensPerCharacter = 0.4;
/** Code tokens between two yields. */
const sliceTokens = 1024;
/** Room for texts that are saved later. */
const spareTokens = 2 ** 16;

/** How the text of a path is read. */
export type CodeMarks = Pick<CodeText, 'kinds' | 'indented'>;

/** Undefined where nothing in the text of a path is code. */
export function codeMarksOf(vocabulary: Vocabulary, path: string): CodeMarks | undefined {
  const language = languageOf(path);
  if (!isCode(language)) return undefined;
  return { kinds: characterKindsOf(vocabulary, language.joints), indented: language.indented };
}

function codeTextOf({ vocabulary, tokens }: WorkspaceTexts, path: string, names: Names): CodeText | undefined {
  const marks = codeMarksOf(vocabulary, path);
  return marks && { tokens, ...marks, names };
}

/**
 * Indexes the code of a workspace, a few milliseconds at a time: once over the text to know which names are frequent.
 * @param characters of the texts, at most
 */
export function* indexCodeInSlices(texts: WorkspaceTexts, characters: number): Generator<undefined, WorkspaceCode> {
  const names = createNames(texts.vocabulary.size);
  const counts = new Map<number, number>();
  const counted: (readonly [string, CodeText, number, number])[] = [];
  let total = 0;
  for (const [path, { from, to }] of texts.ranges) {
    const text = codeTextOf(texts, path, names);
    if (text === undefined) continue;
    let own = 0;
    const count = (code: number): void => {
      own++;
      if (code >= firstName) counts.set(code, (counts.get(code) ?? 0) + 1);
    };
    for (let at = from; at < to; yield) at = scanCode(text, -1, at, to, count, sliceTokens);
    if (total + own > characters * mostTokensPerCharacter) continue;
    total += own;
    counted.push([path, text, from, to]);
  }
  for (const [code, count] of counts)
    if (total >= fewestTokens && count > frequentShare * total) names.frequent[code - firstName] = 1;
  if (total < fewestTokens) markKeywords(names, texts.vocabulary);
  const index = createCodeIndex(-1, headBits(total));
  makeRoomFor(index, total + spareTokens);
  const code: WorkspaceCode = { names, index, fileStarts: [], fileNames: [], changes: 0 };
  for (const [path, text, from, to] of counted) {
    const add = (token: number, start: number): void => addCode(index, text, token, start);
    noteFile(code, texts.vocabulary, path, from);
    for (let at = from; at < to; yield) at = scanCode(text, -1, at, to, add, sliceTokens);
  }
  return code;
}

/** A text came in at the end, or went out (undefined): see `replaceDocument`. */
export function updateCode(
  code: WorkspaceCode,
  texts: WorkspaceTexts,
  path: string,
  range: { readonly from: number; readonly to: number } | undefined,
): void {
  code.changes++;
  const text = codeTextOf(texts, path, code.names);
  if (range === undefined || text === undefined) return;
  noteFile(code, texts.vocabulary, path, range.from);
  scanCode(text, -1, range.from, range.to, (token, start) => addCode(code.index, text, token, start));
}

function noteFile(
  { names, fileStarts, fileNames }: WorkspaceCode,
  vocabulary: Vocabulary,
  path: string,
  from: number,
): void {
  fileStarts.push(from);
  fileNames.push(fileName(names, vocabulary, path));
}

/** The name of a file as code would write it: without folders and extensions, in camel case. */
export function fileName(names: Names, vocabulary: Vocabulary, path: string): number {
  const base = path.slice(path.lastIndexOf('/') + 1).replace(/\..*$/, '');
  const letters = encode(
    vocabulary,
    base.replace(/[-. ](.)/g, (_, next: string) => next.toUpperCase()),
  );
  if (letters.includes(otherToken)) return unknownName;
  return numberOf(names, characterKindsOf(vocabulary, ''), letters, 0, letters.length);
}

/** Name of the file that a character of the texts belongs to. */
export function fileNameAt({ fileStarts, fileNames }: WorkspaceCode, position: number): number {
  let [low, high] = [0, fileStarts.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (fileStarts[middle]! <= position) low = middle;
    else high = middle - 1;
  }
  return fileNames[low] ?? unknownName;
}

/** About one head for each code token; 2^20 are 4 MB a chain. */
function headBits(tokens: number): number {
  return Math.min(20, Math.max(10, Math.round(Math.log2(tokens + 1))));
}
