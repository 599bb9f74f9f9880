import { describe, expect, it } from 'vitest';
import type { DrawnLine } from '../../../src/inference/drawnLine';
import { createClock } from '../../../src/engine/completing/completionClock';
import { applyEdit, newDocument, type EngineDocument } from '../../../src/engine/documents/engineDocuments';
import { drawAtCursor } from '../../../src/engine/completing/lineDrawing';
import type { LeastProbabilities } from '../../../src/inference/lineSearch';
import type { ModelSession } from '../../../src/inference/session';
import type { CompletionTiming } from '../../../src/protocol/engine';
import { never, openSession } from '../../inference/testSession';

const session = await openSession();
const open = (text: string): EngineDocument => newDocument({ uri: 'a', path: 'a.ts', version: 1, text });

/** The line at the end of a document, and what it took. */
async function draw(
  document: EngineDocument,
  exact = false,
  least?: LeastProbabilities,
): Promise<{ line: DrawnLine; timing: CompletionTiming }> {
  const clock = createClock();
  const request = { offset: document.text.length, maxCharacters: 20, exact };
  const line = (await drawAtCursor({ session, document, memory: undefined, clock }, request, never, least))!;
  return { line, timing: clock.timing(line.characters.length) };
}

const type = (document: EngineDocument, text: string): void =>
  applyEdit(document, { offset: document.text.length, length: 0, text });

describe('who types what a line says', () => {
  it('gets what is left of it without reading or drawing', async () => {
    const document = open('import x;\n');
    const greedyAlone = { line: 1, beginning: 0 };
    const { line } = await draw(document, false, greedyAlone);
    expect(line.characters.length).toBeGreaterThan(3);
    type(document, line.characters.slice(0, 3).join(''));
    const { line: rest, timing } = await draw(document, false, greedyAlone);
    expect(rest.characters).toEqual(line.characters.slice(3));
    expect(rest.probabilities).toEqual(line.probabilities.slice(3));
    expect(timing).toMatchObject({ networkMs: 0, prefixMs: 0 });
  });

  it('gets without reading what another line may be by now, and that once', async () => {
    const document = open('import x;\n');
    const { line } = await draw(document);
    type(document, line.characters.slice(0, 3).join(''));
    const { timing } = await draw(document);
    expect(timing.prefixMs).toBe(0);
    expect(timing.networkMs).toBeGreaterThan(0);
    expect((await draw(document)).timing).toMatchObject({ networkMs: 0, prefixMs: 0 });
  });

  it('gets it as well after a character that was typed and taken back', async () => {
    const document = open('import x;\n');
    const { line } = await draw(document);
    type(document, line.characters[0]!);
    await draw(document);
    applyEdit(document, { offset: document.text.length - 1, length: 1, text: '' });
    const again = await draw(document);
    expect(again.line).toEqual(line);
    expect(again.timing).toMatchObject({ networkMs: 0, prefixMs: 0 });
  });

  it('gets a new one for an exact request', async () => {
    const document = open('import x;\n');
    const { line } = await draw(document);
    type(document, line.characters[0]!);
    expect((await draw(document, true)).timing.networkMs).toBeGreaterThan(0);
  });
});

it('goes on, for who types on before a line is through, with what was drawn of it', async () => {
  const { line: whole } = await draw(open('import x;\n'));
  const document = open('import x;\n');
  let steps = 0;
  const controller = new AbortController();
  const counting: ModelSession = {
    ...session,
    step(ids, state) {
      if (++steps === 5) controller.abort();
      return session.step(ids, state);
    },
  };
  const drawIn = (of: EngineDocument, signal = never) => {
    const request = { offset: of.text.length, maxCharacters: 20 };
    return drawAtCursor({ session: counting, document: of, memory: undefined, clock: createClock() }, request, signal);
  };
  expect(await drawIn(document, controller.signal)).toBeUndefined();
  type(document, whole.characters[0]!);
  const rest = (await drawIn(document))!;
  const goingOn = steps - 5;
  steps = 0;
  expect(rest.characters).toEqual((await drawIn(open(document.text)))!.characters);
  // Four characters were drawn before the key, of which one was typed, and the fifth for nothing.
  expect(goingOn).toBe(steps - 3);
});

it('draws anew for who types something else: what a fresh document would have', async () => {
  const document = open('import x;\n');
  const { line } = await draw(document);
  type(document, line.characters[0]!);
  await draw(document);
  type(document, line.characters[1] === '#' ? '%' : '#');
  const { line: other, timing } = await draw(document);
  expect(timing.networkMs).toBeGreaterThan(0);
  expect(other.characters).toEqual((await draw(open(document.text))).line.characters);
});
