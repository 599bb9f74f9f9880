/**
 * The experiment of the chapters on recurrent networks of 'Dive into Deep Learning' (d2l.ai), by Recur's own modules:
 * `npm run bench -- book [--only NAME,NAME] [--epochs 500] [--seed 1]`. The first 10,000 characters of The Time Machine, letters
 * and blanks only, all of them training; batches of 32 windows of 35 characters; SGD at rate 1, weights N(0, 0.01²). Draws
 * docs/clipping.svg where the tanh network is trained with clipping and without.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { loadTensorFlow } from '../src/training/tensorflow/tensorflow';
import { drawCurves } from './book/curves';
import { perplexities, type Experiment } from './book/experiment';
import { normalizeText } from './book/text';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const characters = 10_000;

/** With the hidden units of the chapters, and the perplexity that they print. */
const experiments = [
  { name: 'rnn', cell: 'rnn', hidden: 512, batches: 'sequential', clip: 1, printed: '1.0' },
  { name: 'random', cell: 'rnn', hidden: 512, batches: 'random', clip: 1, printed: '1.5' },
  { name: 'unclipped', cell: 'rnn', hidden: 512, batches: 'sequential', clip: 0, printed: '' },
  { name: 'gru', cell: 'gru', hidden: 256, batches: 'sequential', clip: 1, printed: '1.0-1.1' },
  { name: 'lstm', cell: 'lstm', hidden: 256, batches: 'sequential', clip: 1, printed: '1.1-1.3' },
] as const;

const { values: options } = parseArgs({
  options: {
    only: { type: 'string', default: experiments.map(({ name }) => name).join(',') },
    epochs: { type: 'string', default: '500' },
    seed: { type: 'string', default: '1' },
  },
});

if (spawnSync(process.execPath, [join(root, 'scripts/build.mjs')], { stdio: 'inherit' }).status !== 0) process.exit(1);
const text = normalizeText(readFileSync(join(root, 'bench/data/timeMachine.txt'), 'utf8'), characters);
const tensorflow = await loadTensorFlow();
const results = new Map<string, readonly number[]>();
console.log(
  `${'experiment'.padEnd(12)}${['hidden', 'epochs', 'last epoch', 'best epoch', 'd2l.ai'].map(column).join('')}`,
);
for (const { printed, ...experiment } of experiments) {
  if (options.only.split(',').includes(experiment.name)) await run(experiment, printed);
}
const [clipped, unclipped] = [results.get('rnn'), results.get('unclipped')];
if (clipped !== undefined && unclipped !== undefined) {
  const curves = drawCurves('Training perplexity of the tanh network on The Time Machine', [
    { label: 'gradients clipped to norm 1', perplexities: clipped },
    { label: 'not clipped', perplexities: unclipped },
  ]);
  writeFileSync(join(root, 'docs/clipping.svg'), curves);
}

async function run(experiment: Omit<Experiment, 'epochs' | 'seed'>, printed: string): Promise<void> {
  const whole = { ...experiment, epochs: Number(options.epochs), seed: Number(options.seed) };
  const perEpoch = await perplexities(tensorflow, whole, text, root);
  results.set(experiment.name, perEpoch);
  const [last, best] = [perEpoch.at(-1) ?? NaN, Math.min(...perEpoch)].map(format);
  const figures = [String(experiment.hidden), String(perEpoch.length), last!, best!, printed];
  console.log(experiment.name.padEnd(12) + figures.map(column).join(''));
}

/** A loss that has exploded has many digits and says nothing by them. */
function format(perplexity: number): string {
  return perplexity < 1000 ? perplexity.toFixed(2) : perplexity.toExponential(0);
}

function column(figure: string): string {
  return figure.padStart(12);
}
