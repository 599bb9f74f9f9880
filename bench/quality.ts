/**
 * What a training gives for its time: `npm run bench -- quality [--corpora tinyshakespeare,xterm,svelte] [--minutes 3,15]
 * [--arguments '--cell gru'] [--without-compressors]`. Runs `recur train FOLDER --minutes N`, without another flag unless
 * `--arguments` has some, on fixed corpora, and sets its figures of the whole validation part beside those of a uniform and a
 * unigram guess and of general compressors, which read the training part first.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { qualityOf, type Quality } from '../src/text/metrics';
import { countCodePoints, documentsOfPart, type SplitPart } from '../src/corpus/split';
import { readCorpus } from '../src/corpus/readCorpus';
import { silentLogger } from '../src/core/logger';
import { readRunConfiguration } from '../src/store/modelDirectory';
import { compressAfter } from './quality/compressors';
import { corpora, type BenchCorpus } from './quality/corpora';
import { trainByClock } from './quality/training';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const { values: options } = parseArgs({
  options: {
    corpora: { type: 'string', default: corpora.map(({ name }) => name).join(',') },
    minutes: { type: 'string', default: '3' },
    arguments: { type: 'string', default: '' },
    'without-compressors': { type: 'boolean', default: false },
  },
});

if (spawnSync(process.execPath, [join(root, 'scripts/build.mjs')], { stdio: 'inherit' }).status !== 0) process.exit(1);
for (const name of options.corpora.split(',')) {
  const corpus = corpora.find((known) => known.name === name);
  if (corpus === undefined)
    throw new Error(`There is no corpus '${name}': ${corpora.map((known) => known.name).join(', ')}.`);
  await measureCorpus(corpus);
}

async function measureCorpus(corpus: BenchCorpus): Promise<void> {
  // Outside of the project, whose git ignores what lies in .cache.
  const temporary = mkdtempSync(join(tmpdir(), 'recur-quality-'));
  const [folder, out] = [join(temporary, 'corpus'), join(temporary, 'model')];
  try {
    mkdirSync(folder);
    corpus.fill(folder, root);
    console.log(`\n${corpus.name} (${corpus.about})`);
    const extra = options.arguments.split(' ').filter((argument) => argument !== '');
    const trainings = options.minutes.split(',').map((minutes) => trainByClock(root, folder, out, minutes, extra));
    const { run, baselines } = trainings[0]!;
    const texts = await readParts(folder, out, run);
    console.log(`${texts.training.length} characters to train on, ${texts.validationCharacters} to validate on`);
    printRow('', 'seconds', 'steps', 'nats', 'bits per character', 'perplexity');
    printQuality('uniform', baselines.uniform);
    printQuality('unigram', baselines.unigram);
    for (const { minutes, seconds, steps, validation } of trainings) {
      printQuality(
        `recur train --minutes ${minutes} ${options.arguments}`,
        validation,
        seconds.toFixed(1),
        String(steps),
      );
    }
    if (!options['without-compressors']) printCompressors(texts);
  } finally {
    rmSync(temporary, { recursive: true });
  }
}

interface Texts {
  readonly training: string;
  readonly validation: string;
  readonly validationCharacters: number;
}

/** The parts that the run trained and measured on, each as one text. */
async function readParts(folder: string, out: string, run: string): Promise<Texts> {
  const configuration = await readRunConfiguration(out, run);
  if (configuration === undefined) throw new Error(`The run ${run} has no configuration.`);
  const { documents } = await readCorpus([{ directory: folder, name: '' }], configuration.corpus, silentLogger);
  const textOf = (part: SplitPart): string =>
    documentsOfPart(documents, configuration.split, part)
      .map(({ text }) => text)
      .join('');
  const validation = textOf('validation');
  return { training: textOf('training'), validation, validationCharacters: countCodePoints(validation) };
}

function printCompressors({ training, validation, validationCharacters }: Texts): void {
  for (const { name, bits, debianPackage } of compressAfter(training, validation)) {
    if (bits === null) console.log(`${name}: not installed here (Debian's package ${debianPackage})`);
    else printQuality(name, qualityOf((bits / validationCharacters) * Math.LN2));
  }
}

function printQuality(name: string, { nats, bitsPerCharacter, perplexity }: Quality, seconds = '', steps = ''): void {
  printRow(name, seconds, steps, nats.toFixed(3), bitsPerCharacter.toFixed(3), perplexity.toFixed(2));
}

function printRow(name: string, ...figures: readonly string[]): void {
  console.log(name.padEnd(32) + figures.map((figure) => figure.padStart(Math.max(9, figure.length + 2))).join(''));
}
