import { describe, expect, it } from 'vitest';
import { createClock } from '../../../src/engine/completing/completionClock';
import { drawAtCursor } from '../../../src/engine/completing/lineDrawing';
import { applyEdit, newDocument, type EngineDocument } from '../../../src/engine/documents/engineDocuments';
import { tokenOf } from '../../../src/text/vocabulary';
import { constantWeights, never, openSession, vocabulary } from '../../inference/testSession';

const token = (character: string): number => tokenOf(vocabulary, character.codePointAt(0)!);
/** Every place says the same: a z, less often a bracket, less often still an a or b. */
const logits = { [token('z')]: 14, [token('(')]: 13.5, [token('a')]: 11.5, [token('b')]: 11 };
const session = await openSession(constantWeights(logits));
const open = (text: string): EngineDocument => newDocument({ uri: 'a', path: 'a.ts', version: 1, text });

/** What is drawn at the end of a document, and whether all of it was drawn anew. */
async function draw(document: EngineDocument, members?: readonly string[]): Promise<{ text: string; isNew: boolean }> {
  const clock = createClock();
  const request = { uri: 'a', version: 1, offset: document.text.length, maxCharacters: 6 };
  const drawing = { session, document, memory: undefined, clock };
  const line = (await drawAtCursor(drawing, members === undefined ? request : { ...request, members }, never))!;
  return { text: line.characters.join(''), isNew: clock.timing(6).prefixMs > 0 };
}

describe('the name at the cursor', () => {
  it.each([
    { text: 'order.', members: undefined, drawn: 'zzzzzz' },
    { text: 'order.', members: ['aba', 'bb'], drawn: 'aba(zz' },
    { text: 'order.', members: ['a', 'az'], drawn: 'az(zzz' },
    { text: 'order.a', members: ['aba'], drawn: 'ba(zzz' },
    { text: 'order.aba', members: ['aba', 'other'], drawn: '(zzzzz' },
    { text: 'order.', members: ['quokka'], drawn: 'quokka' },
    { text: 'order.new', members: ['aba'], drawn: 'zzzzzz' },
    { text: 'order.', members: [], drawn: 'zzzzzz' },
  ])('at $text is drawn as $drawn where there are $members', async ({ text, members, drawn }) => {
    expect((await draw(open(text), members)).text).toBe(drawn);
  });
});

it('a line that was drawn before the members were known is drawn anew, once', async () => {
  const document = open('order.');
  const { text } = await draw(document, undefined);
  applyEdit(document, { offset: 6, length: 0, text: text[0]! });
  expect(await draw(document)).toMatchObject({ isNew: false });
  expect(await draw(document, ['zab'])).toMatchObject({ text: expect.stringMatching(/^ab/) as string, isNew: true });
  applyEdit(document, { offset: 7, length: 0, text: 'a' });
  expect(await draw(document, ['zab'])).toMatchObject({ isNew: false });
});
