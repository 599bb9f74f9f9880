import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { EventEmitter, InlineCompletionTriggerKind, type InlineCompletionItem, type LogOutputChannel } from 'vscode';
import { silentLogger } from '../../../src/core/logger';
import { mostMs } from '../../../src/editors/completionOffer';
import { createCompletionProvider } from '../../../src/extension/completion/completionProvider';
import { registerWhereItAnswers } from '../../../src/extension/completion/completionRegistration';
import type { DocumentSync } from '../../../src/extension/completion/documentSync';
import type { Engine, EngineHost } from '../../../src/editors/engineHost';
import { createOfferTracker } from '../../../src/editors/offerTracker';
import { noStatistics } from '../../../src/protocol/completionStatistics';
import { noModel, type CompletionAnswer, type EngineFunctions, type EngineStatus } from '../../../src/protocol/engine';
import { openFake, resetWindow, setSetting } from '../window/fakeWindow';
import { providers } from '../window/vscode';
import { newEmitter } from '../../editors/newEmitter';

const memoryAnswers: EngineStatus = { ...noModel, answers: 'memory' };

function fakeEngines(status: EngineStatus) {
  const changed = new EventEmitter<EngineStatus>();
  const engines = { status, onDidChangeStatus: changed.event } as { status: EngineStatus } & EngineHost;
  function become(next: EngineStatus): void {
    engines.status = next;
    changed.fire(next);
  }
  return { engines, become };
}

/** A provider whose engine answers as `complete` does. */
function providerWith(status: EngineStatus, complete: EngineFunctions['complete'], names?: readonly string[]) {
  const asked = vi.fn(complete);
  const engine = { complete: asked } as unknown as Engine;
  const documents = { engineFor: () => Promise.resolve(engine) } as unknown as DocumentSync;
  const offers = createOfferTracker(noStatistics, () => performance.now(), newEmitter);
  const members = { at: () => names, dispose: () => undefined };
  const log = silentLogger as unknown as LogOutputChannel;
  const provider = createCompletionProvider({ engines: fakeEngines(status).engines, documents, members, offers, log });
  const { document } = openFake('a.ts', 'order.');
  const cancelled = new EventEmitter<void>();
  const token = { isCancellationRequested: false, onCancellationRequested: cancelled.event };
  const cancel = (): void => {
    token.isCancellationRequested = true;
    cancelled.fire();
  };
  const ranges: InlineCompletionItem['range'][] = [];
  const provide = async (triggerKind = InlineCompletionTriggerKind.Automatic): Promise<unknown[]> => {
    const context = { triggerKind, selectedCompletionInfo: undefined };
    const position = document.positionAt(document.getText().length);
    const items = await provider.provideInlineCompletionItems(document, position, context, token);
    ranges.push(...(items as InlineCompletionItem[]).map(({ range }) => range));
    return (items as InlineCompletionItem[]).map(({ insertText }) => insertText);
  };
  return { asked, provide, cancel, ranges };
}

const total: CompletionAnswer = {
  kind: 'completion',
  completion: { text: 'total();', confidence: 1, milliseconds: 1 },
};
const never = (): Promise<CompletionAnswer> => new Promise(() => undefined);

beforeEach(() => {
  resetWindow();
  vi.useFakeTimers();
});
afterEach(() => void vi.useRealTimers());

it('says which brackets behind the cursor its completion takes the place of', async () => {
  const { provide, ranges, asked } = providerWith(memoryAnswers, () =>
    Promise.resolve({ ...total, completion: { ...total.completion, text: 'a) {\n}', replaces: 1 } }),
  );
  const answer = provide();
  await vi.advanceTimersByTimeAsync(0);
  expect(await answer).toEqual(['a) {\n}']);
  expect(asked.mock.calls[0]![0]).toMatchObject({ mayReplace: true });
  expect(ranges).toMatchObject([{ start: { line: 0, character: 6 }, end: { line: 0, character: 7 } }]);
});

