import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentLogger } from '../../../src/core/logger';
import { createModelSlot } from '../../../src/engine/model/engineModel';
import { createProviderTrials } from '../../../src/engine/providers/providerTrials';
import { ModelProtoSchema, StringStringEntryProtoSchema, type ModelProto } from '../../../src/onnx/generated/onnx_pb';
import { sha256Of } from '../../../src/core/sha256';
import type { Manifest } from '../../../src/store/files';
import { graphName } from '../../../src/store/modelDirectory';
import { livelyWeights } from '../../inference/testSession';
import { publish } from '../modelFolder';

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'recur-lying-'));
});

afterEach(() => rm(directory, { recursive: true, force: true }));

/** None of these models gets as far as trying anything. */
const trials = createProviderTrials({
  ...{ logger: silentLogger, folder: undefined },
  probe: () => Promise.reject(new Error('Nothing is to be tried.')),
  profile: () => Promise.reject(new Error('Nothing is to be profiled.')),
});
const newSlot = () => createModelSlot(silentLogger, trials, { changed: () => undefined, lost: () => undefined });

const load = (): Promise<unknown> =>
  newSlot()
    .load({ directory, provider: 'cpu' })
    .catch((error: unknown) => error);

async function changeManifest(folder: string, change: (manifest: Manifest) => object): Promise<void> {
  const path = join(folder, 'manifest.json');
  const manifest = JSON.parse(await readFile(path, 'utf8')) as Manifest;
  await writeFile(path, JSON.stringify({ ...manifest, ...change(manifest) }));
}

/** Another graph, which the manifest gives the right size and hash. */
async function putGraph(folder: string, bytes: Uint8Array): Promise<void> {
  await writeFile(join(folder, graphName), bytes);
  await changeManifest(folder, () => ({ files: [{ name: graphName, bytes: bytes.length, sha256: sha256Of(bytes) }] }));
}

async function changeGraph(
  folder: string,
  change: (graph: NonNullable<ModelProto['graph']>, model: ModelProto) => void,
) {
  const model = fromBinary(ModelProtoSchema, await readFile(join(folder, graphName)));
  change(model.graph!, model);
  await putGraph(folder, toBinary(ModelProtoSchema, model));
}

type Lie = (folder: string) => Promise<void>;
const lies: Record<string, Lie> = {
  'another width': (folder) => changeManifest(folder, ({ model }) => ({ model: { ...model, hidden: 16 } })),
  'a width beyond all memory': (folder) =>
    changeManifest(folder, ({ model }) => ({ model: { ...model, hidden: 8192, layers: 16 } })),
  'another cell': (folder) => changeManifest(folder, ({ model }) => ({ model: { ...model, cell: 'gru' } })),
  'fewer characters': (folder) => changeManifest(folder, ({ codePoints }) => ({ codePoints: codePoints.slice(5) })),
  'no graph': (folder) => putGraph(folder, Buffer.from('nothing of the kind')),
  'no file of the graph': (folder) => rm(join(folder, graphName)),
  'an empty graph': (folder) => putGraph(folder, Buffer.alloc(0)),
  'a torn graph': async (folder) => {
    const bytes = await readFile(join(folder, graphName));
    await putGraph(folder, bytes.subarray(0, bytes.length >> 1));
  },
  'an operator that does not exist': (folder) =>
    changeGraph(folder, ({ node }) => {
      node[0]!.opType = 'NoSuchOperator';
    }),
  'another domain': (folder) =>
    changeGraph(folder, ({ node }) => {
      node[0]!.domain = 'com.example';
    }),
  'an operator set that does not exist': (folder) =>
    changeGraph(folder, (_, { opsetImport }) => {
      opsetImport[0]!.version = 999n;
    }),
  'no outputs': (folder) =>
    changeGraph(folder, (graph) => {
      graph.output = [];
    }),
  'a circle': (folder) =>
    changeGraph(folder, ({ node }) => {
      node[0]!.input[0] = node.at(-1)!.output[0]!;
    }),
  'weights in another file': (folder) =>
    changeGraph(folder, ({ initializer }) => {
      const location = create(StringStringEntryProtoSchema, { key: 'location', value: '/etc/passwd' });
      initializer[0]!.externalData.push(location);
    }),
  'ten gigabytes': async (folder) => {
    const bytes = 10_000_000_000;
    await truncate(join(folder, graphName), bytes);
    await changeManifest(folder, ({ files: [file] }) => ({ files: [{ ...file, bytes }] }));
  },
  'a claim of ten gigabytes': (folder) =>
    changeManifest(folder, ({ files: [file] }) => ({ files: [{ ...file, bytes: 10_000_000_000 }] })),
  'a file outside its folder': (folder) =>
    changeManifest(folder, ({ files: [file] }) => ({ files: [{ ...file, name: '../../../../etc/passwd' }] })),
  'a newer version': (folder) => changeManifest(folder, () => ({ formatVersion: 999 })),
  'dimensions beyond all memory': (folder) =>
    changeGraph(folder, ({ initializer }) => {
      initializer.forEach((tensor) => (tensor.dims[0] = 2n ** 40n));
    }),
};

describe('a model that lies', () => {
  it.each(Object.keys(lies))('is refused in a sentence: %s', async (name) => {
    await lies[name]!(await publish(directory, 'a'));
    const error = await load();
    expect(error).toMatchObject({ name: 'UserError' });
    const { message } = error as Error;
    expect(message).toMatch(/^The model cannot be used: [^\n]+\.$/);
    // No error number of the system, and no place or type of somebody else's source.
    expect(message).not.toMatch(/\bE[A-Z]{3,}\b|::|_src|In Node,/);
  });

  it.each([NaN, Infinity, 1e38])('is refused where its weights are %s', async (value) => {
    const weights = livelyWeights();
    await publish(directory, 'a', { ...weights, values: weights.values.map(() => value) });
    expect(await load()).toMatchObject({
      name: 'UserError',
      message: expect.stringMatching(/^The model cannot be used: .*finite/) as string,
    });
  });

  it('is refused where a single weight is no number', async () => {
    const weights = livelyWeights();
    weights.values[7] = NaN;
    await publish(directory, 'a', weights);
    expect(await load()).toMatchObject({ name: 'UserError', message: expect.stringContaining('finite') as string });
  });

  it('is passed over for one before it that is sound', async () => {
    const sound = await publish(directory, 'a');
    const weights = livelyWeights();
    await publish(directory, 'b', { ...weights, values: weights.values.map(() => NaN) });
    const loaded = await newSlot().load({ directory, provider: 'cpu' });
    expect(loaded.stored.directory).toBe(sound);
    expect(loaded.stored.problems[0]).toContain('Its weights are not finite numbers.');
    await loaded.session.release();
  });
});
