import type { Readable } from 'node:stream';
import type { CompletionConfiguration } from '../core/configuration';
import type { WorkspaceFolder } from '../text/document';
import { leftOutByPath } from '../corpus/pathRules';
import { singleEdit } from '../text/textEdit';
import type { EngineClient } from '../ipc/client';
import type { CompletionAnswer } from '../protocol/engine';
import { parseRequest, type PlaceRequest } from './completionRequests';
import type { Output } from './output';

export interface RequestOptions {
  /** JSON lines. */
  readonly input: Readable;
  readonly completions: CompletionConfiguration & { readonly suggestions?: number };
  /** Those that the model was trained on. */
  readonly folders: readonly WorkspaceFolder[];
}

/** Answers requests one after the other, each before the next is read; a bad one with an error line in its place. */
export async function answerRequests(engine: EngineClient, output: Output, options: RequestOptions): Promise<void> {
  const documents = createRequestDocuments(engine);
  let number = 0;
  for await (const line of linesOf(options.input)) {
    number++;
    if (line.trim() === '') continue;
    const request = parseRequest(line, options.folders);
    if ('problem' in request) {
      const message = `Line ${number} is no request: ${request.problem}.`;
      report(output, { type: 'error', id: request.id, message });
    } else {
      report(output, await answerOf(engine, documents, request, options.completions));
    }
  }
}

/** Lines of JSON end at LF alone: other line ends, U+2028 among them, may stand inside its texts. */
async function* linesOf(input: Readable): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  const pieces: string[] = [];
  for await (const chunk of input) {
    const [first = '', ...others] = decoder.decode(chunk as Uint8Array, { stream: true }).split('\n');
    pieces.push(first);
    for (const line of others) {
      yield pieces.splice(0).join('');
      pieces.push(line);
    }
  }
  yield pieces.join('') + decoder.decode();
}

/** Other programs read this: JSON lines whether asked for or not. */
function report(output: Output, value: object): void {
  output.result(value, JSON.stringify(value));
}

async function answerOf(
  engine: EngineClient,
  documents: RequestDocuments,
  request: PlaceRequest,
  completions: RequestOptions['completions'],
): Promise<object> {
  const { id, path, offset } = request;
  const startMs = performance.now();
  const shown = (answer: CompletionAnswer): object => {
    const completion = answer.kind === 'none' ? { text: '', confidence: 0 } : answer.completion;
    const { text, confidence } = completion;
    const milliseconds = performance.now() - startMs;
    const others = answer.others?.map((other) => ({ text: other.text, confidence: other.confidence }));
    const shownToo = { shown: answer.kind === 'completion', milliseconds, ...(others && { others }) };
    return { type: 'completion', id, text, confidence, ...shownToo };
  };
  if (leftOutByPath(path) !== null) return shown({ kind: 'none', reason: 'excluded' });
  const place = await documents.show(request);
  const answer = await engine.remote.complete({ ...place, ...completions, offset, exact: true });
  // The engine has forgotten its text; the next one may be without what kept it from being completed.
  if (answer.kind === 'none' && answer.reason === 'excluded') documents.forget(path);
  return shown(answer);
}

/** The engine's copies of what was asked about; requests in a file that is being typed cost no more than its edits. */
interface RequestDocuments {
  /** The document as the request has it. */
  show(request: PlaceRequest): Promise<{ readonly uri: string; readonly version: number }>;
  forget(path: string): void;
}

const mostDocuments = 16;

function createRequestDocuments({ remote }: EngineClient): RequestDocuments {
  /** The least recently asked about first. */
  const open = new Map<string, { readonly version: number; readonly text: string }>();
  return {
    async show({ path, text }) {
      const known = open.get(path);
      const fromVersion = known?.version ?? 0;
      const version = fromVersion + 1;
      open.delete(path);
      open.set(path, { version, text });
      const uri = `request:${path}`;
      const edit = known && singleEdit(known.text, text);
      const change = { uri, fromVersion, version, edits: edit === undefined ? [] : [edit] };
      const isShown = known !== undefined && (await remote.changeDocument(change));
      if (!isShown) await remote.openDocument({ uri, path, version, text });
      const [oldest] = open.keys();
      if (open.size > mostDocuments && oldest !== undefined) {
        open.delete(oldest);
        await remote.closeDocument(`request:${oldest}`);
      }
      return { uri, version };
    },
    forget: (path) => void open.delete(path),
  };
}