it.each([
  { name: 'tells the engine which members there are', isOn: true, told: { members: ['total'] } },
  { name: 'tells nothing of members where the setting is off', isOn: false, told: {} },
])('$name', async ({ isOn, told }) => {
  setSetting('recur.completions.members', isOn);
  const { provide, asked } = providerWith(memoryAnswers, () => Promise.resolve(total), ['total']);
  const answer = provide();
  await vi.advanceTimersByTimeAsync(0);
  await answer;
  const { members, ...rest } = asked.mock.calls[0]![0];
  expect(rest).toMatchObject({ offset: 6 });
  expect(members === undefined ? {} : { members }).toEqual(told);
});

describe('the editor, whose list of suggestions waits, is answered', () => {
  it('with what is offered', async () => {
    const { provide } = providerWith(memoryAnswers, () => Promise.resolve(total));
    const answer = provide();
    await vi.advanceTimersByTimeAsync(0);
    expect(await answer).toEqual(['total();']);
  });

  it('with nothing after a quarter of a second, where the engine is slow', async () => {
    const { provide, asked } = providerWith(memoryAnswers, never);
    const answered = vi.fn();
    const answer = provide().then(answered);
    await vi.advanceTimersByTimeAsync(mostMs - 1);
    expect(asked).toHaveBeenCalledTimes(1);
    expect(answered).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    await answer;
    expect(answered).toHaveBeenCalledWith([]);
    expect(asked.mock.calls[0]![1]!.aborted).toBe(true);
    expect(mostMs).toBeLessThanOrEqual(250);
  });

  it.each([InlineCompletionTriggerKind.Automatic, InlineCompletionTriggerKind.Invoke])(
    'with nothing as soon as it does not want the answer any more, and the engine stops working for it, trigger %i',
    async (trigger) => {
      const { provide, cancel, asked } = providerWith(memoryAnswers, never);
      const answer = provide(trigger);
      await vi.advanceTimersByTimeAsync(mostMs / 2);
      const [, signal] = asked.mock.calls[0]!;
      expect(signal!.aborted).toBe(false);
      cancel();
      expect(await answer).toEqual([]);
      expect(signal!.aborted).toBe(true);
    },
  );

  it('with nothing at once, where nothing is loaded or a command has to ask', async () => {
    const notReady = providerWith(noModel, never);
    const manual = providerWith(memoryAnswers, never);
    const answers = [notReady.provide()];
    await vi.advanceTimersByTimeAsync(0);
    setSetting('recur.completions.trigger', 'manual');
    answers.push(manual.provide());
    await vi.advanceTimersByTimeAsync(0);
    expect(await Promise.all(answers)).toEqual([[], []]);
    expect(notReady.asked).not.toHaveBeenCalled();
    expect(manual.asked).not.toHaveBeenCalled();
  });

  it('late, where the user has asked by a command', async () => {
    const late = () => new Promise<CompletionAnswer>((resolve) => setTimeout(resolve, 20 * mostMs, total));
    const { provide } = providerWith(memoryAnswers, late);
    const answer = provide(InlineCompletionTriggerKind.Invoke);
    await vi.advanceTimersByTimeAsync(20 * mostMs);
    expect(await answer).toEqual(['total();']);
  });
});

describe('the provider is registered', () => {
  const languages = () => [...providers.keys()].sort();

  it('where something answers, in the languages of open documents, and nowhere else', () => {
    const { engines, become } = fakeEngines(noModel);
    const registration = registerWhereItAnswers({ provideInlineCompletionItems: () => [] }, engines);
    const { close } = openFake('a.ts', '');
    openFake('b.md', '', 'file', 'markdown');
    openFake('c', '', 'output', 'log');
    expect(languages()).toEqual([]);
    become(memoryAnswers);
    expect(languages()).toEqual(['markdown', 'typescript']);
    setSetting('recur.completions.languages', { markdown: false });
    expect(languages()).toEqual(['typescript']);
    openFake('d.py', '', 'file', 'python');
    close();
    expect(languages()).toEqual(['python']);
    setSetting('recur.completions.enabled', false);
    expect(languages()).toEqual([]);
    setSetting('recur.completions.enabled', true);
    become(noModel);
    expect(languages()).toEqual([]);
    become(memoryAnswers);
    registration.dispose();
    expect(languages()).toEqual([]);
  });
});
