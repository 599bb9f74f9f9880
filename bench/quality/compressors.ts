import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compressorPrograms } from '../../scripts/checks/compressors.mjs';
import { findProgram } from '../../scripts/setup/childProcess.mjs';

/** A general compressor, as a yardstick. */
interface Compressor {
  readonly name: string;
  readonly debianPackage: keyof typeof compressorPrograms;
  /** Of the archive, which lies beside the file. */
  readonly suffix: string;
  readonly arguments: (input: string, archive: string) => string[];
  /** Reads the text from standard input. */
  readonly readsInput?: boolean;
}

const compressors: readonly Compressor[] = [
  {
    ...{ name: 'xz -9e', debianPackage: 'xz-utils', suffix: '.xz' },
    arguments: (input) => ['-9e', '--keep', '--force', input],
  },
  {
    ...{ name: 'PPMd, order 16', debianPackage: '7zip', suffix: '.7z' },
    // Of a file whose size it knows it would take 16 times that much memory at most: too little for this order.
    arguments: (_, archive) => ['a', '-bd', '-si', '-m0=PPMd:mem=256m:o=16', archive],
    readsInput: true,
  },
  {
    ...{ name: 'zpaq -m5', debianPackage: 'zpaq', suffix: '.zpaq' },
    arguments: (input, archive) => ['add', archive, input, '-m5'],
  },
];

export interface CompressorResult {
  readonly name: string;
  /** Of validation given training; null where the program is not installed. */
  readonly bits: number | null;
  readonly debianPackage: string;
}

/**
 * What each compressor needs for the validation text once it has read the training text: the size of both, less that of
 * the training text with as many line feeds after it. Those cost next to nothing; without them zpaq would take a smaller
 * model for the shorter file, and the difference would say how much better the larger one is.
 */
export function compressAfter(training: string, validation: string): CompressorResult[] {
  const folder = mkdtempSync(join(tmpdir(), 'recur-compress-'));
  try {
    const files = [join(folder, 'training.txt'), join(folder, 'both.txt')] as const;
    writeFileSync(files[0], training + '\n'.repeat(Buffer.byteLength(validation)));
    writeFileSync(files[1], training + validation);
    return compressors.map((compressor) => {
      const { name, debianPackage } = compressor;
      const program = findProgram(compressorPrograms[debianPackage]);
      if (program === undefined) return { name, bits: null, debianPackage };
      const [before, both] = [sizeOf(compressor, program, files[0]), sizeOf(compressor, program, files[1])];
      return { name, bits: 8 * (both - before), debianPackage };
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function sizeOf(compressor: Compressor, program: string, input: string): number {
  const archive = `${input}${compressor.suffix}`;
  const text = compressor.readsInput === true ? { input: readFileSync(input) } : {};
  const { status, stderr } = spawnSync(program, compressor.arguments(input, archive), { encoding: 'utf8', ...text });
  if (status !== 0) throw new Error(`${program} failed: ${stderr.trim()}`);
  return statSync(archive).size;
}
