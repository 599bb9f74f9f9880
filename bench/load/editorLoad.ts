import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { Emitter } from 'vscode-languageserver';
import { askedByDefault, defaultCorpus } from '../../src/core/configuration';
import { describeError } from '../../src/core/errors';
import { silentLogger } from '../../src/core/logger';
import { createRandom, type Random } from '../../src/core/random';
import { createDocumentCopies, type DocumentCopies } from '../../src/editors/documentCopies';
import { createEngineHost, type EngineHost } from '../../src/editors/engineHost';
import { createFileRules } from '../../src/editors/fileRules';
import { createRunState } from '../../src/editors/runState';
import { createTrainingHost } from '../../src/editors/trainingHost';
import type { CompletionAnswer } from '../../src/protocol/engine';
import type { TrainRequest } from '../../src/protocol/trainer';
import { modelToLoad } from '../../src/store/modelDirectory';
import { openDocument, type OpenDocument } from './openDocument';
import { ownProcess } from './ownProcesses';

export interface LoadOptions {
  /** Folder of the bundles. */
  readonly dist: string;
  /** An empty folder. */
  readonly folder: string;
  readonly seconds: number;
  readonly documents: number;
  readonly editsPerSecond: number;
  /** Ends of engine and trainer, in turn, spread over the time. */
  readonly kills: number;
  readonly log: (line: string) => void;
}

/** What an editor under load has seen. */
export interface LoadFigures {
  readonly edits: number;
  readonly kills: number;
  /** From a key to its answer, in milliseconds, of keys that no end of the engine came between. */
  readonly answersMs: readonly number[];
  /** 99th percentile of what the event loop of the editor's process was late by, in milliseconds. */
  readonly loopDelayMs: number;
  /** Of the engine, in the order of time. */
  readonly engineMegabytes: readonly number[];
  /** From the end of an engine to an answer of the next one. */
  readonly recoveriesMs: readonly number[];
  /** Trainings that were killed and went on. */
  readonly goneOn: number;
  readonly trainingFailures: readonly string[];
  /** Documents of which the engine did not know what had been typed. */
  readonly lost: readonly string[];
}

const keysPerSecond = 8;
const loopResolutionMs = 5;
const newEmitter = <Value>() => new Emitter<Value>();

/** The part of an editor's process that knows no editor: documents are written in, a training runs, and its processes are killed. */
export async function runLoad(options: LoadOptions): Promise<LoadFigures> {
  const random = createRandom(5);
  const editor = openEditor(options, random);
  try {
    await editor.train({ steps: 5 });
    void editor.keepTraining();
    for (const { document } of editor.writers) await editor.copies.engineFor(document);
    const measured = await underLoad(options, editor);
    const lost = await lostIn(editor);
    return { ...measured, lost, ...editor.trainings };
  } finally {
    editor.dispose();
  }
}

interface LoadedEditor {
  readonly engines: EngineHost;
  readonly copies: DocumentCopies;
  readonly writers: readonly Writer[];
  readonly trainings: { readonly goneOn: number; readonly trainingFailures: readonly string[] };
  train(budget: TrainingBudget): Promise<void>;
  /** Lets a training go on whenever one is killed. */
  keepTraining(): Promise<void>;
  dispose(): void;
}

type TrainingBudget = TrainRequest['training']['budget'];

