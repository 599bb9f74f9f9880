import type { MeasuredCharacters } from '../protocol/engine';
import type { Output } from './output';

/** Lines that are written at once: a pipe that is full holds up nothing for long. */
const linesAtOnce = 4096;

/**
 * A JSON line for each code point of a file, in order: `offset` in UTF-16 units of the text with LF line ends, `bits` how
 * surprising it was, `entropy` the surprise that was expected there.
 */
export function reportCharacters(output: Output, { text, bits, entropy }: MeasuredCharacters): void {
  let offset = 0;
  let lines: string[] = [];
  let index = 0;
  for (const character of text) {
    const line = { type: 'character', offset, text: character, bits: bits[index], entropy: entropy[index] };
    lines.push(JSON.stringify(line));
    offset += character.length;
    index++;
    if (lines.length === linesAtOnce) {
      output.lines(lines);
      lines = [];
    }
  }
  if (lines.length > 0) output.lines(lines);
}
