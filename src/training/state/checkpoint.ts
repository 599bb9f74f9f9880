import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ModelConfiguration } from '../../core/configuration';
import { describeError } from '../../core/errors';
import type { Logger } from '../../core/logger';
import { stateCount } from '../../core/parameters';
import { firstCodePointToken } from '../../text/vocabulary';
import { readJson, readVerified, syncDirectory, writeDurably, writeFileAtomically } from '../../store/atomicFile';
import { checkpointSchema, formatVersion, type Checkpoint } from '../../store/files';
import { paths } from '../../store/modelDirectory';
import { isFiniteSnapshot, weightsFrom, type TrainingSnapshot } from './snapshot';
import { sha256Of } from '../../core/sha256';

export interface Checkpoints {
  /** The newest valid checkpoint; null where there is none. */
  read(model: ModelConfiguration): Promise<TrainingSnapshot | null>;
  /**
   * Replaces the older of the two checkpoints; the other one stays valid meanwhile.
   * @returns its folder
   */
  write(snapshot: TrainingSnapshot): Promise<string>;
}

const manifestName = 'manifest.json';

/**
 * The two checkpoints of a run, written in turn.
 * @param run folder of the run
 */
export function createCheckpoints(run: string, logger: Logger): Checkpoints {
  const folders = paths.checkpoints(run);
  let newest: string | null = null;
  return {
    read: async (model) => {
      const found = await Promise.all(folders.map((folder) => readCheckpoint(folder, model, logger)));
      const step = (index: number): number => found[index]?.step ?? -1;
      const best = step(1) > step(0) ? 1 : 0;
      newest = found[best] === null ? null : folders[best];
      return found[best]!;
    },
    write: async (snapshot) => {
      const target = folders.find((folder) => newest !== null && folder !== newest) ?? (await olderOf(folders));
      await writeCheckpoint(target, snapshot);
      newest = target;
      return target;
    },
  };
}

/** The folder without a valid manifest, or else the one with the smaller step. */
async function olderOf(folders: readonly string[]): Promise<string> {
  const steps = await Promise.all(folders.map(async (folder) => (await readManifest(folder))?.step ?? -1));
  return folders[steps[1]! < steps[0]! ? 1 : 0]!;
}

async function readManifest(folder: string): Promise<Checkpoint | undefined> {
  return readJson(join(folder, manifestName), checkpointSchema).catch(() => undefined);
}

/** The manifest goes first and comes last: without it, what lies in the folder is no checkpoint. */
async function writeCheckpoint(folder: string, snapshot: TrainingSnapshot): Promise<void> {
  await mkdir(folder, { recursive: true });
  await rm(join(folder, manifestName), { force: true });
  await syncDirectory(folder);
  const arrays = arraysOf(snapshot);
  const files = [...arrays].map(([name, data]) => ({ name, bytes: data.length, sha256: sha256Of(data) }));
  for (const [name, data] of arrays) await writeDurably(join(folder, name), data);
  const { step, seconds, characters, epoch, window, stream, leg, best, common } = snapshot;
  const random = Object.fromEntries(Object.entries(snapshot.random).map(([name, state]) => [name, [...state]]));
  const manifest: Checkpoint = {
    formatVersion,
    ...{ step, seconds, characters, epoch, window, stream, leg, random, files },
    codePoints: [...snapshot.codePoints],
    best: { step: best.step, nats: best.nats },
    ...(common && { common: { round: common.round, step: common.step } }),
  };
  await writeFileAtomically(join(folder, manifestName), JSON.stringify(manifest));
}

const momentName = (index: number): string => `moment-${index}`;

function arraysOf({ weights, average, best, state, moments, common }: TrainingSnapshot): Map<string, Uint8Array> {
  const shared: [string, Float32Array][] =
    common === null
      ? []
      : [
          ['common', common.weights],
          ['outer', common.momentum],
        ];
  return new Map([
    ['weights', bytesOf([weights.values])],
    ['average', bytesOf([average])],
    ['best', bytesOf([best.weights.values])],
    ['state', bytesOf(state)],
    ...moments.map((values, index): [string, Uint8Array] => [momentName(index), bytesOf([values])]),
    ...shared.map(([name, values]): [string, Uint8Array] => [name, bytesOf([values])]),
  ]);
}

/** Little-endian float32, as every platform that TensorFlow runs on holds them. */
function bytesOf(arrays: readonly Float32Array[]): Uint8Array {
  return Buffer.concat(
    arrays.map(({ buffer, byteOffset, byteLength }) => new Uint8Array(buffer, byteOffset, byteLength)),
  );
}

async function readCheckpoint(
  folder: string,
  model: ModelConfiguration,
  logger: Logger,
): Promise<TrainingSnapshot | null> {
  try {
    const manifest = await readJson(join(folder, manifestName), checkpointSchema);
    if (manifest === undefined) return null;
    const snapshot = await readSnapshot(folder, manifest, model);
    if (!isFiniteSnapshot(snapshot)) throw new Error(`${folder} holds values that are not finite.`);
    return snapshot;
  } catch (error) {
    logger.warn(`A checkpoint is left aside: ${describeError(error)}`);
    return null;
  }
}

async function readSnapshot(
  folder: string,
  manifest: Checkpoint,
  model: ModelConfiguration,
): Promise<TrainingSnapshot> {
  const { files, best, leg, step, seconds, characters, epoch, window, stream, random, codePoints } = manifest;
  const read = async (name: string): Promise<Float32Array> => {
    const file = files.find((candidate) => candidate.name === name);
    if (file === undefined) throw new Error(`${folder} has no '${name}'.`);
    return floatsOf(await readVerified(join(folder, name), file.bytes, file.sha256));
  };
  const size = codePoints.length + firstCodePointToken;
  const momentCount = files.filter(({ name }) => name.startsWith('moment-')).length;
  const moments = await Promise.all(Array.from({ length: momentCount }, (_, index) => read(momentName(index))));
  const weights = weightsFrom(model, size, await read('weights'));
  // Version 0.1.0 wrote none.
  const hasAverage = files.some(({ name }) => name === 'average');
  const readValues = async (name: string): Promise<Float32Array> => weightsFrom(model, size, await read(name)).values;
  const { common } = manifest;
  return {
    ...{ step, seconds, characters, epoch, window, stream, random, leg, codePoints },
    weights,
    average: hasAverage ? await readValues('average') : weights.values,
    common: common ? { ...common, weights: await readValues('common'), momentum: await readValues('outer') } : null,
    moments: moments.map((values) => weightsFrom(model, size, values).values),
    state: splitState(model, await read('state')),
    best: { ...best, weights: weightsFrom(model, size, await read('best')) },
  };
}

function splitState({ cell, layers }: ModelConfiguration, values: Float32Array): Float32Array[] {
  const count = layers * stateCount(cell);
  const length = values.length / count;
  return Array.from({ length: count }, (_, index) => values.slice(index * length, (index + 1) * length));
}

/** A copy, since a file's bytes need not be aligned. */
function floatsOf(bytes: Uint8Array): Float32Array {
  const aligned = new Uint8Array(bytes.length);
  aligned.set(bytes);
  return new Float32Array(aligned.buffer);
}
