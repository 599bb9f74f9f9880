import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { silentLogger } from '../../../src/core/logger';
import { readCorpus } from '../../../src/corpus/readCorpus';
import { defaultCorpus } from '../../../src/core/configuration';
import { createSession } from '../../../src/inference/session';
import { scoreDocuments } from '../../../src/inference/scoring';
import { importModel } from '../../../src/onnx/importModel';
import { keptConfidence } from '../../../src/engine/calibrating/confidenceFitting';
import { keptWeights } from '../../../src/engine/measuring/memoryEvaluation';
import { baseModelDirectory } from '../../../src/store/baseModel';
import { graphName, readModel, type StoredModel } from '../../../src/store/modelDirectory';
import { createVocabulary } from '../../../src/text/vocabulary';

/** Sources that no base model has read: our own. */
const ownSources = join(import.meta.dirname, '../../../src/text');

let stored: StoredModel;

beforeAll(async () => {
  stored = await readModel(baseModelDirectory(join(import.meta.dirname, '../../../dist')));
});

describe('the base model that the extension brings with it', () => {
  it('is whole, small, and of a shape that completes in time', () => {
    expect(stored.problems).toEqual([]);
    expect(stored.manifest.model).toEqual({ cell: 'lstm', hidden: 512, layers: 1, embedding: 64 });
    expect(stored.manifest.codePoints.length).toBeLessThanOrEqual(400);
    expect(stored.graphs.get(graphName)!.length).toBeLessThanOrEqual(6_000_000);
  });

  it('has weights that a training can start from', () => {
    const { model, codePoints } = stored.manifest;
    const { values } = importModel(stored.graphs.get(graphName)!, model, createVocabulary(codePoints).size);
    expect(values.every(Number.isFinite)).toBe(true);
  });

  it('brings along how far it can be trusted beside a memory, for the mixture as it is now', async () => {
    expect(await keptWeights(stored)).toBeDefined();
    expect(await keptConfidence({ stored }, 'both')).toBeDefined();
  });

  it('knows code that it has never read', async () => {
    const vocabulary = createVocabulary(stored.manifest.codePoints);
    const session = await createSession(stored.graphs.get(graphName)!, stored.manifest.model, vocabulary, {
      provider: 'cpu',
    });
    const folders = [{ directory: ownSources, name: 'text' }];
    const { documents } = await readCorpus(folders, defaultCorpus, silentLogger);
    const { bitsPerCharacter } = await scoreDocuments(session, documents, () => undefined);
    await session.release();
    // Letter frequencies need about five, and a network with random weights needs nine.
    expect(bitsPerCharacter).toBeLessThan(2.6);
  });
});
