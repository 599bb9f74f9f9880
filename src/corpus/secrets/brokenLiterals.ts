import type { TextRange } from '../../text/textStore';

const quote = String.raw`\\{0,3}["'\x60]`;
/** White space, and the end of a line as the JSON of a notebook has it. */
const gap = String.raw`\s{0,40}(?:\\n["'],\s{0,40}["']\s{0,40})?`;
/** What stands between two pieces of a literal: their quotes with an operator or a gap between them, or a line that goes on. */
const joint = new RegExp(
  [`${quote}${gap}[+.&\\\\]${gap}${quote}`, `${quote}(?=\\s|\\\\n)${gap}${quote}`, String.raw`\\\r?\n[ \t]{0,40}`].join(
    '|',
  ),
  'g',
);

/** A text with the pieces of broken literals put together. */
export function withoutJoints(text: string): string {
  return text.replace(joint, '');
}

/** What is found in a text by itself, and in its broken literals when they are put together. */
export function findInPieces(text: string, find: (text: string) => TextRange[]): TextRange[] {
  const ranges = find(text);
  for (const joints of neighbouringJoints(text)) {
    const { whole, places } = putTogether(text, joints);
    for (const range of find(whole)) addPieces(range, places, ranges);
  }
  return ranges;
}

/** How far what a secret is told by lies before a joint, and the secret's rest behind it. */
const reach = 400;

/** Joints in groups: between two groups lies so much that they have nothing to do with each other. */
function neighbouringJoints(text: string): TextRange[][] {
  const groups: TextRange[][] = [];
  for (const { 0: match, index } of text.matchAll(joint)) {
    const range = { start: index, end: index + match.length };
    const last = groups.at(-1);
    if (last !== undefined && index - last.at(-1)!.end < 2 * reach) last.push(range);
    else groups.push([range]);
  }
  return groups;
}

/** The text around joints without them, and where each of its units stands in the text. */
function putTogether(
  text: string,
  joints: readonly TextRange[],
): { readonly whole: string; readonly places: Int32Array } {
  const end = Math.min(text.length, joints.at(-1)!.end + reach);
  let from = Math.max(0, joints[0]!.start - reach);
  const places = new Int32Array(end - from);
  let whole = '';
  for (const joint of [...joints, { start: end, end }]) {
    for (let unit = from; unit < joint.start; unit++) places[whole.length + unit - from] = unit;
    whole += text.slice(from, joint.start);
    from = joint.end;
  }
  return { whole, places };
}

/** Adds the pieces of a range, as they stand in the text. */
function addPieces({ start, end }: TextRange, places: Int32Array, ranges: TextRange[]): void {
  let from = start;
  for (let unit = start + 1; unit <= end; unit++) {
    if (unit < end && places[unit] === places[unit - 1]! + 1) continue;
    ranges.push({ start: places[from]!, end: places[unit - 1]! + 1 });
    from = unit;
  }
}
