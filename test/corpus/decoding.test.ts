import { describe, expect, it } from 'vitest';
import { decodeBytes, decodeText } from '../../src/corpus/decoding';
import { encodeAs } from './encodeAs';

const text = 'const größe = "文件 😀";\nlet b = 2;\n';
const utf16 = (value: string): Buffer => Buffer.from(value, 'utf16le');

describe('bytes to text', () => {
  it.each([
    ['UTF-8', Buffer.from(text)],
    ['UTF-8 with byte order mark', Buffer.from(`\uFEFF${text}`)],
    ['UTF-16 LE with byte order mark', utf16(`\uFEFF${text}`)],
    ['UTF-16 BE with byte order mark', utf16(`\uFEFF${text}`).swap16()],
    ['UTF-16 LE without mark', utf16(text)],
    ['UTF-16 BE without mark', utf16(text).swap16()],
    ['CRLF', Buffer.from(text.replaceAll('\n', '\r\n'))],
    ['CRLF in UTF-16', utf16(`\uFEFF${text.replaceAll('\n', '\r\n')}`)],
    ['CR alone', Buffer.from(text.replaceAll('\n', '\r'))],
  ])('reads %s', (_, bytes) => {
    const before = Buffer.from(bytes);
    expect(decodeText(bytes)).toBe(text);
    expect(bytes).toEqual(before);
  });

  it('keeps byte order marks that are not the first character, control characters of terminals, and nothing', () => {
    expect(decodeText(Buffer.from('a\uFEFFb'))).toBe('a\uFEFFb');
    expect(decodeText(Buffer.from('\u001b[31mred\u001b[0m\f\n'))).toBe('\u001b[31mred\u001b[0m\f\n');
    expect(decodeText(new Uint8Array(0))).toBe('');
  });

  it.each([
    [
      'UTF-8 with one broken letter',
      Buffer.concat([Buffer.from('größe 文件 größe '), Buffer.from([0xe6]), Buffer.from(' 文件')]),
    ],
    ['a sequence that is cut off', Buffer.from('größe 文').subarray(0, -1)],
    ['a surrogate in UTF-8', Uint8Array.from([0x61, 0xed, 0xa0, 0x80])],
    ['a lone surrogate in UTF-16', utf16('\uFEFFab\uD800')],
    ['half a unit of UTF-16', Buffer.concat([utf16('\uFEFFab'), Buffer.from([0x61])])],
    ['a zero byte', Buffer.from('text\0text')],
    ['UTF-32', Uint8Array.from([0xff, 0xfe, 0, 0, 0x61, 0, 0, 0])],
    ['many control characters', Buffer.from('\u0001\u0002\u0003text\u0004\u0005')],
    ['ELF', Uint8Array.from([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0])],
    ['gzip', Uint8Array.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3])],
  ])('takes %s for binary', (_, bytes) => {
    expect(decodeText(bytes)).toBeNull();
  });
});

describe('older encodings', () => {
  const code = (words: string): string =>
    `def weigh(self, route):\n    # ${words}\n    return route.weight * 2\n`.repeat(3);

  it.each([
    ['shift_jis', '重さを計算する'],
    ['euc-jp', '重さを計算する'],
    ['euc-kr', '무게를 계산합니다'],
    ['gbk', '重量计算，返回结果'],
    ['big5', '計算重量並傳回結果'],
    ['iso-8859-1', 'Größe, célèbre, año'],
    ['windows-1251', 'вычисляет общий вес всех частей'],
  ])('%s is told by its letters', (encoding, words) => {
    const text = code(words);
    const bytes = encodeAs(encoding, text.replaceAll('\n', '\r\n'));
    expect(decodeBytes(bytes)).toEqual({ text, encoding });
  });
});
