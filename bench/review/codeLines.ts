import { linesOf } from '../../src/engine/surprise/lineSurprise';
import { partOf, scannedText, type ScannedText } from '../../src/surprise/scannedText';
import { scanWords } from '../../src/surprise/wordScanning';
import type { SourceDocument } from '../../src/text/document';
import { languageOf } from '../../src/text/languages';

export function scanned({ path, text }: SourceDocument): ScannedText {
  return scannedText(text, scanWords(text, languageOf(path)));
}

/** Where a line of a text stands. */
export function boundsOf(text: string, line: number): [number, number] {
  const lines = linesOf(text);
  const start = lines.slice(0, line).reduce((sum, { length }) => sum + length, 0);
  return [start, start + lines[line]!.length];
}

/** Numbers of the lines that hold more than blanks and comments. */
export function codeLinesOf(text: ScannedText): number[] {
  let end = 0;
  return linesOf(text.text).flatMap((line, number) => {
    const { words } = partOf(text, end, (end += line.length));
    return words.some(({ kind }) => kind !== 'layout' && kind !== 'comment') ? [number] : [];
  });
}
