// Which files are read for the base model, and as what.

/** Endings of the languages of the corpus. @type {Readonly<Record<string, readonly string[]>>} */
export const languages = {
  TypeScript: ['.ts', '.tsx', '.mts', '.cts'],
  JavaScript: ['.js', '.jsx', '.mjs', '.cjs'],
  Python: ['.py', '.pyi'],
  C: ['.c', '.h'],
  'C++': ['.cpp', '.cc', '.cxx', '.hpp', '.hh', '.hxx'],
  Go: ['.go'],
  Rust: ['.rs'],
  Java: ['.java'],
  'C#': ['.cs'],
  CSS: ['.css', '.scss', '.less', '.sass'],
  HTML: ['.html', '.htm'],
  Shell: ['.sh', '.bash', '.zsh', '.bats'],
  SQL: ['.sql'],
  YAML: ['.yaml', '.yml'],
  JSON: ['.json', '.toml'],
  Markdown: ['.md', '.markdown', '.mdx'],
};

const byEnding = new Map(
  Object.entries(languages).flatMap(([name, endings]) => endings.map((ending) => [ending, name])),
);

/**
 * The language of a path; undefined where none of the corpus.
 * @param {string} path
 * @returns {string | undefined}
 */
export function languageOf(path) {
  const dot = path.lastIndexOf('.');
  return dot < 0 ? undefined : byEnding.get(path.slice(dot).toLowerCase());
}
