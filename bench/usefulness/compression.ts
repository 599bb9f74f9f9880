import { execFile } from 'node:child_process';
import { mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { SourceDocument } from '../../src/text/document';
import type { Place } from '../../src/offers/measuring/evaluationPlaces';
import { countCodePoints } from '../../src/corpus/split';
import { lineEnd } from '../../src/text/textOffsets';

const run = promisify(execFile);

/**
 * Bits per character that `zpaq -m5` needs for the test part behind the training part: the size of both together less that of
 * the training part. It goes on learning from every test file to the next one.
 * @param program of zpaq
 * @returns null where it is not installed
 */
export async function zpaqBits(
  program: string,
  directory: string,
  training: readonly SourceDocument[],
  test: readonly SourceDocument[],
): Promise<number | null> {
  const folder = join(directory, 'zpaq');
  const sizeOf = async (documents: readonly SourceDocument[]): Promise<number> => {
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'text'), documents.map(({ path, text }) => `${path}\n${text}`).join('\n'));
    await run(program, ['add', 'archive.zpaq', 'text', '-m5', '-t1'], { cwd: folder });
    return (await stat(join(folder, 'archive.zpaq'))).size;
  };
  try {
    const bytes = (await sizeOf([...training, ...test])) - (await sizeOf(training));
    return (
      (8 * bytes) / test.reduce((sum, { path, text }) => sum + countCodePoints(path) + countCodePoints(text) + 2, 0)
    );
  } catch (error) {
    if ((error as { code?: unknown }).code === 'ENOENT') return null;
    throw error;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Share of the lines over 20 characters of the test part that stand in the training part as they are, blanks at the ends apart. */
export function verbatimShare(training: readonly SourceDocument[], test: readonly SourceDocument[]): number {
  const linesOf = (documents: readonly SourceDocument[]): string[] =>
    documents.flatMap(({ text }) => text.split('\n').map((line) => line.trim())).filter((line) => line.length > 20);
  const known = new Set(linesOf(training));
  const lines = linesOf(test);
  return lines.filter((line) => known.has(line)).length / lines.length;
}

/**
 * Share of places whose rest of line stands behind the same characters in the training part, or above in the file: the most that
 * copying could get right, if it always knew which place to copy from.
 * @param context how many characters before the place have to be the same
 */
export function copyableShare(training: readonly SourceDocument[], places: readonly Place[], context: number): number {
  const known = training.map(({ text }) => `${text}\n`).join('\0');
  const copyable = places.filter(({ document: { text }, offset }) => {
    const rest = `${text.slice(Math.max(0, offset - context), lineEnd(text, offset))}\n`;
    return known.includes(rest) || text.slice(0, offset).includes(rest);
  });
  return copyable.length / places.length;
}
