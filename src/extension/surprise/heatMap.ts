import * as vscode from 'vscode';
import { describeError } from '../../core/errors';
import type { EngineHost } from '../../editors/engineHost';
import type { HeatAnswer, HeatRequest } from '../../protocol/engine';
import type { HeatedWord } from '../../surprise/heatLevels';
import { editsOf } from '../completion/documentEdits';
import type { DocumentSync } from '../completion/documentSync';
import type { RecurWindow } from '../editor/recurWindow';
import { createHeatDecorations } from './heatDecorations';
import { movedWords, withPart } from './movedWords';

/** Which documents show how surprising their words are, and what is known of them. */
export interface HeatMap {
  isOn(document: vscode.TextDocument): boolean;
  /** Turns it on; resolves when what is seen of the document is known: false where nothing can be. */
  turnOn(document: vscode.TextDocument): Promise<boolean>;
  turnOff(document: vscode.TextDocument): void;
  /** Resolves when all of the document, where it is on, is known as it is now; undefined where it cannot be. */
  wholeOf(document: vscode.TextDocument): Promise<readonly HeatedWord[] | undefined>;
  /** As far as they are known now. */
  wordsOf(document: vscode.TextDocument): readonly HeatedWord[];
}

/** Of a document that shows them. */
interface Heated {
  words: readonly HeatedWord[];
  /** All of it was read as it is now, or is being read. */
  state: 'unread' | 'reading' | 'whole';
  controller: AbortController;
  /** Resolves with what came of the last attempt: whether anything is known. */
  seen: Promise<boolean>;
  whole: Promise<boolean>;
  timer: NodeJS.Timeout | undefined;
}

const keptKey = 'recur.heatMaps';
/** Documents that are remembered to show it. */
const mostKept = 100;
/** After so long a pause in typing a document is read again. */
const pauseMs = 300;

