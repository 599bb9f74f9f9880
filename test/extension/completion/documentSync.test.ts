import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { EventEmitter } from 'vscode';
import { silentLogger } from '../../../src/core/logger';
import type { TextEdit } from '../../../src/text/textEdit';
import { createDocumentSync, type DocumentSync } from '../../../src/extension/completion/documentSync';
import type { Engine, EngineHost } from '../../../src/editors/engineHost';
import type { DocumentChange, OpenDocument } from '../../../src/protocol/engine';
import { openFake, resetWindow } from '../window/fakeWindow';
import { workspace } from '../window/vscode';

/** An engine that keeps texts as it is told to, and counts the calls. */
function fakeEngine() {
  const texts = new Map<string, { version: number; text: string; cursor: number | undefined }>();
  const paths: string[] = [];
  const calls: string[] = [];
  const restarted = new EventEmitter<void>();
  const apply = (text: string, { offset, length, text: inserted }: TextEdit) =>
    text.slice(0, offset) + inserted + text.slice(offset + length);
  const engine = {
    openDocument({ uri, path, version, text, cursor }: OpenDocument) {
      calls.push('open');
      paths.push(path);
      texts.set(uri, { version, text, cursor });
      return Promise.resolve();
    },
    changeDocument({ uri, fromVersion, version, edits }: DocumentChange) {
      calls.push('change');
      const known = texts.get(uri);
      if (known?.version !== fromVersion) return Promise.resolve(false);
      texts.set(uri, { ...known, version, text: edits.reduce(apply, known.text) });
      return Promise.resolve(true);
    },
    moveCursor(uri: string, version: number, cursor: number) {
      calls.push('move');
      const known = texts.get(uri);
      if (known?.version === version) texts.set(uri, { ...known, cursor });
      return Promise.resolve();
    },
    closeDocument(uri: string) {
      calls.push('close');
      texts.delete(uri);
      return Promise.resolve();
    },
    documentSaved: () => Promise.resolve(),
  } as unknown as Engine;
  const engines = {
    ready: () => Promise.resolve(engine),
    started: () => engine,
    onDidRestart: restarted.event,
  } as unknown as EngineHost;
  function restart(): void {
    texts.clear();
    restarted.fire();
  }
  return { engine, engines, texts, paths, calls, restart };
}

const leftOut = new Set<string>();

function syncWith(engines: EngineHost, maxLength = 1_000): DocumentSync {
  const rules = {
    leftOut: (file: string) => Promise.resolve(leftOut.has(file)),
    forget: () => undefined,
  };
  const sync = createDocumentSync({ engines, rules, logger: silentLogger, maxLength: () => maxLength });
  onTestFinished(() => sync.dispose());
  return sync;
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('the engine has a document', () => {
  beforeEach(() => {
    resetWindow();
    leftOut.clear();
  });

  it('as the editor has it, edit by edit, from when it is first asked about', async () => {
    const { engines, texts, calls } = fakeEngine();
    const sync = syncWith(engines);
    const { document, write, moveTo } = openFake('a.ts', 'let a = 1;\n');
    write([0, 0, '// not sent\n']);
    expect(calls).toEqual([]);
    await sync.engineFor(document);
    write([21, 1, '2']);
    write([23, 0, 'b'], [0, 0, 'c']); // the last place first
    moveTo(3);
    await sync.engineFor(document);
    const known = texts.get(document.uri.toString());
    expect(known).toEqual({ version: document.version, text: document.getText(), cursor: 3 });
    expect(calls).toEqual(['open', 'change', 'change', 'move']);
  });

  it('by its path in the corpus, also where there are several folders', async () => {
    const { engines, paths } = fakeEngine();
    const sync = syncWith(engines);
    await sync.engineFor(openFake('src/a.ts', 'a').document);
    workspace.workspaceFolders.push({ uri: { scheme: 'file', fsPath: '/work/other' }, name: 'other' });
    await sync.engineFor(openFake('src/b.ts', 'b').document);
    expect(paths).toEqual(['src/a.ts', 'project/src/b.ts']);
  });

  it('whole again where the versions do not fit', async () => {
    const { engines, texts, calls } = fakeEngine();
    const sync = syncWith(engines);
    const { document, write } = openFake('a.ts', 'a');
    await sync.engineFor(document);
    texts.set(document.uri.toString(), { version: -1, text: 'lost', cursor: 0 });
    write([1, 0, 'b']);
    await settled();
    expect(texts.get(document.uri.toString())).toMatchObject({ version: document.version, text: 'ab' });
    expect(calls).toEqual(['open', 'change', 'open']);
  });

  it('again after it was started anew', async () => {
    const { engines, texts, restart } = fakeEngine();
    const sync = syncWith(engines);
    const { document, write } = openFake('a.ts', 'a');
    await sync.engineFor(document);
    texts.clear();
    write([1, 0, 'b']); // while none runs
    restart();
    expect(texts.get(document.uri.toString())).toMatchObject({ text: 'ab' });
    write([2, 0, 'c']);
    expect(texts.get(document.uri.toString())).toMatchObject({ text: 'abc' });
  });

  it('no longer, once it is closed, left out by a rule, or taken back', async () => {
    const { engines, texts } = fakeEngine();
    const sync = syncWith(engines);
    const [closed, secret, other] = ['a.ts', 'b.ts', 'c.ts'].map((name) => openFake(name, 'x'));
    for (const { document } of [closed!, secret!, other!]) await sync.engineFor(document);
    expect(texts.size).toBe(3);
    closed!.close();
    expect(texts.size).toBe(2);
    leftOut.add(secret!.document.uri.fsPath);
    expect(await sync.engineFor(secret!.document)).toBeUndefined();
    expect([...texts.keys()]).toEqual([other!.document.uri.toString()]);
    sync.closeAll();
    expect(texts.size).toBe(0);
  });

  it.each([
    { what: 'a long one', path: 'a.ts', scheme: 'file', content: 'x'.repeat(1_001) },
    { what: 'the left side of a diff', path: 'a.ts', scheme: 'git', content: 'x' },
  ])('never, where it is $what', async ({ path, scheme, content }) => {
    const { engines, calls } = fakeEngine();
    const sync = syncWith(engines);
    expect(await sync.engineFor(openFake(path, content, scheme).document)).toBeUndefined();
    expect(calls).toEqual([]);
  });
});
