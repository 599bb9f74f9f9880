import { describeError } from '../core/errors';
import type { Logger } from '../core/logger';
import type { TextEdit } from '../text/textEdit';
import type { WorkspaceFolder } from '../text/document';
import { isEditedScheme, pathInWorkspace } from './editorDocumentPath';
import type { Engine, EngineHost } from './engineHost';
import type { FileRules } from './fileRules';

/** A document that is open in an editor, as it is at any moment. */
export interface EditedDocument {
  readonly uri: string;
  /** Of its URI, for instance `file` or `untitled`. */
  readonly scheme: string;
  /** Absolute path; of an untitled document its title. */
  readonly file: string;
  readonly version: number;
  readonly isClosed: boolean;
  /** As the editor has it: lines may end in CRLF. */
  text(): string;
  /** In UTF-16 units, where one is known. */
  cursor(): number | undefined;
}

/** The engine's copies of the documents that completions are asked in. */
export interface DocumentCopies {
  /** The engine, knowing this document as it is now; undefined where nothing may be completed in it. */
  engineFor(document: EditedDocument): Promise<Engine | undefined>;
  /** The document was written in. @param edits applied one after the other, each to the text that the one before left */
  changed(document: EditedDocument, edits: readonly TextEdit[]): void;
  /** The cursor went to an offset, in UTF-16 units of the document as it is now. */
  moved(document: EditedDocument, offset: number): void;
  saved(uri: string): void;
  close(uri: string): void;
  /** Sends the whole text again: the engine has lost track. */
  resend(document: EditedDocument, engine: Engine): void;
  /** Takes every document back; those that may still be completed in are sent again when they are next needed. */
  closeAll(): void;
  dispose(): void;
}

export interface DocumentCopiesOptions {
  readonly engines: EngineHost;
  readonly rules: FileRules;
  readonly logger: Logger;
  /** Of the workspace now. */
  readonly folders: () => readonly WorkspaceFolder[];
  /** Longer documents are left alone, in UTF-16 units. */
  readonly maxLength: () => number;
}

/** Keeps the engine's copies as the editor's, edit by edit. A text leaves the editor's process only in here. */
export function createDocumentCopies(options: DocumentCopiesOptions): DocumentCopies {
  const { engines, rules, logger, folders, maxLength } = options;
  /** What the engine has, by URI: which version of which document. */
  const sent = new Map<string, { readonly version: number; readonly document: EditedDocument }>();

  async function isLeftOut({ scheme, file }: EditedDocument): Promise<boolean> {
    if (!isEditedScheme(scheme)) return true;
    return scheme !== 'untitled' && (await rules.leftOut(file, pathInWorkspace(file, folders())));
  }

  function send(document: EditedDocument, engine: Engine): void {
    const { uri, scheme, file, version } = document;
    const place = pathInWorkspace(file, folders());
    const remembered = scheme === 'file' && place.folder !== undefined ? 'as file' : 'beside files';
    sent.set(uri, { version, document });
    const cursor = document.cursor();
    const known = cursor === undefined ? {} : { cursor };
    quietly(engine.openDocument({ uri, path: place.inCorpus, version, text: document.text(), remembered, ...known }));
  }

  function close(uri: string): void {
    if (sent.delete(uri)) quietly(engines.started().closeDocument(uri));
  }

  /** An engine that ends answers nothing; the next one is sent everything anew. */
  function quietly(answer: Promise<unknown>): void {
    answer.catch((error: unknown) => logger.debug(`A document could not be sent: ${describeError(error)}`));
  }

  /** The one that was started in place of another knows no document: other ones are completed from what is not saved yet, too. */
  function sendAgain(): void {
    const known = [...sent.values()];
    sent.clear();
    for (const { document } of known) if (!document.isClosed) send(document, engines.started());
  }

  const subscription = engines.onDidRestart(sendAgain);

  return {
    async engineFor(document) {
      if (await isLeftOut(document)) {
        close(document.uri);
        return undefined;
      }
      const engine = await engines.ready();
      if (engine === undefined || document.isClosed) return undefined;
      const isKnown = sent.has(document.uri);
      if (!isKnown && document.text().length > maxLength()) return undefined;
      if (!isKnown) send(document, engine);
      return engine;
    },
    changed(document, edits) {
      const { uri, version } = document;
      const fromVersion = sent.get(uri)?.version;
      if (fromVersion === undefined || fromVersion === version) return;
      const engine = engines.started();
      sent.set(uri, { version, document });
      const fits = engine.changeDocument({ uri, fromVersion, version, edits });
      quietly(fits.then((known) => (known || document.isClosed ? undefined : send(document, engine))));
    },
    moved(document, offset) {
      const { uri, version } = document;
      if (sent.get(uri)?.version === version) quietly(engines.started().moveCursor(uri, version, offset));
    },
    saved(uri) {
      if (sent.has(uri)) quietly(engines.started().documentSaved(uri));
    },
    close,
    resend: send,
    closeAll() {
      for (const uri of [...sent.keys()]) close(uri);
    },
    dispose: () => subscription.dispose(),
  };
}
