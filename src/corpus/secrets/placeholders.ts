import { randomnessBits } from './randomTokens';

const words = new Set(
  (
    'password passwd passphrase pass pwd secret secrets token key apikey api_key api-key credential credentials user username admin ' +
    'root none null nil undefined true false yes no on off string text value default required optional hidden test testing todo ' +
    'foo bar baz foobar basic bearer digest auth login empty unset disabled enabled private public name email number'
  ).split(' '),
);
const inPlaceholders =
  /example|placeholder|change[-_ ]?(?:me|this|it)|your[-_ ]|[-_]here|dummy|redacted|sample|insert[-_ ]|replace[-_ ]|fake|mock|\*{3}|\.{3}|…|12345678|abcdefgh|lorem|password[-_]?\d{0,3}$|^(?:my|the|some|a|test|wrong|new|old|invalid|bad)[-_ ]?(?:secret|password|token|key|passwd|pass)/i;
/** What is put in later: shell, templates, printf, markup, another variable. */
const references =
  /^[$%@&!#:]*[{<([]|\$\{|\$\(|\{\{|%\(|%[sd]|^<|>$|^\$\w+$|^%\w+%$|^env[.:(]|process\.env|os\.environ|^vault:|^ref\+|^!|^arn:/i;

/** Whether a literal stands for a secret without being one. */
export function isPlaceholder(literal: string): boolean {
  if (literal.length < 4 || /^(.)\1*$/.test(literal) || words.has(literal.toLowerCase())) return true;
  return /x{4}|X{4}/.test(literal) || inPlaceholders.test(literal) || references.test(literal);
}

/** Whether a literal is made of words as names, paths and labels are, and of nothing else. */
export function isNameLike(literal: string): boolean {
  if (!/^[A-Za-z]+(?:[-_.:/ ][A-Za-z]+)*\d?$/.test(literal)) return false;
  return randomnessBits(literal.replace(/[^A-Za-z0-9_/-]/g, '_')) < literal.length / 2;
}
