import type { Logger } from '../core/logger';
import type { TextEdit } from '../core/textEdit';
import { lineEnd, lineStart } from '../core/textOffsets';
import { scanContent } from '../corpus/contentRules';
import { createPrefixStates, type PrefixStates } from '../inference/prefixStates';
import type { ModelSession } from '../inference/session';
import { keptAfter, type KeptLine } from './keptLine';
import { createTextMemory, type TextMemory } from './textMemory';
import type { DocumentChange, OpenDocument } from '../protocol/engine';

/** An open document of the editor. Of one that is excluded nothing is kept but its name and version. */
export interface EngineDocument {
  readonly uri: string;
  readonly path: string;
  readonly remembered: OpenDocument['remembered'];
  version: number;
  text: string;
  /** When it was last written in; by `performance.now`. */
  editedMs: number;
  /** Where the cursor was last known to be, in UTF-16 units. */
  cursor: number;
  excluded: boolean;
  /** Ends when everything that was written so far has been scanned. */
  scanned: Promise<void>;
  states: { readonly session: ModelSession; readonly prefix: PrefixStates } | undefined;
  memory: { readonly session: ModelSession; readonly text: TextMemory } | undefined;
  drawn: KeptLine | undefined;
  rescan: NodeJS.Timeout | undefined;
}

export interface EngineDocuments {
  open(document: OpenDocument): void;
  /** False: the version does not fit. */
  change(change: DocumentChange): boolean;
  close(uri: string): void;
  find(uri: string): EngineDocument | undefined;
  all(): EngineDocument[];
  /** Forgets every hidden state: they belong to another model. */
  forgetStates(): void;
}

/** Inserted text of this length came from somewhere else: it is scanned before anything is completed. */
const pastedCharacters = 16;
/** A text that was typed in is scanned as a whole when the typing has stopped for so long. */
const rescanMs = 2_000;

export function createEngineDocuments(logger: Logger): EngineDocuments {
  const documents = new Map<string, EngineDocument>();

  /** Scans a part of the document after what is being scanned already. */
  function scan(document: EngineDocument, part: () => string): void {
    document.scanned = document.scanned.then(async () => {
      if (document.excluded) return;
      try {
        const reason = await scanContent(document.path, part());
        // Generated text is no secret; it is only left out of the corpus.
        if (reason === 'binary' || reason === 'secret content') exclude(document, reason);
      } catch (error) {
        logger.error(`A document could not be scanned: ${String(error)}`);
        exclude(document, 'not scanned');
      }
    });
  }

  function exclude(document: EngineDocument, reason: string): void {
    logger.info(`${document.path} is left alone (${reason}).`);
    empty(document);
  }

  /** The lines that an edit has changed. */
  function scanLines(document: EngineDocument, { offset, text }: TextEdit): void {
    const start = lineStart(document.text, offset);
    const lines = document.text.slice(start, lineEnd(document.text, offset + text.length));
    scan(document, () => lines);
  }

  function rescanLater(document: EngineDocument): void {
    clearTimeout(document.rescan);
    document.rescan = setTimeout(() => scan(document, () => document.text), rescanMs);
    document.rescan.unref();
  }

  /** Work that is under way for a closed document finds nothing left of it. */
  function forget(uri: string): void {
    const document = documents.get(uri);
    if (document !== undefined) empty(document);
    documents.delete(uri);
  }

  return {
    open(opened) {
      forget(opened.uri);
      const document = newDocument(opened);
      documents.set(opened.uri, document);
      scan(document, () => document.text);
    },
    change({ uri, fromVersion, version, edits }) {
      const document = documents.get(uri);
      if (document?.version !== fromVersion) return false;
      document.version = version;
      document.editedMs = performance.now();
      if (document.excluded) return true;
      for (const edit of edits) {
        applyEdit(document, edit);
        if (edit.text.length >= pastedCharacters) scanLines(document, edit);
      }
      rescanLater(document);
      return true;
    },
    close: forget,
    find: (uri) => documents.get(uri),
    all: () => [...documents.values()],
    forgetStates() {
      for (const document of documents.values()) document.states = document.memory = document.drawn = undefined;
    },
  };
}

/** A document of which nothing was read yet. */
export function newDocument({ uri, path, version, text, cursor = 0, remembered }: OpenDocument): EngineDocument {
  return {
    ...{ uri, path, remembered, version, text, cursor: Math.min(cursor, text.length) },
    editedMs: -Infinity,
    excluded: false,
    scanned: Promise.resolve(),
    states: undefined,
    memory: undefined,
    drawn: undefined,
    rescan: undefined,
  };
}

function empty(document: EngineDocument): void {
  clearTimeout(document.rescan);
  document.excluded = true;
  document.text = '';
  document.cursor = 0;
  document.states = undefined;
  document.memory = undefined;
  document.drawn = undefined;
}

/** Replaces text; what was read before it stays. */
export function applyEdit(document: EngineDocument, edit: TextEdit): void {
  const { offset, length, text } = edit;
  document.drawn &&= keptAfter(document.drawn, edit);
  document.text = document.text.slice(0, offset) + text + document.text.slice(offset + length);
  document.states?.prefix.edited(offset);
  // The cursor stands behind what was typed; an edit elsewhere says nothing else about it.
  document.cursor = offset + text.length;
}

/** The document's hidden states under the model of this session. */
export function prefixStatesOf(document: EngineDocument, session: ModelSession): PrefixStates {
  if (document.states?.session !== session) {
    document.states = { session, prefix: createPrefixStates(session, document.path) };
  }
  return document.states.prefix;
}

/** The memory of the document in the tokens of this session. */
export function textMemoryOf(document: EngineDocument, session: ModelSession): TextMemory {
  if (document.memory?.session !== session) {
    document.memory = { session, text: createTextMemory(session.vocabulary, document.path) };
  }
  return document.memory.text;
}
