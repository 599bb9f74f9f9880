import path from 'node:path';
import { createNodeResolver, importX } from 'eslint-plugin-import-x';

/**
 * Rooms of a source tree: folders at any depth, each with the rooms that its files may import from besides their own. A file
 * belongs to the deepest room that it lies in. `a/b` names that room alone, `a/b/**` with all rooms inside it.
 * @typedef {Readonly<Record<string, readonly string[]>>} Rooms
 *
 * @typedef {import('eslint').Linter.Config} Config
 */

/**
 * Lint rules that hold the directions of the imports. What lies in no room may neither import anything nor be imported.
 * @param {Rooms} rooms
 * @param {{basePath: string, sources?: string}} place `sources`: the folder of the tree below `basePath`
 * @returns {Config[]}
 * @throws {Error} where a row names a room that is none
 */
export function importDirections(rooms, { basePath, sources = 'src' }) {
  requireKnownRooms(rooms);
  const names = Object.keys(rooms);
  const pattern = (/** @type {string} */ room) => path.posix.join(sources, room, '**/*.ts');
  /** @type {(room: string, allowed: readonly string[]) => Config} */
  const configOf = (room, allowed) => ({
    files: [pattern(room)],
    ignores: inside(names, room).map(pattern),
    plugins: { 'import-x': /** @type {import('eslint').ESLint.Plugin} */ (importX) },
    settings: { 'import-x/resolver-next': [createNodeResolver({ extensions: ['.ts', '.mts', '.mjs', '.js'] })] },
    rules: {
      'import-x/no-restricted-paths': ['error', { basePath, zones: zonesOf(names, { room, allowed, sources }) }],
    },
  });
  return [configOf('', []), ...names.map((room) => configOf(room, [room, ...(rooms[room] ?? [])]))];
}

/** @param {Rooms} rooms */
function requireKnownRooms(rooms) {
  const names = Object.keys(rooms);
  for (const [room, allowed] of Object.entries(rooms)) {
    const unknown = allowed.find((entry) => !names.some((name) => isNamedBy(entry, name)));
    if (unknown !== undefined) throw new Error(`src/${room} may import from ${unknown}, which is no room.`);
  }
}

/**
 * @param {readonly string[]} names of all rooms
 * @param {string} room '' for the whole tree
 * @returns {string[]} the rooms inside it
 */
function inside(names, room) {
  return names.filter((name) => name !== room && (room === '' || name.startsWith(`${room}/`)));
}

/**
 * @param {readonly string[]} names of all rooms
 * @param {{room: string, allowed: readonly string[], sources: string}} row
 */
function zonesOf(names, { room, allowed, sources }) {
  const allows = (/** @type {string} */ name) => allowed.some((entry) => isNamedBy(entry, name));
  const message = `${path.posix.join(sources, room)} may not import from there: the directions stand in eslint.config.mjs.`;
  return ['', ...names]
    .filter((name) => !allows(name))
    .map((name) => ({
      target: sources,
      from: path.posix.join(sources, name),
      except: inside(names, name).map((inner) => path.posix.relative(name, inner)),
      message,
    }));
}

/**
 * @param {string} entry of a row
 * @param {string} name of a room
 */
function isNamedBy(entry, name) {
  return entry === name || (entry.endsWith('/**') && `${name}/`.startsWith(entry.slice(0, -2)));
}
