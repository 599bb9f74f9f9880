import { expect, it } from 'vitest';
import { linesOf, surpriseOfLines, type LineModel, type WantedLines } from '../../../src/engine/surprise/lineSurprise';
import { documentSurprise } from '../../../src/engine/surprise/documentSurprise';
import { unhurried } from '../../../src/inference/readPrefix';
import { createLanguageMemory } from '../../../src/memory/languageMemory';
import { initialWeights } from '../../../src/memory/memoryWeights';
import { buildWorkspaceMemory } from '../../../src/memory/workspaceMemory';
import { counted, openSession, vocabulary } from '../../inference/testSession';

const session = await openSession();
const text = 'let first = read(1)\nlet second = read(2)\n\nshow(first, second)\nlet third = read(3)\nend';
const documents: WantedLines[] = [
  { path: 'a.ts', text, lines: [3, 0] },
  { path: 'a/longer.ts', text: `${text}\nlet fourth = read(4)\n`, lines: [2, 6] },
  { path: 'none.ts', text, lines: [] },
  { path: 'empty.ts', text: '', lines: [0] },
  { path: 'last.ts', text, lines: [5] },
];

function modelWith(known: string): LineModel {
  const workspace = buildWorkspaceMemory(vocabulary, [{ path: 'known.ts', text: known }]);
  return { session, memory: createLanguageMemory(vocabulary, workspace, initialWeights()) };
}

const bitsOf = (found: Awaited<ReturnType<typeof surpriseOfLines>>): number[][][] =>
  found.map((lines) => [...lines].map(([line, { bits }]) => [line, ...bits]));

it('reads the wanted lines of each document as the network reads it from top to bottom', async () => {
  const found = await surpriseOfLines({ session, memory: undefined }, documents, unhurried());
  for (const [index, { path, text, lines }] of documents.entries()) {
    const whole = text === '' ? [] : Array.from((await documentSurprise(session, undefined, { path, text })).bits);
    const starts = linesOf(text).map((_, line) => linesOf(text).slice(0, line).join('').length);
    expect([...found[index]!.keys()]).toEqual(lines);
    for (const [line, { bits }] of found[index]!) {
      const expected = whole.slice(starts[line], starts[line]! + linesOf(text)[line]!.length);
      expect(Array.from(bits)).toEqual(expected.map((value): unknown => expect.closeTo(value, 3)));
    }
  }
});

it('gives the same with a memory, side by side and one by one', async () => {
  const model = modelWith('let second = read(2)\nlet fifth = read(5)\n');
  const alone: number[][][] = [];
  for (const document of documents) alone.push(...bitsOf(await surpriseOfLines(model, [document], unhurried())));
  const together = bitsOf(await surpriseOfLines(model, documents, unhurried()));
  const close = (value: number): unknown => expect.closeTo(value, 3);
  expect(together).toEqual(alone.map((lines) => lines.map(([line, ...bits]) => [line, ...bits.map(close)])));
});

it('lets the memory know what stands below a line, and not the line itself', async () => {
  const line = 'const unusual = 17\n';
  const below = { path: 'a.ts', text: `${line}${'start()\n'.repeat(3)}${line}`, lines: [0] };
  const once = { path: 'a.ts', text: `${line}${'start()\n'.repeat(3)}`, lines: [0] };
  const [known, unknown] = await surpriseOfLines(modelWith(''), [below, once], unhurried());
  const total = (bits: Float64Array): number => bits.reduce((sum, value) => sum + value, 0);
  expect(total(known!.get(0)!.bits)).toBeLessThan(0.7 * total(unknown!.get(0)!.bits));
});

it('reads several documents at once, and nothing below the last wanted line', async () => {
  const { session: watching, fed } = counted(session);
  const widths: number[] = [];
  const run: typeof session.run = (ids, batch, state) => {
    widths.push(batch);
    return watching.run(ids, batch, state);
  };
  const long = { path: 'a.ts', text: `first\n${'x'.repeat(2_000)}`, lines: [0] };
  await surpriseOfLines({ session: { ...watching, run }, memory: undefined }, [long, long, long], unhurried());
  expect(Math.max(...widths)).toBe(3);
  expect(fed()).toBeLessThan(100);
});
