import { isAbsolute } from 'node:path';
import * as v from 'valibot';
import { documentPath } from '../text/documentPath';
import type { WorkspaceFolder } from '../text/document';

/** A place to complete at, as another program asks for it. */
export interface PlaceRequest {
  /** Comes back with the answer. */
  readonly id: string | number;
  /** As in the corpus: relative to its folder, with `/`. */
  readonly path: string;
  readonly text: string;
  /** Cursor, in UTF-16 units of the text. */
  readonly offset: number;
}

/** A line that is no request: what is wrong with it, and its id where it has one. */
export interface BadRequest {
  readonly id: string | number | null;
  readonly problem: string;
}

const idSchema = v.union([v.string(), v.number()], 'id must be a text or a number');
const requestSchema = v.object(
  {
    id: idSchema,
    path: v.pipe(v.string('path must be a text'), v.nonEmpty('path is empty')),
    text: v.string('text must be a text'),
    offset: v.pipe(
      v.number('offset must be a number'),
      v.integer('offset must be a whole number'),
      v.minValue(0, 'offset must not be negative'),
    ),
  },
  ({ expected, received }) => (received === 'undefined' ? `${expected} is missing` : 'a request is an object'),
);

/**
 * Reads one line of standard input.
 * @param folders that the model was trained on; the path of a file in them may be absolute
 */
export function parseRequest(line: string, folders: readonly WorkspaceFolder[]): PlaceRequest | BadRequest {
  const value = parseJson(line);
  if (value === undefined) return { id: null, problem: 'it is no JSON' };
  const result = v.safeParse(requestSchema, value);
  if (!result.success) return { id: idOf(value), problem: result.issues[0].message };
  const { id, path, text, offset } = result.output;
  if (offset > text.length) {
    return { id, problem: `offset ${offset} is past the end of the text, which has ${text.length} UTF-16 units` };
  }
  return { id, path: pathInCorpus(path, folders), text: withLineFeeds(text), offset };
}

/** A lone CR ends a line too; offsets stay. */
function withLineFeeds(text: string): string {
  return text.replace(/\r(?!\n)/g, '\n');
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function idOf(value: unknown): string | number | null {
  const result = v.safeParse(v.object({ id: idSchema }), value);
  return result.success ? result.output.id : null;
}

/** A file outside of every folder has its name alone, as in the editor. */
function pathInCorpus(path: string, folders: readonly WorkspaceFolder[]): string {
  const withSlashes = path.replaceAll('\\', '/');
  if (!isAbsolute(path)) return withSlashes;
  return documentPath(path, folders) ?? withSlashes.slice(withSlashes.lastIndexOf('/') + 1);
}
