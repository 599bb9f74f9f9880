import { setImmediate as nextTurn } from 'node:timers/promises';
import type { TextRange } from '../../text/textStore';
import { secretMark } from '../../core/secretMark';
import { findInPieces } from './brokenLiterals';
import { findCredentials } from './credentials';
import { holdsKnownToken } from './knownTokens';
import { findNamedLiterals } from './namedLiterals';
import { holdsPrivateKey } from './privateKeys';
import { findRandomTokens } from './randomTokens';

/** What keeps a text out as a whole: a private key, or a token of a known service. Nothing in the text can switch it off. */
export function holdsKeyOrToken(text: string): boolean {
  return holdsPrivateKey(text) || holdsKnownToken(text);
}

/**
 * Where secrets stand that keep out themselves only: literals beside names such as password or token, passwords in addresses and
 * commands, hashes of passwords, and long tokens that look random, whatever they are; also where a literal is broken into pieces.
 * @param path of the file: in settings, values stand without quotes
 */
export function findSecrets(path: string, text: string): TextRange[] {
  return findInPieces(text, (whole) => [
    ...findNamedLiterals(path, whole),
    ...findCredentials(whole),
    ...findRandomTokens(whole),
  ]);
}

/** A text with {@link secretMark} in place of each UTF-16 unit of the ranges, so that offsets stay what they are. */
export function withoutRanges(text: string, ranges: readonly TextRange[]): string {
  let result = '';
  let done = 0;
  for (const { start, end } of [...ranges].sort((a, b) => a.start - b.start)) {
    if (end <= done) continue;
    const from = Math.max(start, done);
    result += text.slice(done, from) + secretMark.repeat(end - from);
    done = end;
  }
  return result + text.slice(done);
}

/** A piece bounds how long other work waits for its turn; the overlap keeps a secret whole that lies across a border. */
const pieceCharacters = 128 * 1024;
const overlapCharacters = 4 * 1024;

/** {@link holdsKeyOrToken} of a text of any length; between its pieces other work gets its turn. */
export async function holdsKeyOrTokenAnywhere(text: string): Promise<boolean> {
  for await (const { piece } of piecesOf(text)) if (holdsKeyOrToken(piece)) return true;
  return false;
}

/** A text of any length without what {@link findSecrets} finds; between its pieces other work gets its turn. */
export async function withoutSecrets(path: string, text: string): Promise<string> {
  const ranges: TextRange[] = [];
  for await (const { piece, offset } of piecesOf(text)) {
    for (const { start, end } of findSecrets(path, piece)) ranges.push({ start: offset + start, end: offset + end });
  }
  return ranges.length === 0 ? text : withoutRanges(text, ranges);
}

async function* piecesOf(text: string): AsyncGenerator<{ readonly piece: string; readonly offset: number }> {
  for (let offset = 0; offset < text.length; offset += pieceCharacters) {
    if (offset > 0) await nextTurn();
    const from = Math.max(0, offset - overlapCharacters);
    yield { piece: text.slice(from, offset + pieceCharacters), offset: from };
  }
}
