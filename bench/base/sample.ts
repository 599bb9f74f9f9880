import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { languageOf } from '../../scripts/base/languages.mjs';
import { decodeText } from '../../src/corpus/decoding';
import { sha256Of } from '../../src/core/sha256';
import type { SourceDocument } from '../../src/text/document';

/** Files of a language in an order by hash, with their paths in the corpus. */
export type Sample = readonly { readonly file: string; readonly path: string }[];

/** The files below a folder, by language. */
export function listSample(folder: string): ReadonlyMap<string, Sample> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const files = entries.map((entry) => {
    const file = join(entry.parentPath, entry.name);
    const path = relative(folder, file);
    return { file, path, hash: sha256Of(path) };
  });
  files.sort((a, b) => (a.hash < b.hash ? -1 : 1));
  const byLanguage = new Map<string, { file: string; path: string }[]>();
  for (const { file, path } of files) {
    const language = languageOf(path);
    const known = language === undefined ? undefined : byLanguage.get(language);
    if (known !== undefined) known.push({ file, path });
    else if (language !== undefined) byLanguage.set(language, [{ file, path }]);
  }
  return byLanguage;
}

/** Longest part of a file: many files tell more than a long one. */
const mostOfFile = 10_000;

/** The first files, cut off, until they have so many characters. */
export function readSample(files: Sample, characters: number): SourceDocument[] {
  const documents: SourceDocument[] = [];
  let length = 0;
  for (const { file, path } of files) {
    if (length >= characters) break;
    const text = (decodeText(readFileSync(file)) ?? '').slice(0, mostOfFile);
    documents.push({ path, text });
    length += text.length;
  }
  return documents;
}

/** As compressors read them. */
export function joinTexts(documents: readonly SourceDocument[]): string {
  return documents.map(({ text }) => `${text}\n`).join('');
}
