import { analyse } from 'chardet';

/** A way to tell an encoding of two bytes a letter by the letters that it gives. */
interface DoubleByteEncoding {
  readonly name: string;
  /** Letters that text in it is mostly made of. */
  readonly usual: RegExp;
  /** Share of them among the letters beyond ASCII. */
  readonly leastShare: number;
  /** First bytes of the letters in daily use, where the encoding orders them so. */
  readonly dailyLeads?: readonly [number, number];
}

/** In the order in which they are tried: what is tried later decodes what belongs to earlier ones too. */
const doubleByteEncodings: readonly DoubleByteEncoding[] = [
  { name: 'shift_jis', usual: /[\u3040-\u30ff]/g, leastShare: 0.2 },
  { name: 'euc-jp', usual: /[\u3040-\u30ff]/g, leastShare: 0.2 },
  { name: 'euc-kr', usual: /[\uac00-\ud7a3]/g, leastShare: 0.9 },
  { name: 'gbk', usual: /[\u4e00-\u9fff]/g, leastShare: 0.7, dailyLeads: [0xb0, 0xd7] },
  { name: 'big5', usual: /[\u4e00-\u9fff]/g, leastShare: 0.7, dailyLeads: [0xa4, 0xc6] },
];
/** Share of letters in daily use; other encodings' letters are spread over all. */
const leastDaily = 0.6;
/** Second bytes of GB 2312, in which these letters stand, are high; Big5 has low ones among them. */
const firstHighTrail = 0xa1;

/** Enough to tell an encoding by. */
const detectedBytes = 64 * 1024;
/** Words beyond ASCII are gathered from so much behind the first of them. */
const lookedThroughBytes = 1024 * 1024;
/** Encodings of one byte a letter decode anything: text in them is mostly ASCII. */
const mostSingleBytes = 0.5;
const fewSingleBytes = 0.1;
const westernEuropean = 'windows-1252';
const singleByteNames = /^(?:windows-125\d|iso-8859-\d+|koi8-r)$/i;

/**
 * The text of bytes that are neither UTF-8 nor UTF-16, and have no zeros: Shift-JIS, EUC-JP, EUC-KR, GBK or Big5, told by their letters, otherwise
 * the likeliest of the encodings of one byte a letter. Decoded strictly: null where that fails, and where a control character
 * comes out.
 */
export function decodeOlder(bytes: Uint8Array): { readonly text: string; readonly encoding: string } | null {
  if (isDamagedUnicode(bytes)) return null;
  const high = bytes.reduce((count, byte) => count + (byte >= 0x80 ? 1 : 0), 0);
  for (const encoding of doubleByteEncodings) {
    const text = decodeStrictly(encoding.name, bytes);
    if (text !== null && isIn(encoding, text, bytes)) return { text, encoding: encoding.name };
  }
  if (high > bytes.length * mostSingleBytes) return null;
  const likely = analyse(wordsBeyondAscii(bytes)).map(({ name }) => name.toLowerCase());
  // A few words are too few to tell a language by; such text is mostly Western European.
  const few = high <= bytes.length * fewSingleBytes ? [westernEuropean] : [];
  for (const encoding of [...likely.filter((name) => singleByteNames.test(name)), ...few]) {
    const text = decodeStrictly(encoding, bytes);
    if (text !== null) return { text, encoding };
  }
  return null;
}

/** UTF-8 with a few broken places would be read as the wrong letters throughout. */
function isDamagedUnicode(bytes: Uint8Array): boolean {
  const beyond = new TextDecoder().decode(bytes.subarray(0, detectedBytes)).match(/[^\p{ASCII}]/gu) ?? [];
  return beyond.filter((character) => character !== '\uFFFD').length > beyond.length / 2;
}

function isIn({ name, usual, leastShare, dailyLeads }: DoubleByteEncoding, text: string, bytes: Uint8Array): boolean {
  const sample = text.slice(0, detectedBytes);
  const beyond = sample.match(/[^\p{ASCII}\u3000-\u303f\uff00-\uffef\u2000-\u206f]/gu)?.length ?? 0;
  const share = (sample.match(usual)?.length ?? 0) / beyond;
  if (beyond === 0 || share < leastShare) return false;
  if (dailyLeads === undefined) return true;
  const { daily, low } = sharesOfPairs(bytes, dailyLeads);
  return daily >= leastDaily && (name !== 'gbk' || low < 0.1);
}

/** Of the pairs that begin with a high byte, how many begin with a daily letter's, and how many end in a low byte. */
function sharesOfPairs(bytes: Uint8Array, [first, last]: readonly [number, number]): { daily: number; low: number } {
  let [pairs, daily, low] = [0, 0, 0];
  for (let index = 0; index < bytes.length; index++) {
    const lead = bytes[index]!;
    if (lead < 0x80) continue;
    pairs++;
    if (lead >= first && lead <= last) daily++;
    if ((bytes[++index] ?? 0) < firstHighTrail) low++;
  }
  return { daily: daily / pairs, low: low / pairs };
}

/** What tells something: in a file of code most words are ASCII. */
function wordsBeyondAscii(bytes: Uint8Array): Uint8Array {
  const start = bytes.findIndex((byte) => byte >= 0x80);
  const letters = Buffer.from(bytes.subarray(start, start + lookedThroughBytes)).toString('latin1');
  const words = letters.match(/[A-Za-z]*[\x80-\xff][A-Za-z\x80-\xff]*/g) ?? [];
  return Buffer.from(words.join(' ').slice(0, detectedBytes), 'latin1');
}

function decodeStrictly(name: string, bytes: Uint8Array): string | null {
  try {
    const text = new TextDecoder(name, { fatal: true }).decode(bytes);
    // C1 controls and private letters stand in no text.
    return /[\u0080-\u009f\ue000-\uf8ff\uffff]/.test(text) ? null : text;
  } catch (error) {
    if (error instanceof TypeError || error instanceof RangeError) return null;
    throw error;
  }
}