function openEditor({ dist, folder, documents, log }: LoadOptions, random: Random): LoadedEditor {
  const workspace = join(folder, 'workspace');
  const out = join(folder, 'models');
  const writers = writeFiles(workspace, documents, random).map((document) => createWriter(document, random));
  const folders = [{ directory: workspace, name: 'workspace' }];
  const engines = createEngineHost(
    {
      ...{ entry: join(dist, 'engine.js'), machineFolder: join(folder, 'machine'), logger: silentLogger },
      async currentModel() {
        const id = await modelToLoad(out);
        return id === undefined ? undefined : { directory: out, id };
      },
      base: () => Promise.resolve(undefined),
      provider: () => 'cpu',
      memory: () => ({ folders, corpus: defaultCorpus }),
      calibrated: () => undefined,
      report: (error) => log(describeError(error)),
    },
    newEmitter,
  );
  const copies = createDocumentCopies({
    ...{ engines, logger: silentLogger, folders: () => folders, maxLength: () => 1e6 },
    rules: createFileRules(() => []),
  });
  const trainings = { goneOn: 0, trainingFailures: [] as string[] };
  const training = createTrainingHost({
    ...{ entry: join(dist, 'trainer.js'), logger: silentLogger, run: createRunState(newEmitter) },
    exported: () => void engines.reload(),
  });
  const ending = new AbortController();
  const isOver = (): boolean => ending.signal.aborted;
  const train = async (budget: TrainingBudget): Promise<void> => {
    const resume = existsSync(join(out, 'current.json'));
    await training.train({ ...requestFor(folders, out, budget), resume });
  };
  const keepTraining = async (): Promise<void> => {
    while (!isOver()) {
      try {
        await train({ minutes: 60 });
      } catch (error) {
        if (isOver()) return;
        // Killed, as it was to be: whoever uses it lets it go on.
        if (describeError(error).includes('SIGKILL')) trainings.goneOn++;
        else trainings.trainingFailures.push(describeError(error));
        if (trainings.trainingFailures.length > 5) return;
      }
    }
  };
  return {
    ...{ engines, copies, writers, trainings, train, keepTraining },
    dispose() {
      ending.abort();
      training.dispose();
      copies.dispose();
      engines.dispose();
    },
  };
}

function requestFor(folders: TrainRequest['folders'], out: string, budget: TrainingBudget): TrainRequest {
  const model = { ...askedByDefault.model, hidden: 64, layers: 1, embedding: 32 };
  const training = { ...askedByDefault, model, budget };
  return {
    folders,
    out,
    corpus: defaultCorpus,
    training,
    resume: false,
    from: null,
    keepModels: 3,
    pauseOnBattery: false,
  };
}

/** Regular code, with names of its own in each file. */
function writeFiles(workspace: string, count: number, random: Random): OpenDocument[] {
  mkdirSync(workspace, { recursive: true });
  return Array.from({ length: count }, (_, file) => {
    const name = wordOf(random, 8);
    const lines = Array.from({ length: 40 }, (_, line) => `const ${name}${line} = compute(${file * line}, '${name}');`);
    const path = join(workspace, `file${file}.js`);
    writeFileSync(path, `${lines.join('\n')}\n`);
    return openDocument(path, `${lines.join('\n')}\n`);
  });
}

function wordOf(random: Random, length: number): string {
  return Array.from({ length }, () => String.fromCharCode(97 + random.integer(26))).join('');
}

/** Somebody who types in one document. */
interface Writer {
  readonly document: OpenDocument;
  /** What is typed first and nowhere else. */
  readonly line: string;
  /** Whether all of it was typed. */
  readonly hasTypedLine: boolean;
  /** Types the next letter. */
  type(copies: DocumentCopies): void;
}

function createWriter(document: OpenDocument, random: Random): Writer {
  const line = `const ${wordOf(random, 12)} = ${wordOf(random, 12)}(${wordOf(random, 12)});\n`;
  const others = document.text();
  let typed = 0;
  return {
    ...{ document, line },
    get hasTypedLine() {
      return typed >= line.length;
    },
    type(copies) {
      // Behind its own line whoever types goes on with what the file holds already.
      const letter = typed < line.length ? line[typed] : others[(typed - line.length) % others.length];
      typed++;
      copies.changed(document, [document.edit(document.text().length, 0, letter!)]);
    },
  };
}

type Measured = Omit<LoadFigures, 'lost' | 'goneOn' | 'trainingFailures'>;

