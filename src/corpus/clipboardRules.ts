import { secretMark } from '../core/secretMark';
import { scanContent } from './contentRules';
import { randomnessBits } from './secrets/randomTokens';
import { findSecrets } from './secrets/secretScan';

/** A longer text on the clipboard is no snippet. */
export const mostClipboardCharacters = 20_000;

/** Without one of these a text is no code. Notes, phrases and numbers that are nobody else's business have none. */
const codeSign = /[(){}[\]=;<>]/;
/** In settings values stand without quotes, elsewhere not: nobody knows what the text was copied from. */
const possiblePaths = ['clipboard.ts', 'clipboard.properties'];
/** A word of so many characters that stands alone may be a password. */
const shortestPassword = 6;
/** A phrase of more words, written as one, may be one too. */
const mostWordsOfName = 3;

/**
 * Whether a text that lies on the clipboard may be completed from: code, or a name of two or three words, that holds nothing
 * that is or could be a secret. Unlike in a file, of which the rest may be used, a secret keeps out all of it: whoever copies a
 * password copies little else.
 */
export async function mayCompleteFromClipboard(text: string): Promise<boolean> {
  if (text.length > mostClipboardCharacters || text.includes(secretMark)) return false;
  const words = text.trim();
  if (!(/\s/.test(words) ? codeSign.test(words) : isName(words))) return false;
  if ((await scanContent(text)) !== null) return false;
  if (possiblePaths.some((path) => findSecrets(path, text).length > 0)) return false;
  return !words.split('\n').some((line) => isLonePassword(line.trim()));
}

/** Letters in words that are told by capitals or underscores, with nothing else but an empty call: `readText`, `most_words`. */
function isName(word: string): boolean {
  const name = word.replace(/(?:\(\))?;?$/, '');
  const words = name.split(/_|(?<=[a-z])(?=[A-Z])/);
  const areWords = words.every((part) => /^(?:[A-Z]?[a-z]+|[A-Z]+)$/.test(part));
  return areWords && words.length > 1 && words.length <= mostWordsOfName && randomnessBits(name) < 0;
}

/** A line that is one word, likelier drawn at random than put together. */
function isLonePassword(line: string): boolean {
  if (line.length < shortestPassword || /\s/.test(line)) return false;
  return randomnessBits(line.replace(/[^\w/+=-]/g, '')) >= 0;
}
