/**
 * How long completions take: `npm run bench -- completion [--model DIR] [--minutes 3] [--places 40] [--lines 5000] [--training]
 * [--editor]`.
 * A writer types at seeded places of a long held-out file, 10 characters a second, and a completion is asked for after every
 * key, of the engine that the editor uses, with a memory of the training part. Without `--model` an LSTM of 1x512 is trained
 * on node_modules/eslint/lib and kept in .cache. `--training` has a training run meanwhile. `--editor` types in a real VS Code
 * instead, and measures what its user waits for.
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { defaultCorpus } from '../src/core/configuration';
import { silentLogger } from '../src/core/logger';
import { createRandom } from '../src/core/random';
import { lineEnd, lineStart } from '../src/text/textOffsets';
import { startEngine, type EngineClient } from '../src/ipc/client';
import type { CompletionAnswer, CompletionTiming } from '../src/protocol/engine';
import { buildBundles } from './completion/bundles';
import { distribution, printTimings } from './completion/distribution';
import { copyTrainingPart, longFile, runOf } from './completion/heldOut';
import { trainedModel, trainingArguments } from './completion/trainedModel';

const keysPerPlace = 10;
const keyMs = 100;
const maxCharacters = 64;
const coldFiles = 5;

const { values: options } = parseArgs({
  options: {
    model: { type: 'string' },
    minutes: { type: 'string', default: '3' },
    places: { type: 'string', default: '40' },
    lines: { type: 'string', default: '5000' },
    training: { type: 'boolean', default: false },
    editor: { type: 'boolean', default: false },
  },
});

/** What one request took. */
interface Sample {
  readonly roundTripMs: number;
  readonly answer: CompletionAnswer;
}

/** The document of the writer, as the engine has it. */
interface Writer {
  readonly text: () => string;
  /** Replaces text and asks for a completion behind the new one. */
  key(offset: number, length: number, text: string): Promise<Sample>;
}

async function openWriter(engine: EngineClient, path: string, start: string, cursor: number): Promise<Writer> {
  const uri = `file:///${path}`;
  let text = start;
  let version = 1;
  await engine.remote.openDocument({ uri, path, version, text, cursor });
  return {
    text: () => text,
    async key(offset, length, inserted) {
      const startMs = performance.now();
      text = text.slice(0, offset) + inserted + text.slice(offset + length);
      const edits = [{ offset, length, text: inserted }];
      void engine.remote.changeDocument({ uri, fromVersion: version, version: ++version, edits });
      const request = { uri, version, offset: offset + inserted.length, maxCharacters };
      const answer = await engine.remote.complete(request);
      return { roundTripMs: performance.now() - startMs, answer };
    },
  };
}

/** Offsets inside lines, with something to write. */
function choosePlaces(text: string, count: number): number[] {
  const random = createRandom(7);
  const places: number[] = [];
  while (places.length < count) {
    const offset = random.integer(text.length);
    const [start, end] = [lineStart(text, offset), lineEnd(text, offset)];
    if (text.slice(start, offset).trim() !== '' && end - offset >= keysPerPlace) places.push(offset);
  }
  return places;
}

/** Removes the rest of a line and writes its first characters again, then puts the line back as it was. */
async function writeAt(writer: Writer, offset: number, samples: Sample[]): Promise<Sample> {
  const expected = writer.text().slice(offset, lineEnd(writer.text(), offset));
  const jump = await writer.key(offset, expected.length, '');
  for (let typed = 0; typed < keysPerPlace; typed++) {
    await sleep(keyMs);
    samples.push(await writer.key(offset + typed, 0, expected[typed]!));
  }
  await writer.key(offset, keysPerPlace, expected);
  return jump;
}

async function measureCold(engine: EngineClient, text: string): Promise<number[]> {
  const milliseconds: number[] = [];
  for (let file = 0; file < coldFiles; file++) {
    const offset = choosePlaces(text, coldFiles)[file]!;
    const startMs = performance.now();
    const writer = await openWriter(engine, `cold${file}.js`, text, offset);
    await writer.key(offset, lineEnd(text, offset) - offset, '');
    milliseconds.push(performance.now() - startMs);
  }
  return milliseconds;
}

