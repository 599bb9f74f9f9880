/** A name in its parts: `fooBar`, `foo_bar` and `FOO_BAR` have the parts foo and bar. */
export interface NameParts {
  readonly name: string;
  /** As written, the joints between them too. */
  readonly written: readonly string[];
  /** In lower case; '' for a joint. */
  readonly lower: readonly string[];
  /** The same without joints. */
  readonly bare: readonly string[];
  /** What joins them, where something does. */
  readonly joint: string | undefined;
}

const partPattern = /\p{Lu}+(?!\p{Ll})|\p{Lu}?[\p{Ll}\p{Lo}]+|\p{Nd}+|[^\p{L}\p{Nd}]+|./gu;
const jointPattern = /^[^\p{L}\p{Nd}]+$/u;

/** Divides a name into humps of camel case, runs of capitals, of digits, and of what joins them. */
export function partsOf(name: string): NameParts {
  const written: readonly string[] = name.match(partPattern) ?? [];
  const lower = written.map((part) => (jointPattern.test(part) ? '' : part.toLowerCase()));
  const isInside = (index: number): boolean => index > 0 && index < written.length - 1;
  const joint = written.find((part, index) => lower[index] === '' && isInside(index));
  return { name, written, lower, bare: lower.filter((part) => part !== ''), joint };
}

/** Parts of names that another one calls by others. */
export interface PartBinding {
  readonly from: readonly string[];
  readonly to: readonly string[];
  /** The name that `to` was taken from joins its parts. */
  readonly isJoined: boolean;
}

/** Fewer letters that are exchanged would be found in names that have nothing to do with it. */
const fewestLetters = 2;

/**
 * What one name calls otherwise than another one: both without the parts that they begin and end with alike; the whole names
 * where nothing of one of them would be left. Undefined where that is too little to be looked for in other names.
 */
export function bindingOf(there: NameParts, here: NameParts): PartBinding | undefined {
  const [a, b] = [there.bare, here.bare];
  const shorter = Math.min(a.length, b.length);
  let start = 0;
  while (start < shorter && a[start] === b[start]) start++;
  let end = 0;
  while (end < shorter - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++;
  const isPart = shorter > start + end;
  const from = isPart ? a.slice(start, a.length - end) : a;
  const to = isPart ? b.slice(start, b.length - end) : b;
  const letters = from.reduce((sum, part) => sum + part.length, 0);
  if (to.length === 0 || letters < fewestLetters) return undefined;
  return { from, to, isJoined: here.joint === '_' };
}

/** A name with the parts of a binding exchanged, written in the case that they have there; undefined where it has none of them. */
export function renamed(parts: NameParts, binding: PartBinding): string | undefined {
  const { written, lower } = parts;
  for (let start = 0; start < written.length; start++) {
    if (lower[start] !== binding.from[0]) continue;
    const end = endOfParts(lower, start, binding.from);
    if (end === undefined) continue;
    return written.slice(0, start).join('') + inCaseOf(parts, start, binding) + written.slice(end).join('');
  }
  return undefined;
}

/** Where parts that stand one after the other from `start` on end, the joints between them skipped. */
function endOfParts(lower: readonly string[], start: number, wanted: readonly string[]): number | undefined {
  let at = start;
  for (const part of wanted) {
    while (lower[at] === '') at++;
    if (lower[at] !== part) return undefined;
    at++;
  }
  return at;
}

function inCaseOf({ name, written, joint }: NameParts, start: number, { to, isJoined }: PartBinding): string {
  const first = written[start]!;
  const isUpper = (text: string): boolean => text.length > 1 && text === text.toUpperCase();
  const allCapitals = isUpper(first.length > 1 ? first : name);
  const capital = /^\p{Lu}/u.test(first);
  const between = joint ?? (isJoined && !capital && written.length === 1 ? '_' : undefined);
  const parts = to.map((part, index) => {
    if (allCapitals) return part.toUpperCase();
    if (between !== undefined && !capital) return part;
    return index > 0 || capital ? part[0]!.toUpperCase() + part.slice(1) : part;
  });
  return parts.join(between ?? '');
}