export function createHeatMap(
  { context, log, keep }: RecurWindow,
  engines: EngineHost,
  documents: DocumentSync,
): HeatMap {
  const decorations = createHeatDecorations();
  const kept = new Set(context.workspaceState.get<string[]>(keptKey) ?? []);
  const heated = new Map<string, Heated>();
  let model = engines.status.id;

  const key = ({ uri }: vscode.TextDocument): string => uri.toString();
  const editorsOf = (document: vscode.TextDocument): vscode.TextEditor[] =>
    vscode.window.visibleTextEditors.filter((editor) => editor.document === document);

  function show(document: vscode.TextDocument): void {
    const words = heated.get(key(document))?.words ?? [];
    for (const editor of editorsOf(document)) decorations.show(editor, words);
  }

  function begin(document: vscode.TextDocument): Heated {
    const nothing = Promise.resolve(false);
    const own: Heated = {
      ...{ words: [], state: 'unread', controller: new AbortController(), timer: undefined },
      ...{ seen: nothing, whole: nothing },
    };
    heated.set(key(document), own);
    return own;
  }

  function end(document: vscode.TextDocument): void {
    const own = heated.get(key(document));
    if (own !== undefined) giveUp(own);
    heated.delete(key(document));
    show(document);
  }

  /** Reads a document as it is now, what is seen of it first. */
  function read(document: vscode.TextDocument, own: Heated): void {
    clearTimeout(own.timer);
    own.timer = undefined;
    own.controller.abort();
    own.controller = new AbortController();
    const { signal } = own.controller;
    own.state = 'reading';
    look(document, own);
    own.whole = own.seen.then(() => !signal.aborted && ask(document, own)).catch(failed);
    void own.whole.then((isKnown) => {
      if (!signal.aborted) own.state = isKnown ? 'whole' : 'unread';
    });
  }

  function readSoon(document: vscode.TextDocument, own: Heated): void {
    clearTimeout(own.timer);
    own.timer = setTimeout(() => read(document, own), pauseMs);
  }

  /** Reads what is seen of a document, ahead of all that is being read of it. */
  function look(document: vscode.TextDocument, own: Heated): void {
    own.seen = ask(document, own, visiblePart(document)).catch(failed);
  }

  async function ask(document: vscode.TextDocument, own: Heated, part?: HeatRequest['part']): Promise<boolean> {
    const { signal } = own.controller;
    const answer = await askedOf(document, part, signal);
    if (signal.aborted || answer === undefined) return false;
    if (answer.kind !== 'heat') {
      // Nobody has written: the engine's copy was taken back, as when other files are ignored, and is sent again.
      if (part === undefined && answer.reason === 'stale') readSoon(document, own);
      return false;
    }
    if (part === undefined) own.words = answer.words;
    else if (own.state !== 'whole') own.words = withPart(own.words, answer);
    show(document);
    return true;
  }

  function failed(error: unknown): false {
    log.debug(`No heat map: ${describeError(error)}`);
    return false;
  }

  async function askedOf(
    document: vscode.TextDocument,
    part: HeatRequest['part'],
    signal: AbortSignal,
  ): Promise<HeatAnswer | undefined> {
    const engine = await documents.engineFor(document);
    if (engine === undefined || signal.aborted) return undefined;
    const request = { uri: key(document), version: document.version, ...(part && { part }) };
    const answer = await engine.heat(request, signal);
    if (answer.kind !== 'none' || answer.reason !== 'resend') return answer;
    documents.resend(document, engine);
    return engine.heat(request, signal);
  }

  function visiblePart(document: vscode.TextDocument): NonNullable<HeatRequest['part']> {
    const ranges = editorsOf(document).flatMap(({ visibleRanges }) => visibleRanges);
    if (ranges.length === 0) return { from: 0, to: 0 };
    const [first, ...others] = ranges;
    const seen = others.reduce((all, range) => all.union(range), first!);
    return { from: document.offsetAt(seen.start), to: document.offsetAt(seen.end) };
  }

  /** Whoever types is not waited for: what they have touched is gone at once, and read again when they pause. */
  function changed({ document, contentChanges }: vscode.TextDocumentChangeEvent): void {
    const own = heated.get(key(document));
    if (own === undefined || contentChanges.length === 0) return;
    own.controller.abort();
    const moved = movedWords(own.words, editsOf(contentChanges));
    const areFewer = moved.length < own.words.length;
    own.words = moved;
    own.state = 'unread';
    // The editor moves what it shows by itself.
    if (areFewer) show(document);
    readSoon(document, own);
  }

  /** Documents that come into view, and parts of them. */
  function seen({ document }: Pick<vscode.TextEditor, 'document'>): void {
    if (!kept.has(key(document))) return;
    show(document);
    const own = heated.get(key(document)) ?? begin(document);
    if (own.state === 'whole') return;
    own.timer ??= setTimeout(() => {
      own.timer = undefined;
      if (own.state === 'reading') look(document, own);
      else read(document, own);
    }, 0);
  }

  function seeAll(editors: readonly vscode.TextEditor[]): void {
    for (const editor of editors) seen(editor);
  }

  function readAnew(): void {
    for (const document of vscode.workspace.textDocuments) {
      const own = heated.get(key(document));
      if (own !== undefined) read(document, own);
    }
  }

  function remember(): void {
    void context.workspaceState.update(keptKey, [...kept].slice(-mostKept));
  }

  keep(
    decorations,
    vscode.workspace.onDidChangeTextDocument(changed),
    vscode.workspace.onDidCloseTextDocument(end),
    // One that gets another language is closed and opened, and stays in its editors.
    vscode.workspace.onDidOpenTextDocument((document) => seeAll(editorsOf(document))),
    vscode.window.onDidChangeVisibleTextEditors(seeAll),
    vscode.window.onDidChangeTextEditorVisibleRanges(({ textEditor }) => seen(textEditor)),
    engines.onDidChangeStatus(({ id }) => {
      if (id !== model) readAnew();
      model = id;
    }),
    { dispose: () => heated.forEach(giveUp) },
  );
  seeAll(vscode.window.visibleTextEditors);

  return {
    isOn: (document) => kept.has(key(document)),
    async turnOn(document) {
      kept.add(key(document));
      remember();
      const own = heated.get(key(document)) ?? begin(document);
      read(document, own);
      // What was written in meanwhile is read again.
      return (await lastOf(own, 'seen')) || own.timer !== undefined;
    },
    turnOff(document) {
      kept.delete(key(document));
      remember();
      end(document);
    },
    async wholeOf(document) {
      const own = heated.get(key(document));
      if (own === undefined) return undefined;
      if (own.state === 'unread') read(document, own);
      return (await lastOf(own, 'whole')) ? own.words : undefined;
    },
    wordsOf: (document) => heated.get(key(document))?.words ?? [],
  };
}

function giveUp({ controller, timer }: Heated): void {
  clearTimeout(timer);
  controller.abort();
}

/** What came of it, with whatever was begun anew meanwhile: another model may have come into use. */
async function lastOf(own: Heated, kind: 'seen' | 'whole'): Promise<boolean> {
  for (;;) {
    const awaited = own[kind];
    const isKnown = await awaited;
    if (own[kind] === awaited) return isKnown;
  }
}
