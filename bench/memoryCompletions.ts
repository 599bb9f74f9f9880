/**
 * What the memory does for completions: `npm run bench -- memoryCompletions MODEL [PLACES]`, after `npm run build`. At seeded
 * places of the files of the model's test part, each file cut off at the place as if it were being typed, the engine completes
 * the line; how often that is exactly what stands there, by the network alone and with a memory of the training part.
 */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { defaultCompletions, defaultCorpus } from '../src/core/configuration';
import { silentLogger } from '../src/core/logger';
import { startEngine, type EngineClient } from '../src/ipc/client';
import { documentsOfSplit } from '../src/engine/measuring/heldOutDocuments';
import { copyTrainingPart, runOf } from './completion/heldOut';
import { chooseLinePlaces } from './completion/linePlaces';

const [model = '.recur', wanted = '200'] = process.argv.slice(2);
const shortestText = 500;

const run = await runOf(model);
const test = (await documentsOfSplit(run, 'test', silentLogger)).filter(({ text }) => text.length > shortestText);
const places = chooseLinePlaces(test, Number(wanted));

async function measure(engine: EngineClient, name: string): Promise<void> {
  let [exact, confident, right] = [0, 0, 0];
  const milliseconds: number[] = [];
  for (const [index, { path, before, expected }] of places.entries()) {
    const uri = `file:///${index}`;
    const request = { uri, version: 1, offset: before.length, maxCharacters: 80, minimumConfidence: 0 };
    await engine.remote.openDocument({ uri, path, version: 1, text: before });
    // The first one reads the file; what is typed into is warm.
    await engine.remote.complete(request);
    const answer = await engine.remote.complete(request);
    await engine.remote.closeDocument(uri);
    if (answer.kind !== 'completion') continue;
    const { text, confidence } = answer.completion;
    milliseconds.push(answer.completion.milliseconds);
    if (text === expected) exact++;
    if (confidence < defaultCompletions.minimumConfidence) continue;
    confident++;
    if (text === expected) right++;
  }
  milliseconds.sort((a, b) => a - b);
  const share = (part: number, whole: number): string => `${((100 * part) / whole).toFixed(1)} %`;
  const at = (quantile: number): string => milliseconds[Math.floor(quantile * milliseconds.length)]?.toFixed(1) ?? '-';
  console.log(
    `${name}: rest of line exactly right ${share(exact, places.length)}; confident enough to be offered whole` +
      ` ${share(confident, places.length)}, of those right ${share(right, confident)}; p50 ${at(0.5)} ms, p95 ${at(0.95)} ms`,
  );
}

const directory = await copyTrainingPart(run);
const engine = startEngine({ entry: join(process.cwd(), 'dist/engine.js'), logger: silentLogger });
try {
  await engine.remote.load({ directory: model, provider: 'cpu' });
  await measure(engine, 'network');
  const memory = { folders: [{ directory, name: 'training' }], corpus: defaultCorpus, patient: false };
  await engine.remote.load({ directory: model, provider: 'cpu', memory });
  await engine.remote.memoryReady();
  await measure(engine, 'both   ');
} finally {
  engine.dispose();
  await rm(directory, { recursive: true, force: true });
}
