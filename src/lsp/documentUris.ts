import { fileURLToPath } from 'node:url';

/** What a document's URI names: its scheme, and the file. */
export interface NamedDocument {
  /** For instance `file` or `untitled`; empty for what is no URI. */
  readonly scheme: string;
  /** Absolute path; of another scheme what stands last, as a title. */
  readonly file: string;
}

/** Reads a URI as clients write them: with more or fewer characters encoded, `untitled:Untitled-1` too. */
export function namedBy(uri: string): NamedDocument {
  if (!URL.canParse(uri)) return { scheme: '', file: '' };
  const url = new URL(uri);
  const scheme = url.protocol.slice(0, -1);
  return { scheme, file: (scheme === 'file' ? filePath(url) : undefined) ?? titleOf(url) };
}

/** undefined where it is no path of this machine. */
function filePath(url: URL): string | undefined {
  try {
    return fileURLToPath(url);
  } catch {
    return undefined;
  }
}

function titleOf({ pathname }: URL): string {
  return pathname.slice(pathname.lastIndexOf('/') + 1);
}
