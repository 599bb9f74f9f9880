import { secretMark } from '../../core/secretMark';
import type { TextEdit } from '../../text/textEdit';
import { lineEnd, lineStart } from '../../text/textOffsets';
import type { TextRange } from '../../text/textStore';
import { findSecrets, holdsKeyOrToken, withoutRanges } from '../../corpus/secrets/secretScan';

/** How far a line is looked at beside what was written into it. */
const nearCharacters = 2_048;

/**
 * A text after an edit, without the secrets that the edit has made, in its lines and the neighbouring ones.
 * @returns undefined where they hold a key or token, which keeps the whole text out
 */
export function protectEdited(path: string, text: string, { offset, text: written }: TextEdit): string | undefined {
  const above = lineStart(text, Math.max(0, lineStart(text, offset) - 1));
  const below = lineEnd(text, Math.min(text.length, lineEnd(text, offset + written.length) + 1));
  const start = Math.max(above, offset - nearCharacters);
  const end = Math.min(below, offset + written.length + nearCharacters);
  const lines = text.slice(start, end);
  if (holdsKeyOrToken(lines)) return undefined;
  const ranges = [...findSecrets(path, lines), ...besideMarks(lines)];
  return ranges.length === 0 ? text : text.slice(0, start) + withoutRanges(lines, ranges) + text.slice(end);
}

/** What is written on to a secret belongs to it. */
function besideMarks(text: string): TextRange[] {
  if (!text.includes(secretMark)) return [];
  const matches = text.matchAll(/[\w+/.!@#$%^&*?~-]*\uFFFD[\w+/=.!@#$%^&*?~\uFFFD-]*/g);
  return [...matches].map(({ 0: token, index }) => ({ start: index, end: index + token.length }));
}

/** Whether a text that would be offered behind a line says, or goes on with, what looks like a secret. */
export function revealsSecret(path: string, before: string, offered: string): boolean {
  const line = before.slice(-nearCharacters);
  const text = line + offered;
  if (text.includes(secretMark, line.length) || holdsKeyOrToken(text)) return true;
  return findSecrets(path, text).some(({ end }) => end > line.length);
}
