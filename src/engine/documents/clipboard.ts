import { mayCompleteFromClipboard } from '../../corpus/clipboardRules';
import { toLineFeeds } from '../../text/textOffsets';
import type { ClipboardText, EngineFunctions } from '../../protocol/engine';
import type { EngineDocument, EngineDocuments } from './engineDocuments';

const scheme = 'recur-clipboard:';

/** Whether what is remembered under a key is no place that anybody could go to. */
export function isOfClipboard(key: string): boolean {
  return key.startsWith(scheme);
}

/**
 * Keeps what lies on the user's clipboard as a further open document: completions elsewhere go on with it while it lies there.
 * @param changed told when it is opened, and when it is gone
 */
export function createEngineClipboard(
  documents: Pick<EngineDocuments, 'open' | 'close'>,
  changed: (document: EngineDocument) => void,
): EngineFunctions['takeClipboard'] {
  let taken: ClipboardText | null = null;
  let document: EngineDocument | undefined;

  function drop(): void {
    if (document === undefined) return;
    documents.close(document.uri);
    changed(document);
    document = undefined;
  }

  /** The ending says what language it is read as. */
  function open({ text, ending }: ClipboardText): void {
    const [uri, path] = [`${scheme}${ending}`, `clipboard${ending}`];
    document = documents.open({ uri, path, version: 1, text: toLineFeeds(text), remembered: 'in passing' });
    changed(document);
  }

  return async (clipboard) => {
    if (clipboard?.text === taken?.text) return;
    taken = clipboard;
    drop();
    if (clipboard === null || !(await mayCompleteFromClipboard(clipboard.text))) return;
    // Something else may lie there by now.
    if (taken === clipboard) open(clipboard);
  };
}
