import type { SlipPlace } from './slip';

const words = /[\p{L}_$][\p{L}\p{N}_$]*/gu;
const nearLines = 6;

/**
 * Lines that stand near another one with the same signs and other names in two places or more, as copied and changed lines do: in
 * one of them the old name could have been left.
 */
export function copiedLines(text: string): SlipPlace[] {
  const places: SlipPlace[] = [];
  const lines: { start: number; shape: string; names: readonly { name: string; at: number }[] }[] = [];
  let start = 0;
  for (const line of text.split('\n')) {
    const names = [...line.matchAll(words)].map((match) => ({ name: match[0], at: match.index }));
    lines.push({ start, shape: line.replace(words, 'x').trim(), names });
    start += line.length + 1;
  }
  for (const [index, line] of lines.entries()) {
    if (line.names.length < 3 || /^(\/\/|\*|#|import|from|export)/.test(line.shape)) continue;
    const model = lines.slice(Math.max(0, index - nearLines), index).findLast(({ shape }) => shape === line.shape);
    const differing = line.names.flatMap(({ name, at }, place) => {
      const other = model?.names[place]?.name;
      return other === undefined || other === name ? [] : [{ name, at, other }];
    });
    if (differing.length < 2 || differing.length === line.names.length) continue;
    for (const { name, at, other } of differing) {
      const from = line.start + at;
      places.push({ kind: 'copy', start: from, end: from + name.length, choices: [other] });
    }
  }
  return places;
}