async function underLoad(options: LoadOptions, editor: LoadedEditor): Promise<Measured> {
  const { seconds, editsPerSecond, kills: wanted } = options;
  const { engines, copies, writers } = editor;
  // Whoever looks at one document types there; something else writes in all the others, as replacing in all files does.
  const [typist, ...others] = writers as [Writer, ...Writer[]];
  const delay = monitorEventLoopDelay({ resolution: loopResolutionMs });
  const answersMs: number[] = [];
  const recoveriesMs: number[] = [];
  const engineMegabytes: number[] = [];
  let [edits, kills, engineKilledAtMs] = [0, 0, -Infinity];
  const startMs = performance.now();
  const elapsed = (): number => (performance.now() - startMs) / 1_000;
  const isOver = (): boolean => elapsed() > seconds;

  async function write(): Promise<void> {
    const all = seconds * editsPerSecond;
    while (edits < all) {
      for (const due = Math.min(all, elapsed() * editsPerSecond); edits < due; edits++) {
        others[edits % others.length]!.type(copies);
      }
      await sleep(5);
    }
  }

  async function ask(): Promise<void> {
    while (!isOver()) {
      typist.type(copies);
      const keyMs = performance.now();
      const isAnswered = await answers(typist.document, copies);
      // What an end of the engine came between is counted as a recovery.
      if (isAnswered && keyMs > engineKilledAtMs) answersMs.push(performance.now() - keyMs);
      await sleep(1_000 / keysPerSecond);
    }
  }

  async function killEngine(pid: number): Promise<void> {
    const restarted = new Promise<void>((resolve) => {
      const subscription = engines.onDidRestart(() => {
        subscription.dispose();
        resolve();
      });
    });
    const killedAtMs = (engineKilledAtMs = performance.now());
    process.kill(pid, 'SIGKILL');
    await restarted;
    while (!(await answers(typist.document, copies))) await sleep(5);
    recoveriesMs.push(performance.now() - killedAtMs);
    engineKilledAtMs = performance.now();
  }

  async function kill(): Promise<void> {
    for (let number = 1; number <= wanted; number++) {
      await sleep(Math.max(0, (number * seconds) / (wanted + 1) - elapsed()) * 1_000);
      const bundle = number % 2 === 1 ? 'engine' : 'trainer';
      const found = await ownProcess(bundle);
      if (found === undefined) continue;
      kills++;
      if (bundle === 'engine') await killEngine(found.pid);
      else process.kill(found.pid, 'SIGKILL');
    }
  }

  async function watchMemory(): Promise<void> {
    while (!isOver()) {
      const engine = await ownProcess('engine');
      if (engine !== undefined) engineMegabytes.push(Math.round(engine.megabytes));
      await sleep(1_000);
    }
  }

  delay.enable();
  await Promise.all([write(), ask(), kill(), watchMemory()]);
  delay.disable();
  const loopDelayMs = Math.max(0, delay.percentile(99) / 1e6 - loopResolutionMs);
  return { edits, kills, answersMs, recoveriesMs, engineMegabytes, loopDelayMs };
}

/** Whether the engine has an answer at the end of a document, be it that there is nothing to offer. */
async function answers(document: OpenDocument, copies: DocumentCopies): Promise<boolean> {
  const answer = await completed(document, copies, 0.5).catch(() => undefined);
  return answer !== undefined && !(answer.kind === 'none' && answer.reason !== 'nothing to offer');
}

async function completed(
  document: OpenDocument,
  copies: DocumentCopies,
  minimumConfidence: number,
): Promise<CompletionAnswer | undefined> {
  const engine = await copies.engineFor(document);
  if (engine === undefined) return undefined;
  const request = () => ({
    ...{ uri: document.uri, version: document.version, offset: document.text().length },
    ...{ maxCharacters: 80, minimumConfidence },
  });
  const answer = await engine.complete(request());
  if (answer.kind !== 'none' || answer.reason !== 'resend') return answer;
  copies.resend(document, engine);
  return engine.complete(request());
}

/** Files of the documents of which the engine does not know what was typed first: its beginning is typed again. */
async function lostIn({ writers, copies }: LoadedEditor): Promise<string[]> {
  const lost: string[] = [];
  for (const { document, line } of writers.filter(({ hasTypedLine }) => hasTypedLine)) {
    const begun = line.slice(0, 12);
    copies.changed(document, [document.edit(document.text().length, 0, `\n${begun}`)]);
    let answer: CompletionAnswer | undefined;
    while (answer === undefined || (answer.kind === 'none' && answer.reason !== 'nothing to offer')) {
      await sleep(5);
      answer = await completed(document, copies, 0).catch(() => undefined);
    }
    const text = answer.kind === 'none' ? '' : answer.completion.text;
    if (!text.startsWith(line.slice(12, 18))) lost.push(`${document.file}: ${line.trim()} went on as '${text}'`);
  }
  return lost;
}
