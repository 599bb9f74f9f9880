import { readFile, stat } from 'node:fs/promises';
import type { LeftOutReason } from '../core/document';
import type { Candidate } from './candidates';
import { scanContent } from './contentRules';
import { decodeText } from './decoding';

/** A text, or why there is none. */
export type ReadResult = { readonly text: string } | { readonly reason: LeftOutReason };

/** Reads a file and decodes it; its content is not judged. */
export async function readText(file: string, maxFileBytes: number): Promise<ReadResult> {
  try {
    // A pipe or device may never end.
    if (!(await stat(file)).isFile()) return { reason: 'unreadable' };
    const bytes = await readFile(file);
    // It may have grown since it was looked at.
    if (bytes.length > maxFileBytes) return { reason: 'too large' };
    const text = decodeText(bytes);
    return text === null ? { reason: 'binary' } : { text };
  } catch {
    return { reason: 'unreadable' };
  }
}

/** Reads a file of the corpus; generated texts and texts with secrets are left out. */
export async function readAllowedText({ path, file }: Candidate, maxFileBytes: number): Promise<ReadResult> {
  const result = await readText(file, maxFileBytes);
  return 'reason' in result ? result : judgeText(path, result.text, maxFileBytes);
}

/** A text that is not on the disk yet, by the rules for those that are. */
export async function judgeText(path: string, text: string, maxFileBytes: number): Promise<ReadResult> {
  if (Buffer.byteLength(text) > maxFileBytes) return { reason: 'too large' };
  const reason = await scanContent(path, text);
  return reason === null ? { text } : { reason };
}
