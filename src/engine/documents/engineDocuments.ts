import type { Logger } from '../../core/logger';
import { singleEdit, type TextEdit } from '../../text/textEdit';
import type { Vocabulary } from '../../text/vocabulary';
import { scanForSecrets } from '../../corpus/contentRules';
import { withoutSecrets } from '../../corpus/secrets/secretScan';
import { protectEdited } from './writtenSecrets';
import { createPrefixStates, type PrefixStates } from '../../inference/prefixStates';
import type { ModelSession } from '../../inference/session';
import { keptAfter, type KeptTree } from './keptTree';
import { keptOfferAfter, type KeptOffer } from './keptOffer';
import { createTextMemory, type TextMemory } from './textMemory';
import type { DocumentChange, OpenDocument } from '../../protocol/engine';

/**
 * An open document of the editor. Of one that is excluded nothing is kept but its name and version; of secrets that stand in
 * single lines, nothing but how long they are (`core/secretMark`).
 */
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
  memory: { readonly vocabulary: Vocabulary; readonly text: TextMemory } | undefined;
  drawn: KeptTree | undefined;
  offered: KeptOffer | undefined;
  rescan: NodeJS.Timeout | undefined;
}

export interface EngineDocuments {
  open(document: OpenDocument): EngineDocument;
  /** False: the whole text is needed, since the version does not fit, or a secret may have been taken away. */
  change(change: DocumentChange): boolean;
  close(uri: string): void;
  find(uri: string): EngineDocument | undefined;
  all(): EngineDocument[];
  /** Forgets every hidden state: they belong to another model. */
  forgetStates(): void;
}

/** More text than this that comes at once is scanned piece by piece, as a text that is opened. */
const scannedAtOnce = 8_192;
/** A text that was typed in is scanned as a whole when the typing has stopped for so long. */
const rescanMs = 2_000;

export function createEngineDocuments(logger: Logger): EngineDocuments {
  const documents = new Map<string, EngineDocument>();

  /** Scans the document after what is being scanned already. */
  function scan(document: EngineDocument): void {
    document.scanned = document.scanned.then(async () => {
      try {
        // What is typed meanwhile is scanned with the rest.
        while (!(await isProtected(document)));
      } catch (error) {
        logger.error(`A document could not be scanned: ${String(error)}`);
        exclude(document, 'not scanned');
      }
    });
  }

  /** Takes the secrets out of a document; false where it was written in meanwhile. */
  async function isProtected(document: EngineDocument): Promise<boolean> {
    if (document.excluded) return true;
    const { text } = document;
    const reason = await scanForSecrets(text);
    if (reason !== null) exclude(document, reason);
    const protectedText = await withoutSecrets(document.path, text);
    if (document.text === text) replaceText(document, protectedText);
    return isExcluded(document) || document.text === protectedText;
  }

  function exclude(document: EngineDocument, reason: string): void {
    logger.info(`${document.path} is left alone (${reason}).`);
    empty(document);
  }

  /** An edit is looked at before anything is completed; a long one with its turns for others. */
  function scanEdit(document: EngineDocument, edit: TextEdit): void {
    if (edit.text.length > scannedAtOnce) {
      scan(document);
      return;
    }
    const protectedText = protectEdited(document.path, document.text, edit);
    if (protectedText === undefined) exclude(document, 'secret content');
    else replaceText(document, protectedText);
  }

  function rescanLater(document: EngineDocument): void {
    clearTimeout(document.rescan);
    document.rescan = setTimeout(() => scan(document), rescanMs);
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
      scan(document);
      return document;
    },
    change({ uri, fromVersion, version, edits }) {
      const document = documents.get(uri);
      if (document?.version !== fromVersion) return false;
      // Nothing of its text was kept, which may hold no secret any more.
      if (document.excluded && takesAway(edits)) return false;
      document.version = version;
      document.editedMs = performance.now();
      if (document.excluded) return true;
      for (const edit of edits) {
        if (isExcluded(document)) break;
        applyEdit(document, edit);
        scanEdit(document, edit);
      }
      rescanLater(document);
      return true;
    },
    close: forget,
    find: (uri) => documents.get(uri),
    all: () => [...documents.values()],
    forgetStates() {
      for (const document of documents.values()) document.states = document.drawn = undefined;
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
    offered: undefined,
    rescan: undefined,
  };
}

/** Whether what keeps a text out may have gone with these edits. */
function takesAway(edits: readonly TextEdit[]): boolean {
  return edits.some(({ length }) => length > 0);
}

function isExcluded({ excluded }: EngineDocument): boolean {
  return excluded;
}

function empty(document: EngineDocument): void {
  clearTimeout(document.rescan);
  document.excluded = true;
  document.text = '';
  document.cursor = 0;
  document.states = undefined;
  document.memory = undefined;
  document.drawn = undefined;
  document.offered = undefined;
}

/** Puts marks in the place of secrets; what was read of them is forgotten. */
function replaceText(document: EngineDocument, text: string): void {
  const edit = singleEdit(document.text, text);
  if (edit === undefined) return;
  document.states?.prefix.edited(edit.offset);
  document.drawn = undefined;
  document.text = text;
}

/** Replaces text; what was read before it stays. */
export function applyEdit(document: EngineDocument, edit: TextEdit): void {
  const { offset, length, text } = edit;
  document.drawn &&= keptAfter(document.drawn, edit);
  document.offered &&= keptOfferAfter(document.offered, edit);
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

/** The memory of the document in the tokens of this vocabulary. */
export function textMemoryOf(document: EngineDocument, vocabulary: Vocabulary): TextMemory {
  if (document.memory?.vocabulary !== vocabulary) {
    document.memory = { vocabulary, text: createTextMemory(vocabulary, document.path) };
  }
  return document.memory.text;
}
