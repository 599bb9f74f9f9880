import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { silentLogger } from '../../../src/core/logger';
import { createModelSlot } from '../../../src/engine/model/engineModel';
import { createProviderTrials } from '../../../src/engine/providers/providerTrials';
import { sha256Of } from '../../../src/core/sha256';
import type { Manifest } from '../../../src/store/files';
import { graphName } from '../../../src/store/modelDirectory';
import { fuzzCases } from '../../fuzzCases';
import { publish } from '../modelFolder';

const trials = createProviderTrials({
  ...{ logger: silentLogger, folder: undefined },
  probe: () => Promise.reject(new Error('Nothing is to be tried.')),
  profile: () => Promise.reject(new Error('Nothing is to be profiled.')),
});
const directory = mkdtempSync(join(tmpdir(), 'recur-damaged-'));
let model: string;
/** Every file of a model directory, as it was written. */
let whole: Map<string, Buffer>;

beforeAll(async () => {
  model = await publish(directory, 'a');
  const files = readdirSync(directory, { recursive: true, encoding: 'utf8' }).map((name) => join(directory, name));
  whole = new Map(files.filter((file) => statSync(file).isFile()).map((file) => [file, readFileSync(file)]));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** Loads the model as the engine does. @returns undefined where it is whole */
async function problemOfModel(): Promise<unknown> {
  const slot = createModelSlot(silentLogger, trials, { changed: () => undefined, lost: () => undefined });
  const problem = await slot.load({ directory, provider: 'cpu' }).then(
    () => undefined,
    (error: unknown) => error,
  );
  slot.unload();
  return problem;
}

function expectSentence(problem: unknown): void {
  if (problem === undefined) return;
  expect(problem).toMatchObject({ name: 'UserError' });
  expect((problem as Error).message).toMatch(/^[^\n]+\.$/);
}

/** What becomes of the bytes of a file: cut off, some changed, or others in its place. */
const damage = fc.oneof(
  fc.nat().map((place) => (bytes: Buffer) => bytes.subarray(0, place % (bytes.length + 1))),
  fc
    .array(fc.tuple(fc.nat(), fc.integer({ min: 1, max: 255 })), { minLength: 1, maxLength: 8 })
    .map((changes) => (bytes: Buffer) => {
      const changed = Buffer.from(bytes);
      for (const [place, bits] of changes) changed[place % bytes.length]! ^= bits;
      return changed;
    }),
  fc.uint8Array({ maxLength: 400 }).map((bytes) => () => Buffer.from(bytes)),
  fc.json().map((text) => () => Buffer.from(text)),
);

it('a model directory with a damaged file gives a model or a sentence', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(), damage, async (which, change) => {
      const [file, bytes] = [...whole][which % whole.size]!;
      writeFileSync(file, change(bytes));
      const problem = await problemOfModel();
      for (const [each, content] of whole) writeFileSync(each, content);
      expectSentence(problem);
    }),
    { numRuns: fuzzCases(60, 0.02) },
  );
});

it('a graph that was changed, with the size and hash that it says it has, gives a model or a sentence', async () => {
  await fc.assert(
    fc.asyncProperty(damage, async (change) => {
      const graph = change(whole.get(join(model, graphName))!);
      const manifest = JSON.parse(whole.get(join(model, 'manifest.json'))!.toString()) as Manifest;
      const files = [{ name: graphName, bytes: graph.length, sha256: sha256Of(graph) }];
      writeFileSync(join(model, graphName), graph);
      writeFileSync(join(model, 'manifest.json'), JSON.stringify({ ...manifest, files }));
      const problem = await problemOfModel();
      for (const [each, content] of whole) writeFileSync(each, content);
      expectSentence(problem);
    }),
    { numRuns: fuzzCases(60, 0.02) },
  );
});
