/** The bytes of a text in an encoding of one or two bytes a letter: the decoder of the platform, turned round. */
export function encodeAs(encoding: string, text: string): Buffer {
  const decoder = new TextDecoder(encoding);
  const codes = new Map<string, number[]>();
  for (let first = 0xff; first >= 0x80; first--) {
    for (let second = 0xff; second >= 0x40; second--) {
      const letter = decoder.decode(Uint8Array.of(first, second));
      if (letter.length === 1) codes.set(letter, [first, second]);
    }
  }
  for (let first = 0xff; first >= 0; first--) codes.set(decoder.decode(Uint8Array.of(first)), [first]);
  return Buffer.from(Array.from(text, (letter) => codes.get(letter)!).flat());
}
