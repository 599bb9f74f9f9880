/** How a text that follows is looked for: see `textMatches` and `codeMatches`. */
export type Evidence = 'all' | 'document' | 'renamed' | 'same' | 'sparse';

/** One reading of what was found. */
export interface ExpertKind {
  readonly evidence: Evidence;
  /** What is expected where nothing was found. */
  readonly base: 'frequencies' | 'network';
  /** Whether its trust depends on the kind of place. */
  readonly byPlace: boolean;
}

/**
 * The readings of the memory that are mixed with the network. Whatever depends on which there are follows this table: the weights,
 * their file, the mixture. To add one: a row here, and for new evidence who collects it.
 */
export const expertKinds = {
  /** Matches of characters in workspace and document, over the frequencies of characters, and over what the network expects. */
  all: { evidence: 'all', base: 'frequencies', byPlace: false },
  conditional: { evidence: 'all', base: 'network', byPlace: false },
  /** The same in the document alone. */
  document: { evidence: 'document', base: 'frequencies', byPlace: false },
  /** Names and signs that match but for the names, with a name that was changed, and with none so far. */
  renamed: { evidence: 'renamed', base: 'network', byPlace: true },
  same: { evidence: 'same', base: 'network', byPlace: true },
  /** Places alike in another way: by the bracket, the line above, the argument; names that stand near. */
  sparse: { evidence: 'sparse', base: 'network', byPlace: true },
} as const satisfies Readonly<Record<string, ExpertKind>>;

export type ExpertName = keyof typeof expertKinds;
export const expertNames = Object.keys(expertKinds) as readonly ExpertName[];
/** What the mixture consists of, in the order of its exponents. */
export const mixedModels: readonly ('network' | ExpertName)[] = ['network', ...expertNames];
