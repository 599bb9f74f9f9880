import { decodeOlder } from './olderEncodings';

/** A text, and how it was encoded where that had to be guessed. */
export interface DecodedText {
  readonly text: string;
  /** An older encoding, as the standard of the web names it; undefined for UTF-8 and UTF-16. */
  readonly encoding?: string | undefined;
}

/**
 * The text of a file: UTF-8, with or without byte order mark, or UTF-16 in either byte order (with its mark, or where
 * the zero bytes of Latin letters leave no doubt). CRLF and a lone CR become LF, as the editor counts its lines.
 * The whole file is decoded strictly: exact, where a look at the first bytes could only guess. What is neither may be in an
 * older encoding (Latin-1, GBK, Shift-JIS, EUC-KR, …), told by its letters.
 * @returns null for what is not text: broken sequences, zero bytes, or many control characters
 */
export function decodeBytes(bytes: Uint8Array): DecodedText | null {
  const text = decodeStrictly(bytes);
  const decoded = text === null ? decodeWithoutZeros(bytes) : { text };
  return decoded !== null && looksLikeText(decoded.text) ? { ...decoded, text: normalizeLineEnds(decoded.text) } : null;
}

/** {@link decodeBytes}, whatever the encoding was. */
export function decodeText(bytes: Uint8Array): string | null {
  return decodeBytes(bytes)?.text ?? null;
}

/** Of a large file, what is looked at before all of it is. */
const lookedAtBytes = 4096;

function decodeWithoutZeros(bytes: Uint8Array): DecodedText | null {
  const start = Buffer.from(bytes.subarray(0, lookedAtBytes)).toString('latin1');
  return looksLikeText(start) && !bytes.includes(0) ? decodeOlder(bytes) : null;
}

/** CRLF and a lone CR as LF. */
export function normalizeLineEnds(text: string): string {
  return text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text;
}

/** Whether a decoded text holds no zero character and few other control characters (at most one in twenty). */
export function looksLikeText(text: string): boolean {
  let controls = 0;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (unit === 0) return false;
    // Tab, line ends, form feed and escape (colours of terminals) belong to texts.
    if (unit < 0x20 && (unit < 0x08 || unit > 0x0d) && unit !== 0x1b) controls++;
  }
  return controls * 20 <= text.length;
}

function decodeStrictly(bytes: Uint8Array): string | null {
  const order = utf16Order(bytes);
  try {
    if (order === null) return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    const little = order === 'little' ? bytes : swappedPairs(bytes);
    return new TextDecoder('utf-16le', { fatal: true }).decode(little);
  } catch (error) {
    if (error instanceof TypeError || error instanceof RangeError || isTooLong(error)) return null;
    throw error;
  }
}

function isTooLong(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_STRING_TOO_LONG';
}

/** Byte order of UTF-16; null: it is not UTF-16. */
function utf16Order(bytes: Uint8Array): 'little' | 'big' | null {
  if (bytes.length < 2) return null;
  const [first, second] = bytes;
  // FF FE 00 00 is the mark of UTF-32.
  if (first === 0xff && second === 0xfe) return bytes[2] === 0 && bytes[3] === 0 ? null : 'little';
  if (first === 0xfe && second === 0xff) return 'big';
  return utf16OrderWithoutMark(bytes);
}

const sampleBytes = 4096;

// Mostly Latin text has a zero in every second byte and hardly any elsewhere.
function utf16OrderWithoutMark(bytes: Uint8Array): 'little' | 'big' | null {
  if (bytes.length < 16 || bytes.length % 2 !== 0) return null;
  const sample = bytes.subarray(0, sampleBytes);
  let [evenZeros, oddZeros] = [0, 0];
  for (const [index, byte] of sample.entries()) {
    if (byte === 0 && index % 2 === 0) evenZeros++;
    else if (byte === 0) oddZeros++;
  }
  const [more, fewer] = [Math.max(evenZeros, oddZeros), Math.min(evenZeros, oddZeros)];
  if (more < sample.length * 0.35 || fewer * 10 > more) return null;
  return oddZeros > evenZeros ? 'little' : 'big';
}

function swappedPairs(bytes: Uint8Array): Uint8Array {
  if (bytes.length % 2 !== 0) return bytes;
  return Buffer.from(bytes).swap16();
}
