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
import { compareWithCpu } from '../src/inference/agreement';
import type { CheckedGraph } from '../src/inference/checkedGraph';
import { layersElsewhere } from '../src/inference/profile';
import { tryProvider } from '../src/inference/providerTrial';
import { randomNetwork } from './inference/randomNetwork';

const steps = 200;
const batch = 4;
const tolerance = 1e-3;

const { values } = parseArgs({ options: { provider: { type: 'string' } } });

/** Whether everything that must hold did. */
async function check(graph: CheckedGraph, provider: string): Promise<boolean> {
  const { cell, hidden, layers } = graph.model;
  const elsewhere = await layersElsewhere(graph, provider);
  const { largest, difference } = await compareWithCpu(graph, provider, { steps, batch });
  const agrees = difference < tolerance;
  const { detail } = await tryProvider(graph, provider);
  console.log(`${cell} ${layers}x${hidden}`);
  console.log(`  ${elsewhere ?? 'Its recurrent nodes ran on it.'}`);
  console.log(
    `  logits up to ${largest.toFixed(1)} differ from the CPU's by ${difference.toExponential(1)} at most: ${agrees ? 'agree' : 'DIFFER'}`,
  );
  console.log(`  ${detail}`);
  return elsewhere === undefined && agrees;
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
  randomNetwork('lstm', 256, 1),
  randomNetwork('lstm', 512, 2),
  randomNetwork('gru', 256, 1),
  randomNetwork('gru', 512, 2),
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
