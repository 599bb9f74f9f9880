/**
 * Whether exported networks really run on a GPU: `npm run bench -- gpu [--provider webgpu|cuda|dml|cpu]`, without network. For an LSTM
 * and a GRU: onnxruntime's own profile must show their recurrent nodes on the provider, and the logits must agree with the
 * CPU's to 1e-3. Ends with exit code 1 where one of these fails.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { arch, cpus, platform, release } from 'node:os';
import { parseArgs } from 'node:util';
import type { Cell, ModelConfiguration } from '../src/core/configuration';
import { layoutOf } from '../src/core/parameters';
import { createRandom } from '../src/core/random';
import { createVocabulary } from '../src/core/vocabulary';
import {
  compareWithCpu,
  profileNames,
  recurrentProviders,
  tryProvider,
  type CheckedGraph,
} from '../src/inference/providers';
import { exportModel } from '../src/onnx/exportModel';

const steps = 200;
const batch = 4;
const tolerance = 1e-3;

const { values } = parseArgs({ options: { provider: { type: 'string' } } });

function networkOf(cell: Cell, hidden: number, layers: number): CheckedGraph {
  const model: ModelConfiguration = { cell, hidden, layers, embedding: 64 };
  const vocabulary = createVocabulary(Array.from({ length: 97 }, (_, index) => 32 + index));
  const layout = layoutOf(model, vocabulary.size);
  const random = createRandom(1);
  const weights = new Float32Array(layout.length);
  for (const { name, offset, size } of layout.parameters) {
    // Larger hidden weights make the network chaotic: it would blow up every rounding by itself.
    const spread = name.endsWith('hiddenWeights') ? 1 / Math.sqrt(hidden) : 0.3;
    for (let index = offset; index < offset + size; index++) weights[index] = spread * random.normal();
  }
  const network = { model, vocabularySize: vocabulary.size, layout, values: weights };
  return { bytes: exportModel(network, vocabulary, { step: 0, validation: null, test: null }), model, vocabulary };
}

/** Whether everything that must hold did. */
async function check(graph: CheckedGraph, provider: string): Promise<boolean> {
  const { cell, hidden, layers } = graph.model;
  const ran = await recurrentProviders(graph, provider);
  const onProvider = ran.length > 0 && ran.every((name) => name === profileNames[provider]);
  const { largest, difference } = await compareWithCpu(graph, provider, { steps, batch });
  const agrees = difference < tolerance;
  const { detail } = await tryProvider(graph, provider);
  console.log(`${cell} ${layers}x${hidden}`);
  console.log(`  recurrent nodes ran on ${ran.join(', ')}: ${onProvider ? 'as asked' : 'NOT AS ASKED'}`);
  console.log(
    `  logits up to ${largest.toFixed(1)} differ from the CPU's by ${difference.toExponential(1)} at most: ${agrees ? 'agree' : 'DIFFER'}`,
  );
  console.log(`  ${detail}`);
  return onProvider && agrees;
}

function versions(): Record<string, string> {
  const file = createRequire(import.meta.url).resolve('onnxruntime-node/package.json');
  const { version } = JSON.parse(readFileSync(file, 'utf8')) as { version: string };
  const query = ['--query-gpu=name,driver_version', '--format=csv,noheader'];
  const gpu = spawnSync('nvidia-smi', query, { encoding: 'utf8' });
  return {
    node: process.version,
    'onnxruntime-node': version,
    system: `${platform()} ${release()} ${arch()}, ${cpus()[0]?.model ?? 'unknown processor'}`,
    gpu: gpu.status === 0 ? gpu.stdout.trim() : 'nvidia-smi knows of none',
  };
}

/** The provider asked for, else the first GPU provider with which a session can be made. */
async function chooseGpuProvider(graph: CheckedGraph): Promise<string | undefined> {
  const candidates = values.provider === undefined ? ['cuda', 'webgpu', 'dml'] : [values.provider];
  for (const provider of candidates) {
    const { works, detail } = await tryProvider(graph, provider);
    if (works) return provider;
    console.log(`${provider} does not work here: ${detail}`);
  }
  return undefined;
}

for (const [name, version] of Object.entries(versions())) console.log(`${name}: ${version}`);
const networks = [
  networkOf('lstm', 256, 1),
  networkOf('lstm', 512, 2),
  networkOf('gru', 256, 1),
  networkOf('gru', 512, 2),
];
const provider = await chooseGpuProvider(networks[0]!);
if (provider === undefined) {
  console.error('No GPU provider works here.');
  process.exit(1);
}
console.log(`provider: ${provider}`);
let failures = 0;
for (const network of networks) if (!(await check(network, provider))) failures++;
console.log(failures === 0 ? 'Everything holds.' : `${failures} of ${networks.length} networks failed.`);
process.exit(failures === 0 ? 0 : 1);
