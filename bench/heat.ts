/**
 * How long a heat map takes: `npm run bench -- heat [--model FOLDER | --hidden 256] [--lines 5000] [--times 3] [--source FOLDER]
 * [--alone]`. The document is so many lines of the folder's TypeScript, read by the engine as the editor asks for it: fifty lines
 * in its middle, all of it, and both again after an edit there. `--alone` starts no second reader. Of the processor's time
 * less is other work's; the second reader's is not in it.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { silentLogger } from '../src/core/logger';
import { createEngineDocuments } from '../src/engine/documents/engineDocuments';
import { documentHeat } from '../src/engine/surprise/documentHeat';
import { startSecondReader, type SecondReader } from '../src/engine/surprise/secondReader';
import { openGraph } from '../src/inference/checkedGraph';
import { unhurried } from '../src/inference/readPrefix';
import { createVocabulary } from '../src/text/vocabulary';
import { readModel, graphName } from '../src/store/modelDirectory';
import { randomNetwork } from './inference/randomNetwork';

const { values } = parseArgs({
  options: {
    model: { type: 'string', default: 'media/base' },
    hidden: { type: 'string' },
    lines: { type: 'string', default: '5000' },
    times: { type: 'string', default: '3' },
    source: { type: 'string', default: 'src' },
    alone: { type: 'boolean', default: false },
  },
});

async function graph() {
  if (values.hidden !== undefined) return randomNetwork('lstm', Number(values.hidden), 1);
  const { manifest, graphs } = await readModel(values.model);
  return { bytes: graphs.get(graphName)!, model: manifest.model, vocabulary: createVocabulary(manifest.codePoints) };
}

const files = readdirSync(values.source, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
const lines = files.sort().flatMap((name) => readFileSync(join(values.source, name), 'utf8').split('\n'));
const text = `${lines.slice(0, Number(values.lines)).join('\n')}\n`;
const lineAt = (line: number): number => lines.slice(0, line).reduce((sum, each) => sum + each.length + 1, 0);
const middle = Math.floor(Math.min(lines.length, Number(values.lines)) / 2);
const part = { from: lineAt(middle), to: lineAt(middle + 50) };
const network = await graph();
const session = await openGraph(network, 'cpu');
const startSecond = (): SecondReader => startSecondReader(network, 'cpu', resolve('dist/reader.js'), silentLogger);
console.log(`${text.length} characters; ${session.model.cell} ${session.model.layers}x${session.model.hidden}`);

for (let time = 0; time < Number(values.times); time++) {
  const documents = createEngineDocuments(silentLogger);
  const uri = `file:///${time}.ts`;
  documents.open({ uri, path: `${time}.ts`, version: 1, text });
  const document = documents.find(uri)!;
  const seconds: string[] = [];
  const heat = async (name: string, version: number, asked?: typeof part): Promise<void> => {
    const [startMs, cpuStart] = [performance.now(), process.cpuUsage()];
    const request = { uri, version, ...(asked && { part: asked }) };
    const found = await documentHeat(session, document, request, unhurried(), values.alone ? undefined : startSecond);
    const words = found.kind === 'heat' ? found.words.length : 0;
    const { user, system } = process.cpuUsage(cpuStart);
    const [wall, cpu] = [performance.now() - startMs, (user + system) / 1000].map((ms) => (ms / 1000).toFixed(2));
    seconds.push(`${name} ${wall} s (${cpu} s of the processor, ${words} words)`);
  };
  await heat('seen', 1, part);
  await heat('whole', 1);
  documents.change({ uri, fromVersion: 1, version: 2, edits: [{ offset: part.from, length: 0, text: 'x' }] });
  await heat('seen after an edit', 2, part);
  await heat('whole after an edit', 2);
  console.log(seconds.join('; '));
}
await session.release();
