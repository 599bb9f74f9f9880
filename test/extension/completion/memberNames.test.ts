import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createMemberNames } from '../../../src/extension/completion/memberNames';
import { openFake, resetWindow, type FakeDocument } from '../window/fakeWindow';
import { commands, CompletionItemKind } from '../window/vscode';

const { Method, Text, Snippet, Keyword } = CompletionItemKind;
const item = (label: unknown, kind = Method): unknown => ({ label, kind });
const settle = (milliseconds = 1000): Promise<unknown> => vi.advanceTimersByTimeAsync(milliseconds);

/** The language's extension answers with a list. */
function serverWith(list: unknown) {
  return vi.spyOn(commands, 'executeCommand').mockResolvedValue(list);
}

/** The names that are known at the end of a document. */
function open(text: string) {
  const fake = openFake('a.ts', text);
  const failed = vi.fn();
  const members = createMemberNames(failed);
  const end = () => fake.document.positionAt(fake.document.getText().length);
  return { ...fake, failed, members, namesNow: () => members.at(fake.document, end()) };
}

const type = ({ document, write }: Pick<FakeDocument, 'document' | 'write'>, text: string): void =>
  write([document.getText().length, 0, text]);

beforeEach(() => {
  resetWindow();
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

describe('members', () => {
  it('are known at the next key after a pause', async () => {
    const asked = serverWith({ items: [item('total'), item({ label: 'count' })] });
    const fake = open('order.');
    expect(fake.namesNow()).toBeUndefined();
    await settle();
    type(fake, 't');
    expect(fake.namesNow()).toEqual(['total', 'count']);
    type(fake, 'o');
    expect(fake.namesNow()).toEqual(['total', 'count']);
    expect(asked).toHaveBeenCalledOnce();
    expect(asked.mock.calls[0]!.slice(0, 2)).toEqual(['vscode.executeCompletionItemProvider', fake.document.uri]);
  });

  it.each([
    { name: 'the mark of what is optional', label: 'total?', names: ['total'] },
    { name: 'parameters', label: 'total(tax: int): int', names: ['total'] },
    { name: 'a bullet', label: '•total', names: ['total'] },
  ])('are told without $name', async ({ label, names }) => {
    serverWith({ items: [item(label)] });
    const fake = open('order.');
    fake.namesNow();
    await settle();
    expect(fake.namesNow()).toEqual(names);
  });

  it.each([
    { name: 'words of open texts', list: { items: [item('total', Text), item('t', Snippet), item('if', Keyword)] } },
    { name: 'a part of them', list: { isIncomplete: true, items: [item('total')] } },
    { name: 'nothing', list: { items: [] } },
  ])('are not known where the list has $name', async ({ list }) => {
    const asked = serverWith(list);
    const fake = open('order.');
    fake.namesNow();
    await settle();
    expect(asked).toHaveBeenCalled();
    expect(fake.namesNow()).toBeUndefined();
  });

  it('are not known where the server fails', async () => {
    vi.spyOn(commands, 'executeCommand').mockRejectedValue(new Error('gone'));
    const fake = open('order.');
    fake.namesNow();
    await settle();
    expect(fake.failed).toHaveBeenCalledOnce();
    expect(fake.namesNow()).toBeUndefined();
  });
});

describe('nobody is asked', () => {
  it.each(['', 'order', 'x = 1.', 'order.total(', "'a. "])('at %j', async (text) => {
    const asked = serverWith({ items: [] });
    open(text).namesNow();
    await settle();
    expect(asked).not.toHaveBeenCalled();
  });

  it('while somebody types', async () => {
    const asked = serverWith({ items: [] });
    const fake = open('order.');
    for (const letter of 'total') {
      fake.namesNow();
      await settle(50);
      type(fake, letter);
    }
    expect(asked).not.toHaveBeenCalled();
  });

  it('while another answer is waited for', async () => {
    const asked = vi.spyOn(commands, 'executeCommand').mockReturnValue(new Promise(() => undefined));
    const fake = open('order.');
    fake.namesNow();
    await settle();
    type(fake, 'total.');
    fake.namesNow();
    await settle();
    expect(asked).toHaveBeenCalledOnce();
  });
});

it('what is known of one name is not told of another one', async () => {
  serverWith({ items: [item('total')] });
  const fake = open('order.');
  fake.namesNow();
  await settle();
  type(fake, 'total.');
  expect(fake.namesNow()).toBeUndefined();
});

it.each([
  { name: 'the object is another one', write: (fake: FakeDocument) => fake.write([8, 3, 'Bar']) },
  { name: 'another document is written in', write: () => openFake('b.ts', 'x').write([0, 1, 'total: number;']) },
  {
    name: 'the name is written on too, below',
    write: (fake: FakeDocument) => fake.write([17, 0, '\nx'], [17, 0, 't']),
  },
  { name: 'some time has gone by', write: () => vi.advanceTimersByTime(60_000) },
])('what is known is forgotten where $name', async ({ write }) => {
  const asked = serverWith({ items: [item('total')] });
  const fake = open('a = new Foo();\na.');
  const { document } = fake;
  const members = () => fake.members.at(document, document.positionAt(17));
  members();
  await settle();
  expect(members()).toEqual(['total']);
  write(fake);
  expect(members()).toBeUndefined();
  asked.mockResolvedValue({ items: [item('count')] });
  await settle();
  expect(members()).toEqual(['count']);
});

it('what is logged meanwhile changes nothing', async () => {
  serverWith({ items: [item('total')] });
  const log = openFake('Recur', '', 'output');
  const fake = open('order.');
  fake.namesNow();
  await settle();
  log.write([0, 0, 'No completion.']);
  expect(fake.namesNow()).toEqual(['total']);
});

it('a list that comes when something was written meanwhile is not taken', async () => {
  let answer: (list: unknown) => void = () => undefined;
  vi.spyOn(commands, 'executeCommand').mockReturnValue(new Promise((resolve) => (answer = resolve)));
  const fake = open('order.');
  fake.namesNow();
  await settle();
  type(fake, 't');
  answer({ items: [item('total')] });
  await settle(0);
  expect(fake.namesNow()).toBeUndefined();
});
