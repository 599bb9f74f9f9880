import { constants } from 'node:buffer';
import { readFile, stat } from 'node:fs/promises';
import type { LeftOutReason } from '../text/document';
import type { Candidate } from './fileCandidates';
import { scanContent } from './contentRules';
import { decodeBytes, type DecodedText } from './decoding';
import { withoutSecrets } from './secrets/secretScan';

/** A text, or why there is none. */
export type ReadResult = DecodedText | { readonly reason: LeftOutReason };

/** Reads a file and decodes it, in the one way in which every text is read; its content is not judged. */
export async function readText(file: string, maxFileBytes: number): Promise<ReadResult> {
  const most = Math.min(maxFileBytes, constants.MAX_STRING_LENGTH);
  try {
    const status = await stat(file);
    // A pipe or device may never end.
    if (!status.isFile()) return { reason: 'unreadable' };
    if (status.size > most) return { reason: 'too large' };
    const bytes = await readFile(file);
    // It may have grown since it was looked at.
    if (bytes.length > most) return { reason: 'too large' };
    return decodeBytes(bytes) ?? { reason: 'binary' };
  } catch {
    return { reason: 'unreadable' };
  }
}

/** Reads a file of the corpus; generated texts and texts with keys and tokens are left out, other secrets taken out of it. */
export async function readAllowedText(
  { path, file }: Pick<Candidate, 'path' | 'file'>,
  maxFileBytes: number,
): Promise<ReadResult> {
  const result = await readText(file, maxFileBytes);
  if ('reason' in result) return result;
  const judged = await judgeText(path, result.text, maxFileBytes);
  return 'reason' in judged ? judged : { ...result, text: judged.text };
}

/** A text that is not on the disk yet, by the rules for those that are. */
export async function judgeText(path: string, text: string, maxFileBytes: number): Promise<ReadResult> {
  if (Buffer.byteLength(text) > maxFileBytes) return { reason: 'too large' };
  const reason = await scanContent(text);
  return reason === null ? { text: await withoutSecrets(path, text) } : { reason };
}
