import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createClipboardReading, type ClipboardReading } from '../../src/editors/clipboardReading';

let clipboard: string;
/** How long the editor takes to tell it. */
let tookMs: number;
let isWanted: boolean;
let isFocused: boolean;
let told: (string | null)[];
let failures: unknown[];
let reading: ClipboardReading;
const read = vi.fn(async () => {
  const text = clipboard;
  await new Promise((resolve) => setTimeout(resolve, tookMs));
  return text;
});

beforeEach(() => {
  vi.useFakeTimers();
  read.mockClear();
  [clipboard, tookMs, isWanted, isFocused, told, failures] = ['first', 0, true, true, [], []];
  reading = createClipboardReading({
    isWanted: () => isWanted,
    isFocused: () => isFocused,
    read,
    mostCharacters: 20,
    changed: (text) => told.push(text),
    failed: (error) => failures.push(error),
  });
});
afterEach(() => {
  reading.dispose();
  vi.useRealTimers();
});

const pass = (milliseconds: number): Promise<unknown> => vi.advanceTimersByTimeAsync(milliseconds);

/** A key every tenth of a second. */
async function type(milliseconds: number): Promise<void> {
  for (let passed = 0; passed < milliseconds; passed += 100) {
    reading.look();
    await pass(100);
  }
}

describe('the clipboard is read', () => {
  it('not before the work at hand is done', async () => {
    reading.look();
    expect(read).not.toHaveBeenCalled();
    await pass(10);
    expect(told).toEqual(['first']);
  });

  it('once a second while the user types, and not while nothing is done', async () => {
    await type(10_000);
    expect(read.mock.calls.length).toBeGreaterThanOrEqual(8);
    expect(read.mock.calls.length).toBeLessThanOrEqual(11);
    await pass(1_000);
    read.mockClear();
    await pass(60_000);
    expect(read).not.toHaveBeenCalled();
    expect(told).toEqual(['first']);
  });

  it('again where something is done right after it was read', async () => {
    reading.look();
    await pass(10);
    clipboard = 'second';
    reading.look();
    await pass(1_100);
    expect(told).toEqual(['first', 'second']);
  });

  it('again where something is done while it is read', async () => {
    tookMs = 10;
    reading.look();
    await pass(5);
    clipboard = 'second';
    reading.look();
    await pass(2_000);
    expect(told).toEqual(['first', 'second']);
  });

  it('less often where that takes long', async () => {
    tookMs = 100;
    await type(10_000);
    expect(read.mock.calls.length).toBeLessThanOrEqual(2);
  });

  it.each([
    { name: 'where it is not wanted', prepare: () => (isWanted = false) },
    { name: 'where the user is elsewhere', prepare: () => (isFocused = false) },
  ])('never $name', async ({ prepare }) => {
    prepare();
    await type(3_000);
    expect(read).not.toHaveBeenCalled();
    expect(told).toEqual([]);
  });
});

it.each([
  { name: 'nothing lies there', next: '' },
  { name: 'blanks lie there', next: ' \n' },
  { name: 'a long text lies there', next: 'x'.repeat(21) },
])('what lay there is forgotten when $name', async ({ next }) => {
  await type(100);
  clipboard = next;
  await type(2_000);
  expect(told).toEqual(['first', null]);
});

it('what lies there is forgotten at once when it is not wanted any more, and known again when it is', async () => {
  await type(100);
  isWanted = false;
  reading.look();
  expect(told).toEqual(['first', null]);
  isWanted = true;
  await type(2_000);
  expect(told).toEqual(['first', null, 'first']);
});

it('what is read while it stops being wanted is not told', async () => {
  tookMs = 10;
  reading.look();
  await pass(5);
  isWanted = false;
  reading.look();
  await pass(1_000);
  expect(told).toEqual([]);
});

it('goes on after a clipboard that cannot be read', async () => {
  read.mockRejectedValueOnce(new Error('denied'));
  await type(100);
  expect(failures).toHaveLength(1);
  await type(2_000);
  expect(told).toEqual(['first']);
});
