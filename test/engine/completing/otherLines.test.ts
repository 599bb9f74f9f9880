import { expect, it } from 'vitest';
import { completeLine } from '../../../src/engine/completing/engineCompletion';
import { newDocument } from '../../../src/engine/documents/engineDocuments';
import { mostSuggestions, type CompletionAnswer } from '../../../src/protocol/engine';
import { tokenOf } from '../../../src/text/vocabulary';
import { constantWeights, never, openSession, vocabulary } from '../../inference/testSession';

const text = 'const value = ';
const token = (character: string): number => tokenOf(vocabulary, character.codePointAt(0)!);
/** Every place says the same: a dot, less often a dash, less often still the end of the line. */
const session = await openSession(constantWeights({ [token('.')]: 9, [token('-')]: 8.5, [token('\n')]: 8.4 }));

function complete(minimumConfidence: number, suggestions?: number): Promise<CompletionAnswer> {
  const document = newDocument({ uri: 'a', path: 'a.ts', version: 1, text });
  const request = { uri: 'a', version: 1, offset: text.length, maxCharacters: 6, minimumConfidence };
  return completeLine(session, document, { ...request, ...(suggestions && { suggestions }) }, never);
}

it.each([2, 3, mostSuggestions, 50])(
  'of %i lines that are wanted all are different, the surest first',
  async (wanted) => {
    const answer = await complete(0, wanted);
    const { kind, completion } = answer as Extract<CompletionAnswer, { kind: 'completion' }>;
    expect(kind).toBe('completion');
    const all = [completion, ...answer.others!].map(({ text: line }) => line);
    expect(all).toHaveLength(Math.min(wanted, mostSuggestions));
    expect(new Set(all).size).toBe(all.length);
    for (const line of all) expect(line).toMatch(/^[.-]{3,6}$/);
    const confidences = answer.others!.map(({ confidence }) => confidence);
    expect(confidences).toEqual(confidences.toSorted((a, b) => b - a));
  },
);

it('lines that are not sure enough are told beside what is not offered, where several are wanted', async () => {
  const answer = await complete(0.99, 3);
  expect(answer).toMatchObject({ kind: 'none', reason: 'nothing to offer' });
  expect(answer.others).toHaveLength(3);
});

it('one line is all that is drawn where no more are wanted', async () => {
  expect((await complete(0)).others).toBeUndefined();
  expect((await complete(0, 1)).others).toBeUndefined();
});
