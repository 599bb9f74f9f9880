// How much of what goes into the corpus.

/** Characters that the corpus aims at. */
export const aimedCharacters = 320e6;

/** Largest share of the aim that a language may have. @type {Readonly<Record<string, number>>} */
export const largestShares = {
  TypeScript: 0.2,
  JavaScript: 0.14,
  Python: 0.16,
  C: 0.08,
  'C++': 0.07,
  Go: 0.08,
  Rust: 0.07,
  Java: 0.06,
  'C#': 0.05,
  CSS: 0.03,
  HTML: 0.02,
  Shell: 0.01,
  SQL: 0.01,
  YAML: 0.01,
  JSON: 0.01,
  Markdown: 0.03,
};

/** Most characters of one package in a language: many hands, not one. @type {Readonly<Record<string, number>>} */
export const mostOfPackage = {
  TypeScript: 8e6,
  JavaScript: 3e6,
  Python: 1.5e6,
  C: 2.5e6,
  'C++': 2.5e6,
  Go: 4e6,
  Rust: 12e6,
  Java: 2.5e6,
  'C#': 14e6,
  CSS: 1e6,
  HTML: 0.4e6,
  Shell: 1e6,
  SQL: 1.5e6,
  YAML: 0.3e6,
  JSON: 0.15e6,
  Markdown: 0.4e6,
};

/** Larger files are seldom written by hand. */
export const maxFileBytes = 200_000;
