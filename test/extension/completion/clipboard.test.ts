import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type * as vscode from 'vscode';
import { EventEmitter } from 'vscode';
import type { EngineHost } from '../../../src/editors/engineHost';
import { watchClipboard } from '../../../src/extension/completion/clipboard';
import type { ClipboardText } from '../../../src/protocol/engine';
import { openFake, resetWindow, setSetting, type FakeDocument } from '../window/fakeWindow';
import { emitters, env, UIKind, window, workspace } from '../window/vscode';

const key = 'recur.completions.clipboard';
const log = { debug: () => undefined } as unknown as vscode.LogOutputChannel;

let clipboard: string;
let told: (ClipboardText | null)[];
const statusChanged = new EventEmitter<void>();
const status = { answers: 'memory' as string | null };
const engines = {
  status,
  onDidChangeStatus: statusChanged.event,
  started: () => ({ takeClipboard: (taken: ClipboardText | null) => Promise.resolve(void told.push(taken)) }),
} as unknown as EngineHost;
let watch: vscode.Disposable;
const read = vi.spyOn(env.clipboard, 'readText');

beforeEach(() => {
  vi.useFakeTimers();
  resetWindow();
  [clipboard, told, status.answers] = ['copied()', [], 'memory'];
  read.mockReset().mockImplementation(() => Promise.resolve(clipboard));
  watch = watchClipboard(engines, log);
});
afterEach(() => {
  watch.dispose();
  vi.useRealTimers();
  [window.state.focused, workspace.isTrusted, env.uiKind] = [true, true, UIKind.Desktop];
});

const pass = (): Promise<unknown> => vi.advanceTimersByTimeAsync(2_000);
const copied: ClipboardText = { text: 'copied()', ending: '.ts' };

describe('what was copied is told', () => {
  it('when the setting is turned on', async () => {
    openFake('a.ts', 'text');
    setSetting(key, true);
    await pass();
    expect(told).toEqual([copied]);
  });

  it.each([
    { name: 'the window gets the focus', act: () => emitters.focused.fire(undefined) },
    { name: 'the user types', act: ({ write }: FakeDocument) => write([0, 0, 'a']) },
    { name: 'the cursor moves', act: ({ moveTo }: FakeDocument) => moveTo(0) },
  ])('when $name', async ({ act }) => {
    const document = openFake('a.ts', 'text');
    clipboard = '';
    setSetting(key, true);
    await pass();
    clipboard = copied.text;
    await pass();
    expect(told).toEqual([]);
    act(document);
    await pass();
    expect(told).toEqual([copied]);
  });

  it('once there is something that completes, and again to an engine that was started again', async () => {
    openFake('a.ts', 'text');
    status.answers = null;
    setSetting(key, true);
    await pass();
    statusChanged.fire();
    expect(told).toEqual([]);
    status.answers = 'both';
    statusChanged.fire();
    expect(told).toEqual([copied]);
    statusChanged.fire();
    expect(told).toEqual([copied, copied]);
  });
});

it('is taken back when the setting is turned off', async () => {
  openFake('a.ts', 'text');
  setSetting(key, true);
  await pass();
  setSetting(key, false);
  expect(told).toEqual([copied, null]);
});

it.each([
  { name: 'the setting is off', setting: false, prepare: () => undefined },
  { name: 'the setting is no boolean', setting: 'yes', prepare: () => undefined },
  { name: 'the workspace is not trusted', setting: true, prepare: () => (workspace.isTrusted = false) },
  { name: 'the editor is a page', setting: true, prepare: () => (env.uiKind = UIKind.Web) },
  { name: 'the user is elsewhere', setting: true, prepare: () => (window.state.focused = false) },
])('nothing is read where $name', async ({ setting, prepare }) => {
  const { write, moveTo } = openFake('a.ts', 'text');
  prepare();
  setSetting(key, setting);
  write([0, 0, 'a']);
  moveTo(0);
  emitters.focused.fire(undefined);
  await pass();
  expect(read).not.toHaveBeenCalled();
  statusChanged.fire();
  expect(told).toEqual([]);
});
