import { beforeEach, expect, it, onTestFinished, vi } from 'vitest';
import { EventEmitter, type TextEditor } from 'vscode';
import { silentLogger } from '../../../src/core/logger';
import type { Engine, EngineHost } from '../../../src/editors/engineHost';
import type { DocumentSync } from '../../../src/extension/completion/documentSync';
import type { RecurWindow } from '../../../src/extension/editor/recurWindow';
import { createHeatMap } from '../../../src/extension/surprise/heatMap';
import { noModel, type EngineFunctions, type EngineStatus, type HeatAnswer } from '../../../src/protocol/engine';
import type { HeatedWord } from '../../../src/surprise/heatLevels';
import { openFake, resetWindow } from '../window/fakeWindow';

/** How many words an editor shows in colours. */
const coloured = vi.hoisted(() => new Map<unknown, number>());
vi.mock('../../../src/extension/surprise/heatDecorations', () => ({
  createHeatDecorations: () => ({
    show: (editor: TextEditor, words: readonly HeatedWord[]) => coloured.set(editor, words.length),
    dispose: () => undefined,
  }),
}));

const word = { start: 0, end: 4, level: 5 } as unknown as HeatedWord;
const known: HeatAnswer = { kind: 'heat', from: 0, to: 4, words: [word] };

/** A heat map of a window whose engine answers as `heat` does. */
function heatMap(heat: EngineFunctions['heat']) {
  const kept: { dispose(): unknown }[] = [];
  const window = {
    context: { workspaceState: { get: () => undefined, update: () => Promise.resolve() } },
    log: silentLogger,
    keep: (...disposables: typeof kept) => void kept.push(...disposables),
  } as unknown as RecurWindow;
  const engines = { status: noModel, onDidChangeStatus: new EventEmitter<EngineStatus>().event };
  const documents = { engineFor: () => Promise.resolve({ heat } as unknown as Engine) };
  onTestFinished(() => kept.forEach((each) => each.dispose()));
  return createHeatMap(window, engines as unknown as EngineHost, documents as unknown as DocumentSync);
}

beforeEach(() => {
  resetWindow();
  coloured.clear();
});

it('stays where the document gets another language', async () => {
  const map = heatMap(() => Promise.resolve(known));
  const { document, editor, changeLanguage } = openFake('a.ts', 'odd');
  await map.turnOn(document);
  expect(coloured.get(editor)).toBe(1);
  changeLanguage();
  expect(coloured.get(editor)).toBe(0);
  await vi.waitUntil(() => coloured.get(editor) === 1, 60_000);
  expect(map.isOn(document)).toBe(true);
});

it('is read again where the engine has lost the document and nobody has written', async () => {
  const stale: HeatAnswer = { kind: 'none', reason: 'stale' };
  const answers = [stale, stale];
  const map = heatMap(() => Promise.resolve(answers.shift() ?? known));
  const { document, editor } = openFake('a.ts', 'odd');
  await map.turnOn(document);
  await vi.waitUntil(() => coloured.get(editor) === 1, 60_000);
  expect(answers).toEqual([]);
});
