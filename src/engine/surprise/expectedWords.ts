import { likelyWords } from '../../inference/wordSearch';
import type { ModelSession } from '../../inference/session';
import type { LanguageMemory } from '../../memory/languageMemory';
import { placesInContext } from '../../memory/contextPlaces';
import type { WorkspaceMemory } from '../../memory/workspaceMemory';
import type { ExpectedWords } from '../../protocol/engine';
import { scanWords } from '../../surprise/wordScanning';
import { languageOf } from '../../text/languages';
import { lineStart, toLineFeeds } from '../../text/textOffsets';
import { encode } from '../../text/vocabulary';
import { treeAt } from '../completing/lineDrawing';
import { isOfClipboard } from '../documents/clipboard';
import type { EngineDocument } from '../documents/engineDocuments';

/** Likely words, and links to places, that are told. */
const mostWords = 3;
const mostPlaces = 5;
/** So many words before a place are its context. */
const contextWords = 2;
/** What is seen of the text before a place. */
const contextUnits = 200;
/** Longer words are not looked for. */
const mostCharacters = 60;

/** What the model and the workspace expect at a place of a document, whatever stands there. */
export async function expectedWords(
  session: ModelSession,
  document: EngineDocument,
  offset: number,
  memory: { readonly language: LanguageMemory | undefined; readonly workspace: WorkspaceMemory | undefined },
  signal: AbortSignal,
): Promise<ExpectedWords | undefined> {
  const { path, text } = document;
  const started = await treeAt({ session, document, memory: memory.language }, offset, mostCharacters, signal);
  if (started === undefined) return undefined;
  const words = await likelyWords(started.vocabulary, started.tree, signal, mostWords);
  const [first] = words;
  const { workspace } = memory;
  if (first === undefined || workspace === undefined) return { words, count: 0, places: [] };
  const before = toLineFeeds(text.slice(Math.max(0, offset - contextUnits), offset));
  const context = encode(workspace.vocabulary, before);
  const least = Array.from(contextOf(path, text, offset)).length;
  const word = encode(workspace.vocabulary, first.text);
  const places = placesInContext(workspace, context, least, word, path).filter((place) => !isOfClipboard(place.path));
  return { words, count: places.length, places: places.slice(0, mostPlaces) };
}

/** The last words of the line before a place. */
function contextOf(path: string, text: string, offset: number): string {
  const line = text.slice(Math.max(lineStart(text, offset), offset - contextUnits), offset);
  const shown = scanWords(line, languageOf(path)).filter(({ kind }) => kind !== 'layout');
  return line.slice(shown.at(-contextWords)?.start ?? 0);
}
