/** A text of the corpus. */
export interface SourceDocument {
  /** Relative to its workspace folder, with `/`; prefixed with the folder's name where there are several folders. */
  readonly path: string;
  /** Without byte order mark, with LF line ends. */
  readonly text: string;
}

/** Why a file was left out of the corpus. */
export type LeftOutReason =
  | 'binary'
  | 'too large'
  | 'over the limit of the corpus'
  | 'generated'
  | 'duplicate'
  | 'secret name'
  | 'secret content'
  | 'unreadable'
  | 'outside';

/** The documents of a workspace, sorted by path, and how many files were left out by reason. */
export interface Corpus {
  readonly documents: readonly SourceDocument[];
  readonly leftOut: Readonly<Partial<Record<LeftOutReason, number>>>;
}

/** A folder of the workspace. */
export interface WorkspaceFolder {
  /** Absolute path on this machine. */
  readonly directory: string;
  /** Name that prefixes the paths of its files where there are several folders. */
  readonly name: string;
}
