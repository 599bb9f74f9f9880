import type { SourceDocument } from '../../src/text/document';

/** Lines of a text that stand, alike or with other names, in another text: as if they had been copied from there and typed. */
export interface CopiedBlock {
  readonly document: SourceDocument;
  /** The lines, the last one without its end: UTF-16 units. */
  readonly start: number;
  readonly end: number;
  /** The lines as they stand in the other text. */
  readonly original: string;
  readonly isRenamed: boolean;
  /** The documents besides its own that hold three lines of the block's form. */
  readonly holders: ReadonlySet<SourceDocument>;
}

const fewestLines = 3;
const mostLines = 5;
/** Fewer characters than these, blanks at the ends of lines left out, are the same by chance. */
const fewestCharacters = 80;
/** Of the words of the block so many are the same in the original. */
const sameWords = 0.5;
/** What more files hold is the workspace's own idiom, which nobody copies. */
const mostHolders = 4;

interface Line {
  readonly document: SourceDocument;
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** Without what may be renamed. */
  readonly form: string;
}

/** Blocks of all documents, none of which overlap; imports and comments are none. */
export function copiedBlocks(documents: readonly SourceDocument[]): CopiedBlock[] {
  const texts = documents.map(linesOf);
  const places = new Map<string, Line[][]>();
  for (const lines of texts) {
    for (let at = 0; at + fewestLines <= lines.length; at++) {
      const key = formOf(lines.slice(at, at + fewestLines));
      places.set(key, [...(places.get(key) ?? []), lines.slice(at, at + mostLines)]);
    }
  }
  return texts.flatMap((lines) => blocksOf(lines, places));
}

function blocksOf(lines: readonly Line[], places: ReadonlyMap<string, readonly (readonly Line[])[]>): CopiedBlock[] {
  const blocks: CopiedBlock[] = [];
  for (let at = 0; at + fewestLines <= lines.length;) {
    const block = longestCopy(lines.slice(at, at + mostLines), places);
    if (block !== undefined) blocks.push(block.copy);
    at += block?.count ?? 1;
  }
  return blocks;
}

function longestCopy(
  lines: readonly Line[],
  places: ReadonlyMap<string, readonly (readonly Line[])[]>,
): { readonly copy: CopiedBlock; readonly count: number } | undefined {
  const { document } = lines[0]!;
  const elsewhere = (places.get(formOf(lines.slice(0, fewestLines))) ?? []).filter(
    ([first]) => first!.document !== document,
  );
  let best: { readonly copy: CopiedBlock; readonly count: number } | undefined;
  for (const there of elsewhere) {
    let count = fewestLines;
    while (count < Math.min(lines.length, there.length) && lines[count]!.form === there[count]!.form) count++;
    const [own, other] = [lines.slice(0, count), there.slice(0, count)];
    if (count <= (best?.count ?? 0) || !isCopy(own, other)) continue;
    const [start, end] = [own[0]!.start, own.at(-1)!.end];
    const original = other[0]!.document.text.slice(other[0]!.start, other.at(-1)!.end);
    const isRenamed = own.some(({ text }, index) => text !== other[index]!.text);
    best = { copy: { document, start, end, original, isRenamed, holders: holdersOf(own, places) }, count };
  }
  return best !== undefined && best.copy.holders.size <= mostHolders ? best : undefined;
}

function holdersOf(
  lines: readonly Line[],
  places: ReadonlyMap<string, readonly (readonly Line[])[]>,
): Set<SourceDocument> {
  const holders = new Set<SourceDocument>();
  for (let at = 0; at + fewestLines <= lines.length; at++) {
    for (const [first] of places.get(formOf(lines.slice(at, at + fewestLines))) ?? []) holders.add(first!.document);
  }
  holders.delete(lines[0]!.document);
  return holders;
}

/** Whether enough is the same, and every name stands for one other name wherever it comes. */
function isCopy(own: readonly Line[], other: readonly Line[]): boolean {
  if (own.reduce((sum, { text }) => sum + text.length, 0) < fewestCharacters) return false;
  const [here, there] = [wordsOf(own), wordsOf(other)];
  const names = new Map<string, string>();
  for (const [index, word] of there.entries()) {
    if ((names.get(word) ?? here[index]) !== here[index]) return false;
    names.set(word, here[index]!);
  }
  return here.filter((word, index) => word === there[index]).length >= sameWords * here.length;
}

const word = /[A-Za-z_$][\w$]*/g;

function wordsOf(lines: readonly Line[]): string[] {
  return lines.flatMap(({ text }) => text.match(word) ?? []);
}

function formOf(lines: readonly Line[]): string {
  return lines.map(({ form }) => form).join('\n');
}

/** The lines that are code. */
function linesOf(document: SourceDocument): Line[] {
  const lines: Line[] = [];
  let start = 0;
  for (const whole of document.text.split('\n')) {
    const text = whole.trim();
    const end = start + whole.trimEnd().length;
    const isCode = text !== '' && !/^(?:\/\/|\/?\*|import |} from |const .* = require\()/.test(text);
    if (isCode) lines.push({ document, start, end, text, form: text.replace(word, 'x') });
    start += whole.length + 1;
  }
  return lines;
}
