/** What a look at a language's text needs to know about it. */
export interface Language {
  /** Written for people: nothing in it is code. */
  readonly prose: boolean;
  /** Marks that make the rest of a line a comment. */
  readonly lineComments: readonly string[];
  /** Beginnings and ends of comments that may span lines; strings that are used as such too. */
  readonly blockComments: readonly (readonly [string, string])[];
  /** Whether every closing bracket closes one that stands before it. */
  readonly balanced: boolean;
  /** Values written by programs or in tables: there are hardly names in it. */
  readonly data: boolean;
  /** Characters that belong to names, beside letters and digits. */
  readonly joints: string;
  /** Whether what belongs together is shown by indentation alone. */
  readonly indented: boolean;
}

const code: Language = {
  ...{ prose: false, lineComments: [], blockComments: [], balanced: true, data: false, joints: '_$', indented: false },
};
const prose: Language = { ...code, prose: true, balanced: false };
const cLike: Language = { ...code, lineComments: ['//'], blockComments: [['/*', '*/']] };
const hash: Language = { ...code, lineComments: ['#'] };
const markup: Language = { ...code, blockComments: [['<!--', '-->']], balanced: false };

/** By the editor's language id, as its language configurations have the marks. */
const languages: Readonly<Record<string, Language>> = {
  ...alike(cLike, 'c cpp csharp dart go groovy java javascript javascriptreact jsonc kotlin objective-c proto'),
  ...alike(cLike, 'rust scala solidity swift typescript typescriptreact zig glsl hlsl cuda-cpp'),
  php: { ...cLike, lineComments: ['//', '#'], joints: '_' },
  css: { ...cLike, lineComments: [], joints: '_-' },
  ...alike({ ...cLike, joints: '_-' }, 'less scss'),
  sql: { ...cLike, lineComments: ['--'] },
  terraform: { ...cLike, lineComments: ['#', '//'] },
  ...alike(hash, 'coffeescript dockerfile dotenv elixir gdscript graphql julia makefile nix perl properties r'),
  toml: { ...hash, joints: '_-' },
  yaml: { ...hash, joints: '_-', indented: true },
  // `case` closes brackets that nothing has opened.
  shellscript: { ...hash, balanced: false, joints: '_-' },
  python: {
    ...hash,
    blockComments: [
      ['"""', '"""'],
      ["'''", "'''"],
    ],
  },
  ruby: { ...hash, blockComments: [['=begin', '=end']] },
  powershell: { ...hash, blockComments: [['<#', '#>']] },
  ini: { ...code, lineComments: [';', '#'] },
  lua: { ...code, lineComments: ['--'], blockComments: [['--[[', ']]']] },
  haskell: { ...code, lineComments: ['--'], blockComments: [['{-', '-}']] },
  fsharp: { ...code, lineComments: ['//'], blockComments: [['(*', '*)']] },
  ocaml: { ...code, blockComments: [['(*', '*)']] },
  ...alike({ ...code, lineComments: [';'], joints: '_-*<>=!?' }, 'clojure lisp scheme'),
  ...alike({ ...code, lineComments: ['%'] }, 'erlang matlab prolog'),
  fortran: { ...code, lineComments: ['!'], balanced: false },
  ...alike(markup, 'html xml xsl'),
  ...alike({ ...markup, joints: '_-$' }, 'svelte vue'),
  ...alike({ ...code, data: true }, 'csv json jsonl lock po tsv'),
  svg: { ...markup, data: true },
  ...alike(prose, 'asciidoc git-commit latex markdown restructuredtext tex text'),
};

const languageOfExtension: Readonly<Record<string, string>> = {
  ...named('c', 'c h'),
  ...named('cpp', 'cc cpp cxx hh hpp hxx ino ipp'),
  ...named('cuda-cpp', 'cu cuh'),
  ...named('csharp', 'cs'),
  ...named('javascript', 'cjs js mjs'),
  ...named('javascriptreact', 'jsx'),
  ...named('typescript', 'cts mts ts'),
  ...named('typescriptreact', 'tsx'),
  ...named('jsonc', 'json5 jsonc'),
  ...named('objective-c', 'm mm'),
  ...named('kotlin', 'kt kts'),
  ...named('rust', 'rs'),
  ...named('python', 'py pyi pyw'),
  ...named('ruby', 'rb'),
  ...named('shellscript', 'bash sh zsh'),
  ...named('powershell', 'ps1 psm1'),
  ...named('perl', 'pl pm'),
  ...named('julia', 'jl'),
  ...named('elixir', 'ex exs'),
  ...named('erlang', 'erl hrl'),
  ...named('haskell', 'hs'),
  ...named('fsharp', 'fs fsi fsx'),
  ...named('ocaml', 'ml mli'),
  ...named('clojure', 'clj cljc cljs'),
  ...named('lisp', 'el lisp'),
  ...named('scheme', 'scm ss'),
  ...named('fortran', 'f90 f95 f03'),
  ...named('terraform', 'hcl tf'),
  ...named('graphql', 'gql graphql'),
  ...named('properties', 'conf properties'),
  ...named('ini', 'cfg ini'),
  ...named('yaml', 'yaml yml'),
  ...named('makefile', 'mak mk'),
  ...named('html', 'htm html'),
  ...named('xml', 'xml xsd'),
  ...named('markdown', 'markdown md mdx'),
  ...named('restructuredtext', 'rst'),
  ...named('asciidoc', 'adoc asciidoc'),
  ...named('latex', 'tex'),
  ...named('text', 'text txt'),
};

/** Files that are known by their whole name, in lower case. */
const languageOfName: Readonly<Record<string, string>> = {
  dockerfile: 'dockerfile',
  makefile: 'makefile',
  ...named('text', 'authors changelog copying license notice readme'),
};

/**
 * The language of a text.
 * @param languageId the editor's, where it is known; where it is not in the table the path decides (what the editor does not
 *   know is `plaintext` to it, and may well be code)
 * @param path with `/`
 */
export function languageOf(path: string, languageId?: string): Language {
  const byPath = languageIdOf(path);
  return languages[languageId ?? byPath] ?? languages[byPath] ?? code;
}

/** The editor's id of the language that a path names; of one that is not known its ending. @param path with `/` */
export function languageIdOf(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1).toLowerCase();
  const extension = name.includes('.') ? name.slice(name.lastIndexOf('.') + 1) : '';
  return languageOfName[name] ?? languageOfExtension[extension] ?? extension;
}

/** Whether names and signs of a text are worth being told apart. */
export function isCode({ prose, data }: Language): boolean {
  return !prose && !data;
}

function alike(language: Language, ids: string): Record<string, Language> {
  return Object.fromEntries(ids.split(' ').map((id) => [id, language]));
}

function named(id: string, extensions: string): Record<string, string> {
  return Object.fromEntries(extensions.split(' ').map((extension) => [extension, id]));
}
