// npm run bench -- training [--cells lstm,gru,rnn] [--hidden 128,256,512] [--batches 32,64,128] [--seconds 3] [--rounds 3]:
// how fast networks train here: Recur's trainer, the portable gradient, tf.layers.lstm, and PyTorch where python3 has it.
import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import * as v from 'valibot';
import { precisions } from '../src/core/configuration';
import { trainerEnvironment } from '../src/ipc/client';
import {
  embedding,
  operationsPerCharacter,
  resultSchema,
  sequence,
  taskSchema,
  vocabularySize,
  type Result,
  type Task,
} from './training/measurement';
import { measureHere } from './training/trainers';

const bundle = fileURLToPath(import.meta.url);
const root = join(dirname(bundle), '../..');
const cores = availableParallelism();

const { values: options } = parseArgs({
  options: {
    cells: { type: 'string', default: 'lstm,gru,rnn' },
    hidden: { type: 'string', default: '128,256,512' },
    batches: { type: 'string', default: '32,64,128' },
    seconds: { type: 'string', default: '3' },
    rounds: { type: 'string', default: '3' },
    task: { type: 'string' },
  },
});

if (options.task === undefined) compareAll();
else console.log(JSON.stringify(await measureHere(v.parse(taskSchema, JSON.parse(options.task)), root)));

/** A process of its own for each: threads, memory and caches are its own, and the library reads its threads at start. */
function measure(task: Task): Result {
  const environment = task.trainer === 'replicas' ? trainerEnvironment : {};
  const json = JSON.stringify({ ...task, sequence, vocabularySize, embedding });
  const command: [string, string[]] =
    task.trainer === 'torch'
      ? ['python3', [join(root, 'bench/training/pytorch.py'), json]]
      : [process.execPath, [bundle, '--task', JSON.stringify(task)]];
  const env = { ...process.env, TF_CPP_MIN_LOG_LEVEL: '3', ...environment };
  const { status, stdout, stderr } = spawnSync(...command, { env, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${task.trainer} failed: ${stderr.trim().split('\n').at(-1) ?? ''}`);
  return v.parse(resultSchema, JSON.parse(stdout.trim().split('\n').at(-1) ?? ''));
}

function compareAll(): void {
  if (spawnSync(process.execPath, [join(root, 'scripts/build.mjs')], { stdio: 'inherit' }).status !== 0)
    process.exit(1);
  const hasTorch = spawnSync('python3', ['-c', 'import torch']).status === 0;
  if (!hasTorch) console.log('python3 has no torch here: PyTorch is left out.');
  const seconds = Number(options.seconds);
  const base: Task = {
    ...{ trainer: 'peak', cell: 'lstm', hidden: 0, batch: 0, optimizer: 'adam', precision: 'float32' },
    threads: 0,
    seconds,
  };
  const peak = measure(base).gigaflops ?? 0;
  console.log(`${cores} cores, ${peak.toFixed(0)} GFLOP/s (product of 2048 x 2048 matrices, all threads)`);
  console.log(
    `windows of ${sequence}, embedding ${embedding}, vocabulary ${vocabularySize}; median of ${options.rounds}`,
  );
  for (const cell of v.parse(v.array(taskSchema.entries.cell), options.cells.split(','))) {
    for (const hidden of numbers(options.hidden)) {
      for (const batch of numbers(options.batches)) compare({ ...base, cell, hidden, batch }, peak, hasTorch);
    }
  }
}

function numbers(list: string): number[] {
  return list.split(',').map(Number);
}

/** All trainers in turn, several times: what else the machine does then meets all of them. */
function compare(task: Task, peak: number, hasTorch: boolean): void {
  const tasks = tasksFor(task, hasTorch);
  const results = new Map(tasks.map((own) => [own, [] as Result[]]));
  for (let round = 0; round < Number(options.rounds); round++) {
    for (const own of tasks) results.get(own)?.push(measure(own));
  }
  const torch = tasks.find(({ trainer }) => trainer === 'torch');
  const reference = torch && median((results.get(torch) ?? []).map((result) => result.charactersPerSecond));
  console.log(`\n${task.cell} ${task.hidden}, batch ${task.batch}`);
  for (const own of tasks) console.log(line(own, results.get(own) ?? [], peak, reference));
}

function tasksFor(task: Task, hasTorch: boolean): Task[] {
  const counts = [...new Set([1, 2, 4, 8, 16, 32, 64].filter((count) => count < cores).concat(cores))];
  const usable = counts.filter((count) => count <= task.batch);
  const all: Task = { ...task, trainer: 'replicas', threads: usable.at(-1) ?? 1 };
  return [
    ...usable.map((threads): Task => ({ ...all, threads })),
    { ...all, precision: 'bfloat16' },
    ...precisions.map((precision): Task => ({ ...all, precision, optimizer: 'muon' })),
    { ...task, trainer: 'portable' },
    ...(task.cell === 'lstm' ? [{ ...task, trainer: 'layers' as const }] : []),
    ...(hasTorch ? precisions.map((precision): Task => ({ ...task, precision, trainer: 'torch' })) : []),
  ];
}

function line(task: Task, results: readonly Result[], peak: number, reference: number | undefined): string {
  const speed = median(results.map((result) => result.charactersPerSecond));
  const gigaflops = (speed * operationsPerCharacter(task)) / 1e9;
  const megabytes = Math.max(...results.map((result) => result.peakMegabytes));
  const ratio = reference === undefined ? '' : `${(speed / reference).toFixed(2)} of PyTorch`;
  return [
    nameOf(task, results).padEnd(48),
    `${(speed / 1000).toFixed(1)} k characters/s`.padStart(22),
    `${gigaflops.toFixed(0)} GFLOP/s`.padStart(12),
    `${((100 * gigaflops) / peak).toFixed(0)} % of peak`.padStart(14),
    `${median(results.map((result) => result.coresUsed)).toFixed(2)} cores`.padStart(12),
    `${megabytes.toFixed(0)} MB`.padStart(9),
    ratio.padStart(18),
  ].join('');
}

function nameOf({ trainer, threads, optimizer, precision }: Task, results: readonly Result[]): string {
  const rounding = precision === 'float32' ? '' : `, ${precision}`;
  if (trainer === 'replicas') {
    return `Recur, ${threads} ${threads === 1 ? 'replica' : 'replicas'}, ${optimizer}${rounding}`;
  }
  if (trainer === 'portable') return 'Recur, portable gradient';
  if (trainer === 'layers') return 'tf.layers.lstm, trainOnBatch';
  return `PyTorch (${results[0]?.note ?? ''}${rounding})`;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
