/**
 * What the base model knows, and what it can be made to recite: `npm run bench -- base MODEL CORPUS [--characters 40000]
 * [--places 200] [--priming 1000000] [--without-compressors]`. MODEL is an export, CORPUS what `npm run base -- corpus` has
 * laid out. Bits per character of held-out packages by language, beside general compressors that have read as much of the
 * language first as `--priming` says; then greedy continuations of training and held-out text, and the canaries.
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createVocabulary } from '../src/text/vocabulary';
import { createSession } from '../src/inference/session';
import { scoreDocuments } from '../src/inference/scoring';
import { graphName, readModel } from '../src/store/modelDirectory';
import { countCodePoints } from '../src/corpus/split';
import { measureCanaries } from './base/canaryExposure';
import { continueTexts } from './base/recitation';
import { joinTexts, listSample, readSample, type Sample } from './base/sample';
import { compressAfter } from './quality/compressors';

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    characters: { type: 'string', default: '40000' },
    places: { type: 'string', default: '200' },
    priming: { type: 'string', default: '1000000' },
    'without-compressors': { type: 'boolean', default: false },
  },
});
const [model = 'media/base', corpus = '.cache/base/corpus'] = positionals;

const stored = await readModel(model);
const vocabulary = createVocabulary(stored.manifest.codePoints);
const session = await createSession(stored.graphs.get(graphName)!, stored.manifest.model, vocabulary, {
  provider: 'cpu',
});
const [heldOut, training] = [listSample(join(corpus, 'heldOut')), listSample(join(corpus, 'training'))];

console.log('language | characters | bits of the network | of compressors that read as much of the language first');
const totals = { nats: 0, characters: 0 };
for (const language of heldOut.keys()) await measureLanguage(language);
console.log(`all | ${totals.characters} | ${bits(totals.nats / totals.characters)}`);

const places = Number(options.places);
for (const [name, sample] of [
  ['training', training],
  ['held out', heldOut],
] as const) {
  console.log(`continuations of ${name} text: ${JSON.stringify(await continueTexts(session, sample, places))}`);
}
for (const canary of await measureCanaries(session)) console.log(`canary: ${JSON.stringify(canary)}`);

async function measureLanguage(language: string): Promise<void> {
  const documents = readSample(heldOut.get(language)!, Number(options.characters));
  const { nats, characters } = await scoreDocuments(session, documents, () => undefined);
  totals.nats += nats * characters;
  totals.characters += characters;
  const others = options['without-compressors'] ? [] : compressed(training.get(language) ?? [], documents);
  console.log([language, characters, bits(nats), ...others].join(' | '));
}

function compressed(primingFiles: Sample, documents: ReturnType<typeof readSample>): string[] {
  const [priming, text] = [joinTexts(readSample(primingFiles, Number(options.priming))), joinTexts(documents)];
  return compressAfter(priming, text).map(
    (result) =>
      `${result.name} ${result.bits === null ? 'not installed' : (result.bits / countCodePoints(text)).toFixed(3)}`,
  );
}

function bits(nats: number): string {
  return (nats / Math.LN2).toFixed(3);
}
