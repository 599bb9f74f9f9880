/**
 * How fast networks run on each execution provider: `npm run bench -- inference [--provider NAME] [--network lstm-1x256]
 * [--seconds 1]`, without network. For each one that works here: microseconds a character for a single step and for 64 characters drawn
 * greedily; characters a second for prefixes of 64 to 4,096 and for scoring 1 to 1,024 texts side by side; the same networks in
 * PyTorch where python3 can import it. Logits must agree with the CPU's to 1e-3, and the greedy continuations of 20 pieces of this
 * repository by the base model must be the same as the CPU's float32 ones: else it ends with exit code 1.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { compareWithCpu } from '../src/inference/agreement';
import { openGraph, type CheckedGraph } from '../src/inference/checkedGraph';
import { layersElsewhere } from '../src/inference/profile';
import { reasonOf } from '../src/inference/providerTrial';
import { providersHere } from '../src/inference/runtime';
import { createSession, zeroState, type ModelSession, type State } from '../src/inference/session';
import { stepGraph } from '../src/onnx/stepGraph';
import { graphName, readModel } from '../src/store/modelDirectory';
import { createVocabulary, encode } from '../src/text/vocabulary';
import { randomNetwork } from './inference/randomNetwork';

const networks = [
  ['lstm', 256, 1],
  ['lstm', 512, 1],
  ['lstm', 512, 2],
  ['lstm', 1024, 1],
  ['gru', 512, 1],
  ['rnn', 512, 1],
] as const;
const prefixes = [64, 256, 1_024, 4_096];
const batches = [1, 4, 16, 64, 256, 1_024];
/** Of each text in one run. */
const scoredSteps = 32;
const drawn = 64;
const greedyPrefixes = 20;
const tolerance = 1e-3;

const { values: options } = parseArgs({
  options: {
    provider: { type: 'string' },
    network: { type: 'string' },
    seconds: { type: 'string', default: '1' },
  },
});
const seconds = Number(options.seconds);

/** As the engine opens it, with its graph for single steps. */
function networkOf(...shape: Parameters<typeof randomNetwork>): CheckedGraph {
  const network = randomNetwork(...shape);
  return { ...network, steps: stepGraph(network.bytes) };
}

/** The first run, which prepares kernels, is not counted. */
async function medianMs(run: () => Promise<unknown>): Promise<number> {
  await run();
  const times: number[] = [];
  for (const endMs = performance.now() + 1_000 * seconds; times.length < 3 || performance.now() < endMs;) {
    const startMs = performance.now();
    await run();
    times.push(performance.now() - startMs);
  }
  return times.sort((a, b) => a - b)[times.length >> 1]!;
}

interface Drawn {
  readonly token: number;
  /** How far the two largest logits are apart: where that is less than rounding, any of the two is right. */
  readonly margin: number;
}

function mostProbable(logits: Float32Array): Drawn {
  let [best, second] = [0, -Infinity];
  for (let token = 1; token < logits.length; token++) {
    if (logits[token]! <= logits[best]!) second = Math.max(second, logits[token]!);
    else [best, second] = [token, logits[best]!];
  }
  return { token: best, margin: logits[best]! - second };
}

async function drawGreedily(session: ModelSession, prefix: Int32Array): Promise<Drawn[]> {
  let { logits, state } = await session.run(prefix, 1, zeroState(session.model));
  const characters = [mostProbable(logits.subarray(-session.vocabulary.size))];
  while (characters.length < drawn) {
    ({ logits, state } = await session.step(Int32Array.of(characters.at(-1)!.token), state));
    characters.push(mostProbable(logits));
  }
  return characters;
}

/** What onnxruntime and PyTorch are measured by alike. */
interface Speeds {
  readonly stepMicroseconds: number;
  /** Of each character. */
  readonly drawnMicroseconds: number;
  /** Characters a second by the length of a prefix. */
  readonly read: Readonly<Record<string, number>>;
  /** Characters a second by the number of texts side by side. */
  readonly scored: Readonly<Record<string, number>>;
}

async function measure(session: ModelSession): Promise<Speeds> {
  let state: State = zeroState(session.model);
  const stepMs = await medianMs(async () => ({ state } = await session.step(Int32Array.of(5), state)));
  const drawnMs = await medianMs(() => drawGreedily(session, Int32Array.of(5)));
  const read: Record<string, number> = {};
  for (const length of prefixes) {
    const ms = await medianMs(() => session.run(new Int32Array(length).fill(5), 1, zeroState(session.model)));
    read[length] = (1_000 * length) / ms;
  }
  const scored: Record<string, number> = {};
  for (const width of batches) {
    const ids = new Int32Array(width * scoredSteps).fill(5);
    const ms = await medianMs(() => session.run(ids, width, zeroState(session.model, width)));
    scored[width] = (1_000 * ids.length) / ms;
  }
  return { stepMicroseconds: 1e3 * stepMs, drawnMicroseconds: (1e3 * drawnMs) / drawn, read, scored };
}