async function measure(engine: EngineClient, text: string): Promise<void> {
  const lines = text.split('\n').length;
  console.log(
    `first suggestion in a cold file of ${lines} lines, ms: ${distribution(await measureCold(engine, text))}`,
  );
  const writer = await openWriter(engine, 'written.js', text, text.length >> 1);
  const samples: Sample[] = [];
  const jumps: Sample[] = [];
  for (const offset of choosePlaces(text, Number(options.places))) jumps.push(await writeAt(writer, offset, samples));
  const timingsOf = (of: readonly Sample[]): CompletionTiming[] => of.flatMap(({ answer }) => answer.timing ?? []);
  const timings = timingsOf(samples);
  /** Nothing was drawn before that what is typed stands in. */
  const isNew = ({ prefixMs }: CompletionTiming): boolean => prefixMs > 0;
  printTimings('after a key', timings);
  const roundTrips = samples.map(({ roundTripMs }) => roundTripMs);
  console.log(`    ${'from key to answer'.padEnd(28)}${distribution(roundTrips)}`);
  printTimings('after a key that nothing drawn before foresaw', timings.filter(isNew));
  const long = timings.filter((timing) => isNew(timing) && timing.characters >= maxCharacters / 4);
  // What was read before the line is drawn does not grow with it.
  const scaled = (whole: number, { prefixMs, characters }: CompletionTiming): number =>
    prefixMs + ((whole - prefixMs) * maxCharacters) / characters;
  console.log(
    `  of ${long.length} with at least ${maxCharacters / 4} characters, the drawing scaled to ${maxCharacters}:`,
  );
  console.log(`    ${'in the engine'.padEnd(28)}${distribution(long.map((own) => scaled(own.totalMs, own)))}`);
  console.log(`    ${'of the processor'.padEnd(28)}${distribution(long.map((own) => scaled(own.processorMs, own)))}`);
  printTimings('after a jump of the cursor', timingsOf(jumps));
}

/** A training beside the measurement, as the editor would start one; ends with it. */
async function startTraining(): Promise<() => void> {
  const out = mkdtempSync(join(tmpdir(), 'recur-training-'));
  const child = spawn(process.execPath, trainingArguments('60', out), { stdio: ['ignore', 'ignore', 'pipe'] });
  await new Promise((resolve) =>
    child.stderr.on('data', (data) => String(data).includes('step') && resolve(undefined)),
  );
  return () => {
    child.once('exit', () => rmSync(out, { recursive: true, force: true }));
    child.kill('SIGKILL');
  };
}

/** The same in a real VS Code, with the folder and a file in it open. */
function measureInEditor(model: string, folder: string, text: string): void {
  const file = join(folder, 'written.js');
  writeFileSync(file, text);
  const { status } = spawnSync(process.execPath, ['bench/completion/editor.mjs', model, folder, file], {
    stdio: 'inherit',
  });
  process.exitCode = status ?? 1;
}

async function measureInEngine(model: string, folder: string, text: string): Promise<void> {
  const engine = startEngine({ entry: resolve('dist/engine.js'), logger: silentLogger });
  try {
    const memory = { folders: [{ directory: folder, name: 'training' }], corpus: defaultCorpus, patient: false };
    await engine.remote.load({ directory: model, provider: 'cpu', memory });
    await engine.remote.memoryReady();
    await measure(engine, text);
  } finally {
    engine.dispose();
  }
}

buildBundles();
const model = options.model === undefined ? trainedModel(options.minutes) : resolve(options.model);
const run = await runOf(model);
const folder = await copyTrainingPart(run);
const text = await longFile(run, Number(options.lines));
const stopTraining = options.training ? await startTraining() : undefined;
try {
  if (options.editor) measureInEditor(model, folder, text);
  else await measureInEngine(model, folder, text);
} finally {
  stopTraining?.();
  rmSync(folder, { recursive: true, force: true });
}
