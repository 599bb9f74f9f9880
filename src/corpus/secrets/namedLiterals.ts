import type { TextRange } from '../../text/textStore';
import { isNameLike, isPlaceholder } from './placeholders';
import { randomnessBits } from './randomTokens';

/** A name that ends so is that of a secret, whatever is written beside it. */
const strongNames = String.raw`pass(?:word|wd|phrase|code)|pwd|secrets?|api[_-]?key|access[_-]?key|private[_-]?key|account[_-]?key|master[_-]?key|signing[_-]?key|encryption[_-]?key|client[_-]?secret|auth[_-]?token|access[_-]?token|refresh[_-]?token|credentials?`;
/** Names of much that is no secret: what is written beside them must look random. */
const weakNames = String.raw`tokens?|keys?|auth|bearer|salt|pass|signature|dsn`;
/** What may follow a name before its value. */
const middle = [
  String.raw`["'\x60\])]{0,3}(?:\s*:\s*string|\s*:\s*str)?\s{0,12}(?::=|=>|={1,3}|:|,|>|\|\||\?\?)\s{0,12}(?:[\[({]\s{0,4})?`,
  String.raw`["'\x60]?\s{0,4}[,{]?\s{0,40}["']?(?:value|default|content)["']?\s{0,8}[=:>]\s{0,8}`,
].join('|');
const named = new RegExp(
  String.raw`(?:(${strongNames})|(?:${weakNames}))(?:[_-]?(?:v?\d{1,2}|value|text|str|string|string|default|prod|dev|test|old|new))?(?:\\?["'\x60])?(?:${middle})`,
  'gi',
);
/** A literal, or the beginning of one that is being typed, from behind its opening quote. */
const quoted = /[rbfuL@$]{0,2}\\{0,3}(["'`])([^"'`\s\\]{3,500})(?=\\{0,3}\1|\s*$|\\n|\s*\n)/my;
const bare = /([^\s"'`,;<>(){}[\]\\]{4,300})(?=[\s;,<"'`\\]|$)/y;

/** Files in which values stand without quotes. */
const settingsFile =
  /(?:^|\/)(?:dockerfile|containerfile|[^/]*\.(?:ya?ml|properties|ini|cfg|conf|config|toml|env|xml|plist|service|tf|tfvars|hcl|sh|bash|zsh|fish|ps1|bat|cmd|txt|md|rst|netrc))$/i;

/** Where literals stand beside a name such as password, secret, token or key, and are neither placeholders nor words. */
export function findNamedLiterals(path: string, text: string): TextRange[] {
  const ranges: TextRange[] = [];
  const inSettings = settingsFile.test(path);
  for (const { 0: match, 1: strong, index } of text.matchAll(named)) {
    const at = index + match.length;
    for (const range of literalAt(text, at, strong, inSettings)) ranges.push(range);
  }
  return ranges;
}

function literalAt(text: string, at: number, strong: string | undefined, inSettings: boolean): TextRange[] {
  const isStrong = strong !== undefined;
  // Of an environment: its values are no labels.
  const isVariable = isStrong && /^[A-Z_]+$/.test(strong);
  quoted.lastIndex = at;
  const literal = quoted.exec(text);
  if (literal !== null) {
    const value = literal[2]!;
    return isSecretValue(value, isStrong) ? [{ start: quoted.lastIndex - value.length, end: quoted.lastIndex }] : [];
  }
  bare.lastIndex = at;
  const word = bare.exec(text)?.[1];
  if (word === undefined || isPlaceholder(word)) return [];
  const isSecret = inSettings
    ? isSecretValue(word, isStrong) || (isVariable && /^[A-Za-z]{6,}$/.test(word))
    : word.length >= weakCharacters && !isExpression(word) && randomnessBits(word) >= weakBits;
  return isSecret ? [{ start: at, end: at + word.length }] : [];
}

/** A name or a member of one: code, where a value without quotes would stand. */
function isExpression(word: string): boolean {
  return /^[A-Za-z_$][\w$]*(?:[.?:!][\w$]*)*$/.test(word) && (!/\d/.test(word) || /[.?:!$]/.test(word));
}

/** Bits at which a literal beside a weak name is random, and its shortest length. */
const weakBits = 10;
const weakCharacters = 12;

function isSecretValue(value: string, isStrong: boolean): boolean {
  if (isPlaceholder(value) || isNameLike(value)) return false;
  if (/^[A-Za-z]{1,20}:\/\//.test(value) || /^(?:\.{0,2}\/|#|[\w-]+\.[\w-]+\.\w+$)/.test(value)) return false;
  const core = value.replace(/[^A-Za-z0-9_/+=-]/g, '');
  const bits = randomnessBits(core);
  if (bits >= weakBits && value.length >= weakCharacters) return true;
  if (!isStrong || value.length < 5) return false;
  return isMixed(value);
}

/** Letters with digits or signs among them, as people choose passwords. */
function isMixed(value: string): boolean {
  const letters = /[A-Za-z]/.test(value);
  return (letters && /\d/.test(value)) || (letters && /[!@#$%^&*?+~|]/.test(value) && value.length >= 6);
}
