import { describe, expect, it } from 'vitest';
import { createRandom } from '../../src/core/random';
import { toLineFeeds } from '../../src/text/textOffsets';
import { encodeDocument } from '../../src/text/vocabulary';
import { createPrefixStates, warmUpCharacters } from '../../src/inference/prefixStates';
import { readPrefix } from '../../src/inference/readPrefix';
import { zeroState } from '../../src/inference/session';
import { relativeDifference } from '../onnx/onnxGraph';
import { counted, model, never, openSession, vocabulary } from './testSession';

const path = 'src/a.ts';
const session = await openSession();

/** What the model says after header and text, read at once. */
async function expectedLogits(text: string): Promise<Float32Array> {
  const tokens = encodeDocument(vocabulary, path, toLineFeeds(text));
  return (await readPrefix(session, tokens, zeroState(model), never))!.logits;
}

const random = createRandom(5);
const pieces = ['let x = 1;', '\n', '\r\n', '  return 😀;', '}', 'é', '\n\n', 'a'.repeat(90), '"text" + '];
const randomText = (length: number): string =>
  Array.from({ length }, () => pieces[random.integer(pieces.length)]).join('');

/** A place that lies in no pair of units. */
function randomOffset(text: string): number {
  const characters = text.match(/\r\n|[^]/gu) ?? [];
  return characters.slice(0, random.integer(characters.length + 1)).join('').length;
}

describe('prefix states', () => {
  it('give after any edits and cursor moves what reading everything gives', async () => {
    const states = createPrefixStates(session, path);
    let text = randomText(60);
    for (let round = 0; round < 60; round++) {
      const [from, to] = [randomOffset(text), randomOffset(text)].sort((a, b) => a - b) as [number, number];
      const end = Math.min(to, from + 40);
      const cut = /[\udc00-\udfff\n]/.test(text[end] ?? '') ? from : end;
      text = text.slice(0, from) + randomText(random.integer(3)) + text.slice(cut);
      states.edited(from);
      const cursor = randomOffset(text);
      const position = await states.positionAt(text, cursor, never, true);
      expect(relativeDifference(position!.logits, await expectedLogits(text.slice(0, cursor)))).toBeLessThan(1e-4);
    }
  });

  it('feed after typing only the line that was typed in', async () => {
    const { session: watched, fed } = counted(session);
    const states = createPrefixStates(watched, path);
    const text = 'const answer = 42;\n'.repeat(100);
    await states.positionAt(text, text.length, never);
    const before = fed();
    states.edited(text.length);
    await states.positionAt(`${text}let a`, text.length + 5, never);
    states.edited(text.length + 5);
    await states.positionAt(`${text}let ab`, text.length + 6, never);
    expect(fed() - before).toBe(6);
  });

  it('read the last part of a long text first, and all of it in idle time', async () => {
    const { session: watched, fed } = counted(session);
    const states = createPrefixStates(watched, path);
    const text = randomText(2500);
    expect(text.length).toBeGreaterThan(3 * warmUpCharacters);
    await states.positionAt(text, text.length, never);
    expect(fed()).toBeLessThan(warmUpCharacters + 400);
    while (await states.readAhead(text, text.length));
    const before = fed();
    const position = await states.positionAt(text, text.length, never);
    expect(fed()).toBe(before);
    expect(relativeDifference(position!.logits, await expectedLogits(text))).toBeLessThan(1e-4);
  });

  it('warm up ahead of the first request: near the cursor before anything else', async () => {
    const { session: watched, fed } = counted(session);
    const states = createPrefixStates(watched, path);
    const text = 'let value = 1;\n'.repeat(1000);
    while (fed() < warmUpCharacters + 30) expect(await states.readAhead(text, text.length)).toBe(true);
    const before = fed();
    await states.positionAt(text, text.length, never);
    expect(fed() - before).toBe(0);
  });

  it('feed a key behind a jump its own line, however far idle time has come with the text before', async () => {
    const { session: watched, fed } = counted(session);
    const states = createPrefixStates(watched, path);
    let text = 'let value = 1;\n'.repeat(700);
    await states.positionAt(text, text.length, never);
    const costs: number[] = [];
    for (let more = true; more;) {
      more = await states.readAhead(text, text.length);
      states.edited(text.length);
      text += 'x';
      const before = fed();
      await states.positionAt(text, text.length, never);
      costs.push(fed() - before);
    }
    const ownLine = text.length - text.lastIndexOf('\n');
    expect(costs.length).toBeGreaterThan(20);
    expect(Math.max(...costs)).toBeLessThan(ownLine);
  });

  it('keep nothing of a text that was edited while it was read', async () => {
    const old = 'let first = 1;\n'.repeat(60);
    const edited = old.replaceAll('first', 'other');
    let reads = 0;
    const run: typeof session.run = (ids, batch, state) => {
      // The third read is under way when the edit arrives.
      if (++reads === 3) states.edited(0);
      return session.run(ids, batch, state);
    };
    const states = createPrefixStates({ ...session, run }, path);
    expect(await states.positionAt(old, old.length, never)).toBeUndefined();
    const position = await states.positionAt(edited, edited.length, never);
    expect(relativeDifference(position!.logits, await expectedLogits(edited))).toBeLessThan(1e-4);
  });

  it('know the state after what is expected, until the text says something else', async () => {
    const { session: watched, fed } = counted(session);
    const text = 'let value = 1;\n'.repeat(40);
    const expected = 'call(value);';
    const read = async (then: string, at = text.length): Promise<{ cost: number; difference: number }> => {
      const states = createPrefixStates(watched, path);
      while (await states.readAhead(text, text.length, expected));
      const before = fed();
      states.edited(at);
      const position = await states.positionAt(then, then.length, never);
      const difference = relativeDifference(position!.logits, await expectedLogits(then));
      return { cost: fed() - before, difference };
    };
    const cases = [
      { then: text + expected, cost: 0 },
      { then: `${text}${expected}\n  x`, cost: 4 },
      { then: `${text}call(other);`, cost: 12 },
      { then: text + expected.slice(0, 5), cost: 5 },
    ];
    for (const { then, cost } of cases) {
      const result = await read(then);
      expect(result.cost).toBe(cost);
      expect(result.difference).toBeLessThan(1e-4);
    }
    const changedBefore = await read(`x${text.slice(1)}${expected}`, 0);
    expect(changedBefore.cost).toBeGreaterThan(text.length);
    expect(changedBefore.difference).toBeLessThan(1e-4);
  });

  it('give nothing once the request is stale', async () => {
    const states = createPrefixStates(session, path);
    expect(await states.positionAt('some text', 9, AbortSignal.abort())).toBeUndefined();
  });
});