function print({ stepMicroseconds, drawnMicroseconds, read, scored }: Speeds): void {
  const list = (speeds: Readonly<Record<string, number>>): string =>
    Object.entries(speeds)
      .map(([size, perSecond]) => `${size}: ${Math.round(perSecond).toLocaleString('en')}`)
      .join(', ');
  console.log(
    `  ${stepMicroseconds.toFixed(0)} µs a step, ${drawnMicroseconds.toFixed(0)} µs a character of ${drawn} drawn`,
  );
  console.log(`  characters a second, prefixes of ${list(read)}`);
  console.log(`  characters a second, texts side by side ${list(scored)}`);
}

/** Whether everything that must hold did. */
async function check(graph: CheckedGraph, provider: string): Promise<boolean> {
  const { cell, layers, hidden } = graph.model;
  console.log(`${cell} ${layers}x${hidden} on ${provider}`);
  try {
    const elsewhere = await layersElsewhere(graph, provider);
    if (elsewhere !== undefined) {
      console.log(`  ${elsewhere}`);
      return cell === 'rnn' && provider !== 'cuda';
    }
    const { largest, difference } = await compareWithCpu(graph, provider, { steps: 200, batch: 4 });
    const agrees = difference < tolerance;
    const verdict = agrees ? 'agree' : 'DIFFER';
    console.log(
      `  logits up to ${largest.toFixed(1)} differ from the CPU's by ${difference.toExponential(1)}: ${verdict}`,
    );
    const session = await openGraph(graph, provider);
    print(await measure(session));
    await session.release();
    return agrees;
  } catch (error) {
    console.log(`  ${reasonOf(error)}`);
    return false;
  }
}

/** Greedy texts of the base model, on the CPU and on a provider. */
async function checkTexts(provider: string): Promise<boolean> {
  const { graphs, manifest } = await readModel('media/base');
  const [bytes, vocabulary] = [graphs.get(graphName)!, createVocabulary(manifest.codePoints)];
  const text = readFileSync('bench/inference.ts', 'utf8');
  const textsOn = async (own: string): Promise<Drawn[][]> => {
    const session = await createSession(bytes, manifest.model, vocabulary, { provider: own });
    const texts: Drawn[][] = [];
    for (let index = 1; index <= greedyPrefixes; index++) {
      const prefix = encode(vocabulary, text.slice(0, Math.floor((index * text.length) / (greedyPrefixes + 1))));
      texts.push(await drawGreedily(session, Int32Array.from(prefix)));
    }
    await session.release();
    return texts;
  };
  const [expected, actual] = [await textsOn('cpu'), await textsOn(provider)];
  const differences = expected.flatMap((characters, index) => {
    const at = characters.findIndex(({ token }, place) => token !== actual[index]![place]!.token);
    return at < 0 ? [] : [{ index, at, margin: characters[at]!.margin }];
  });
  const same = greedyPrefixes - differences.length;
  console.log(
    `base model on ${provider}: ${same} of ${greedyPrefixes} greedy texts of ${drawn} characters as on the CPU`,
  );
  for (const { index, at, margin } of differences) {
    console.log(
      `  text ${index + 1} differs from character ${at + 1} on, where two are ${margin.toExponential(1)} apart`,
    );
  }
  // Two that are nearer than rounding may change places.
  return differences.every(({ margin }) => margin < tolerance);
}

function measurePyTorch(chosen: typeof networks | (typeof networks)[number][]): void {
  const request = JSON.stringify({ networks: chosen, prefixes, batches, steps: scoredSteps, drawn, seconds });
  const { status, stdout, stderr } = spawnSync('python3', ['bench/inference/pytorch.py', request], {
    encoding: 'utf8',
  });
  if (status !== 0) {
    console.log(`PyTorch: ${stderr.trim().split('\n').at(-1) ?? 'no python3'}`);
    return;
  }
  for (const line of stdout.trim().split('\n')) {
    const { name, ...speeds } = JSON.parse(line) as Speeds & { name: string };
    console.log(name);
    print(speeds);
  }
}

console.log(`${cpus()[0]?.model ?? 'unknown processor'}, load ${loadavg()[0]!.toFixed(1)} on ${cpus().length} cores`);
const chosen = networks.filter(([cell, hidden, layers]) =>
  [undefined, `${cell}-${layers}x${hidden}`].includes(options.network),
);
let failures = 0;
for (const provider of options.provider === undefined ? await providersHere() : [options.provider]) {
  try {
    await (await openGraph(networkOf('lstm', 256, 1), provider)).release();
  } catch (error) {
    console.log(`${provider} does not work here: ${reasonOf(error)}`);
    if (options.provider !== undefined) failures++;
    continue;
  }
  for (const [cell, hidden, layers] of chosen) {
    if (!(await check(networkOf(cell, hidden, layers), provider))) failures++;
  }
  if (!(await checkTexts(provider))) failures++;
}
measurePyTorch(chosen);
console.log(failures === 0 ? 'Everything holds.' : `${failures} checks failed.`);
process.exit(failures === 0 ? 0 : 1);
