// npm run bench -- largeWorkspace [--files 200000]: how long it takes to list a workspace of so many files, with git and
// without, and to choose and read the part of it that is trained on.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { defaultCorpus } from '../src/core/configuration';
import { createRandom } from '../src/core/random';
import { findCandidates, type Findings } from '../src/corpus/fileCandidates';
import { streamCorpus } from '../src/corpus/readCorpus';

const { values: options } = parseArgs({ options: { files: { type: 'string', default: '200000' } } });
const files = Number(options.files);
const logger = { debug: () => undefined, info: console.log, warn: console.log, error: console.error };

const directory = mkdtempSync(join(tmpdir(), 'recur-large-'));
try {
  const bytes = writeFiles();
  console.log(`${files.toLocaleString('en')} files, ${(bytes / 1e6).toFixed(0)} MB`);
  await time('listed by walking', list);
  execFileSync('git', ['-C', directory, 'init', '-q']);
  await time('listed by git', list);
  await time('listed, chosen and read', read);
} finally {
  rmSync(directory, { recursive: true, force: true });
}

/** A hundred files to a folder, of the sizes that source files have. */
function writeFiles(): number {
  const random = createRandom(1);
  let bytes = 0;
  for (let file = 0; file < files; file++) {
    const folder = join(directory, `group${Math.floor(file / 10_000)}`, `folder${Math.floor(file / 100)}`);
    if (file % 100 === 0) mkdirSync(folder, { recursive: true });
    const lines = Math.ceil(Math.exp(2.5 + random.normal()));
    const content = Array.from({ length: lines }, (_, line) => `export const value${line} = ${file} * other;\n`).join(
      '',
    );
    writeFileSync(join(folder, `file${file}.ts`), content);
    bytes += content.length;
  }
  return bytes;
}

async function list(): Promise<string> {
  const findings: Findings = { candidates: [], leftOut: {} };
  const { maxFileBytes } = defaultCorpus;
  await findCandidates(
    { directory, prefix: '', roots: [directory], filter: () => true, maxFileBytes, logger },
    findings,
  );
  return `${findings.candidates.length} candidates`;
}

async function read(): Promise<string> {
  let characters = 0;
  const take = ({ text }: { text: string }): void => void (characters += text.length);
  const leftOut = await streamCorpus([{ directory, name: '' }], defaultCorpus, take, logger);
  return `${(characters / 1e6).toFixed(1)} million characters; left out: ${JSON.stringify(leftOut)}`;
}

async function time(name: string, work: () => Promise<string>): Promise<void> {
  const began = performance.now();
  const result = await work();
  console.log(`${name}: ${((performance.now() - began) / 1000).toFixed(1)} s (${result})`);
}
