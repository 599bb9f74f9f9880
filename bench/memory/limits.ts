/** The memory at its full size against its limits: what it costs to build, to hold and to ask, and the engine around it. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { defaultCorpus, maxMemoryCharacters } from '../../src/core/configuration';
import type { SourceDocument } from '../../src/text/document';
import { silentLogger } from '../../src/core/logger';
import { buildVocabulary, encodeDocument, encodeHeader, type Vocabulary } from '../../src/text/vocabulary';
import { chooseNearest } from '../../src/corpus/nearestFiles';
import { readCorpus } from '../../src/corpus/readCorpus';
import { createDocumentMemory, typeToken } from '../../src/memory/documentMemory';
import { createLanguageMemory, type LanguageMemory } from '../../src/memory/languageMemory';
import { initialWeights } from '../../src/memory/memoryWeights';
import { buffersOf, buildWorkspaceMemory } from '../../src/memory/workspaceMemory';
import { startEngine } from '../../src/ipc/client';
import { trainedModel } from '../completion/trainedModel';
import { packageFolder } from '../packageFolder';
import { bytesOf } from './bytes';

const sources = ['typescript/lib', 'eslint/lib', '@types/node', 'globby', 'valibot', '@eslint-community/eslint-utils'];
const askedCharacters = 50_000;
const cpuMs = (): number => process.cpuUsage().user / 1000;

/** Sources of installed packages, and as many copies in other letters as it takes to fill the memory. */
export async function measureLimits(): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'recur-memory-limits-'));
  try {
    const texts = await packageTexts();
    const asked = texts.filter((_, index) => index % 10 === 0);
    await writeUntilFull(
      texts.filter((_, index) => index % 10 > 0),
      directory,
    );
    const { documents } = await readCorpus([{ directory, name: '' }], defaultCorpus, silentLogger, undefined, (found) =>
      chooseNearest(found, '', maxMemoryCharacters),
    );
    measureIndex(documents, asked);
    await measureEngine(directory, null, documents);
    await measureEngine(directory, trainedModel('3'), documents);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function packageTexts(): Promise<SourceDocument[]> {
  const read = sources.map((name) =>
    readCorpus([{ directory: packageFolder(name), name }], defaultCorpus, silentLogger),
  );
  const corpora = await Promise.all(read);
  return corpora.flatMap(({ documents }, index) =>
    documents
      .filter(({ path }) => /\.[cm]?[jt]s$/.test(path))
      .map(({ path, text }) => ({ path: `${sources[index]!}/${path}`, text })),
  );
}

async function writeUntilFull(texts: readonly SourceDocument[], directory: string): Promise<void> {
  for (let turn = 0, written = 0; written < 1.1 * maxMemoryCharacters; turn++) {
    for (const { path, text } of texts) {
      const target = join(directory, String(turn), path);
      await mkdir(dirname(target), { recursive: true });
      await writeFile(
        target,
        text.replaceAll(/[a-z]/g, (letter) => String.fromCharCode(97 + ((letter.charCodeAt(0) - 97 + turn) % 26))),
      );
      written += text.length;
    }
  }
}

function measureIndex(documents: readonly SourceDocument[], asked: readonly SourceDocument[]): void {
  const vocabulary = buildVocabulary(
    documents.map(({ text }) => text),
    2000,
  );
  const startMs = cpuMs();
  const workspace = buildWorkspaceMemory(vocabulary, documents);
  const secondsPer = (cpuMs() - startMs) / 1000 / (workspace.chains.length / 2.5e6);
  console.log(
    `\nlimits, with ${(workspace.chains.length / 1e6).toFixed(1)} M characters in ${documents.length} files:`,
  );
  limit('built, seconds per 2.5 M characters', secondsPer, 1.5);
  const { chains, code } = workspace;
  const tables = bytesOf([...chains.heads, ...code.index.heads]);
  const bytes = bytesOf(buffersOf(workspace)) - tables;
  limit(`bytes per character beside ${(tables / 1e6).toFixed(1)} MB of tables`, bytes / chains.length, 26);
  for (const alsoMixed of [false, true]) {
    const memory = createLanguageMemory(vocabulary, workspace, initialWeights());
    limit(
      `microseconds for a character asked${alsoMixed ? ' and mixed' : ''}`,
      microseconds(memory, vocabulary, asked, alsoMixed),
      40,
    );
  }
}

/** Processor time of one question, the typing of the character included. */
function microseconds(
  memory: LanguageMemory,
  vocabulary: Vocabulary,
  asked: readonly SourceDocument[],
  alsoMixed: boolean,
): number {
  const logits = new Float32Array(vocabulary.size);
  const encoded = asked.map(({ path, text }) => ({
    path,
    header: encodeHeader(vocabulary, path),
    tokens: encodeDocument(vocabulary, path, text),
  }));
  let characters = 0;
  const startMs = cpuMs();
  for (const { path, header, tokens } of encoded) {
    const document = createDocumentMemory(vocabulary.size, header);
    for (let end = header.length; end < tokens.length && characters < askedCharacters; end++, characters++) {
      memory.predict(tokens, end, document, path);
      if (alsoMixed) memory.mix(logits, 0);
      typeToken(document, tokens[end]!);
    }
  }
  return ((cpuMs() - startMs) * 1000) / characters;
}

/** With a long document open, which was completed at its end. @param model folder; null: the memory alone */
async function measureEngine(
  directory: string,
  model: string | null,
  documents: readonly SourceDocument[],
): Promise<void> {
  const engine = startEngine({ entry: join(process.cwd(), 'dist/engine.js'), logger: silentLogger });
  try {
    const startMs = performance.now();
    const memory = { folders: [{ directory, name: '' }], corpus: defaultCorpus, patient: false };
    await engine.remote.load({ directory: model, provider: 'cpu', memory });
    await engine.remote.memoryReady();
    const name = model === null ? 'the engine without a network' : 'the engine with an LSTM of 1x512';
    console.log(`${name} has read, scanned and indexed it in ${((performance.now() - startMs) / 1000).toFixed(1)} s`);
    const text = longText(documents);
    await engine.remote.openDocument({ uri: 'long', path: 'long.ts', version: 1, text });
    await engine.remote.complete({ uri: 'long', version: 1, offset: text.length, maxCharacters: 64 });
    // The document is read as a whole meanwhile.
    await sleep(30_000);
    limit('resident MB of the engine', (await residentBytes()) / 1e6, 600);
  } finally {
    engine.dispose();
  }
}

/** The beginning of all files, of 200,000 characters. */
function longText(documents: readonly SourceDocument[]): string {
  let text = '';
  for (const document of documents) if (text.length < 200_000) text += document.text;
  return text.slice(0, 200_000);
}

/** Of the engine that this process has started. */
async function residentBytes(): Promise<number> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-ww', '-o', 'ppid=,rss=,args=']);
  const own = stdout
    .split('\n')
    .find((line) => line.trim().startsWith(`${process.pid} `) && line.includes('engine.js'));
  return Number(own?.trim().split(/\s+/)[1]) * 1024;
}

function limit(name: string, value: number, most: number): void {
  const verdict = value <= most ? 'kept' : 'MISSED';
  console.log(`${name.padEnd(52)}${value.toFixed(2).padStart(8)}, at most ${most}: ${verdict}`);
}
