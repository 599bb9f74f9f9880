import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { UserError } from '../core/errors';
import {
  isMissing,
  readJson,
  readVerified,
  sha256Of,
  syncDirectory,
  temporaryPrefix,
  writeDurably,
  writeFileAtomically,
} from './atomicFile';
import {
  calibrationSchema,
  confidenceSchema,
  currentSchema,
  formatVersion,
  manifestSchema,
  runConfigurationSchema,
  type Calibration,
  type Confidence,
  type Manifest,
  type RunConfiguration,
} from './files';

/** The graph of an export. */
export const graphName = 'model.onnx';

/** Where things lie in a model directory. */
export const paths = {
  current: (directory: string): string => join(directory, 'current.json'),
  models: (directory: string): string => join(directory, 'models'),
  model: (directory: string, id: string): string => join(directory, 'models', id),
  runs: (directory: string): string => join(directory, 'runs'),
  run: (directory: string, id: string): string => join(directory, 'runs', id),
  runConfiguration: (run: string): string => join(run, 'configuration.json'),
  history: (run: string): string => join(run, 'history.jsonl'),
  calibrations: (directory: string): string => join(directory, 'calibration'),
  calibration: (directory: string, id: string): string => join(directory, 'calibration', `${id}.json`),
  confidence: (directory: string, id: string): string => join(directory, 'calibration', `${id}.confidence.json`),
  lock: (directory: string): string => join(directory, 'lock'),
};

/** A model read back: its manifest, and its graphs by name, each checked against the recorded size and hash. */
export interface StoredModel {
  /** The export's own folder. */
  readonly directory: string;
  readonly manifest: Manifest;
  readonly graphs: ReadonlyMap<string, Uint8Array>;
}

/**
 * A name that sorts by time, after all that are there: `20260131-235959-1a2b3c`. Where the clock was set back it goes on from
 * the newest of them.
 * @param existing such names, the newest one last
 */
export function newIdentifier(existing: readonly string[], now = new Date()): string {
  const [, ...newest] = /^(\d{4})(\d\d)(\d\d)-(\d\d)(\d\d)(\d\d)-/.exec(existing.at(-1) ?? '')?.map(Number) ?? [];
  const [year = 0, month = 1, date = 1, hours = 0, minutes = 0, seconds = 0] = newest;
  const afterNewest = Date.UTC(year, month - 1, date, hours, minutes, seconds + 1);
  const [day = '', time = ''] = new Date(Math.max(now.getTime(), afterNewest)).toISOString().split('T');
  return `${day.replaceAll('-', '')}-${time.slice(0, 8).replaceAll(':', '')}-${randomUUID().slice(0, 6)}`;
}

/**
 * The folder of the export in use.
 * @param directory the folder with `current.json`, or one export
 * @throws UserError where there is no model
 */
export async function findModel(directory: string): Promise<string> {
  const current = await readCurrent(directory);
  if (current !== undefined) return paths.model(directory, current);
  const manifest = await readManifest(directory);
  if (manifest !== undefined) return directory;
  throw new UserError(`There is no model in ${directory}.`, 'Train one first, or name another folder.');
}

/** The id in `current.json`; undefined where nothing was exported yet. */
export async function readCurrent(directory: string): Promise<string | undefined> {
  return (await readJson(paths.current(directory), currentSchema))?.model;
}

/** The manifest of an export; undefined where the folder has none. */
export async function readManifest(exportDirectory: string): Promise<Manifest | undefined> {
  return readJson(join(exportDirectory, 'manifest.json'), manifestSchema);
}

/**
 * Reads a whole model; nothing of it reaches native code unchecked.
 * @throws UserError where there is no model or it is damaged
 */
export async function readModel(directory: string): Promise<StoredModel> {
  const model = await findModel(directory);
  try {
    const manifest = await readManifest(model);
    if (manifest === undefined) throw new Error(`${model} holds no manifest.`);
    const graphs = new Map<string, Uint8Array>();
    for (const { name, bytes, sha256 } of manifest.files) {
      if (basename(name) !== name) throw new Error(`${model} names a file outside itself.`);
      graphs.set(name, await readVerified(join(model, name), bytes, sha256));
    }
    if (!graphs.has(graphName)) throw new Error(`${model} holds no ${graphName}.`);
    return { directory: model, manifest, graphs };
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    throw new UserError(`The model cannot be used: ${detail}`, 'Train again, or delete it.');
  }
}

/** What {@link publishModel} adds to a manifest. */
type PublishedManifest = Omit<Manifest, 'formatVersion' | 'files'>;

/**
 * Writes an export under a temporary name, renames it and makes it the model in use. A reader, and whoever starts
 * after a crash at any moment, sees the old model or the new one.
 * @returns the export's folder
 */
export async function publishModel(
  directory: string,
  manifest: PublishedManifest,
  graphs: ReadonlyMap<string, Uint8Array>,
): Promise<string> {
  const temporary = join(paths.models(directory), `${temporaryPrefix}${manifest.id}`);
  const target = paths.model(directory, manifest.id);
  try {
    await writeExport(temporary, manifest, graphs);
  } catch (error) {
    // On a full disk every byte counts.
    await rm(temporary, { recursive: true, force: true });
    throw error;
  }
  await rename(temporary, target);
  await syncDirectory(paths.models(directory));
  await writeFileAtomically(paths.current(directory), JSON.stringify({ model: manifest.id }));
  return target;
}

async function writeExport(
  folder: string,
  manifest: PublishedManifest,
  graphs: ReadonlyMap<string, Uint8Array>,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const files = [...graphs].map(([name, data]) => ({ name, bytes: data.length, sha256: sha256Of(data) }));
  for (const [name, data] of graphs) await writeDurably(join(folder, name), data);
  const whole: Manifest = { formatVersion, ...manifest, files };
  await writeDurably(join(folder, 'manifest.json'), JSON.stringify(whole));
  await syncDirectory(folder);
}

/** The configuration of the run with this id; undefined where it is gone. */
export async function readRunConfiguration(directory: string, run: string): Promise<RunConfiguration | undefined> {
  return readJson(paths.runConfiguration(paths.run(directory, run)), runConfigurationSchema);
}

/** The configuration of the run that made an export, from the folder layout around it. */
export async function readRunOfModel(model: StoredModel): Promise<RunConfiguration | undefined> {
  return readRunConfiguration(dirname(dirname(model.directory)), model.manifest.run);
}

/** The calibration of a model; undefined where there is none, or none of use. */
export async function readCalibration(model: StoredModel): Promise<Calibration | undefined> {
  return readJson(calibrationPath(model), calibrationSchema).catch(() => undefined);
}

/** Keeps the calibration of a model beside it; it can be made again at any time. */
export async function writeCalibration(
  model: StoredModel,
  { trust, exponents }: Pick<Calibration, 'trust' | 'exponents'>,
): Promise<void> {
  await writeFileAtomically(calibrationPath(model), JSON.stringify({ formatVersion, trust, exponents }));
}

/** What confidence means for a model; undefined where that was not fitted, or is of no use. */
export async function readConfidence({ directory, manifest }: StoredModel): Promise<Confidence | undefined> {
  const path = paths.confidence(dirname(dirname(directory)), manifest.id);
  return readJson(path, confidenceSchema).catch(() => undefined);
}

/** Keeps what was fitted beside a model; it can be made again at any time. */
export async function writeConfidence(
  { directory, manifest }: StoredModel,
  confidence: Omit<Confidence, 'formatVersion'>,
): Promise<void> {
  const path = paths.confidence(dirname(dirname(directory)), manifest.id);
  await writeFileAtomically(path, JSON.stringify({ formatVersion, ...confidence }));
}

function calibrationPath({ directory, manifest }: StoredModel): string {
  return paths.calibration(dirname(dirname(directory)), manifest.id);
}

/** Names of the folders in one of ours, `models/` or `runs/` for instance, the oldest first. */
export async function listIdentifiers(parent: string): Promise<string[]> {
  try {
    const entries = await readdir(parent, { withFileTypes: true });
    const folders = entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith(temporaryPrefix));
    return folders.map((entry) => entry.name).sort();
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

/** Removes what a killed process left half written. Only the holder of the lock may call it. */
export async function removeTemporary(directory: string): Promise<void> {
  const runs = (await listIdentifiers(paths.runs(directory))).map((id) => paths.run(directory, id));
  const inRuns = await Promise.all(
    runs.map(async (run) => [run, ...(await listIdentifiers(run)).map((name) => join(run, name))]),
  );
  const parents = [directory, paths.models(directory), paths.runs(directory), paths.calibrations(directory)];
  for (const parent of [...parents, ...inRuns.flat()]) {
    const names = await readdir(parent).catch(() => []);
    const temporary = names.filter((name) => name.startsWith(temporaryPrefix));
    await Promise.all(temporary.map((name) => rm(join(parent, name), { recursive: true, force: true })));
  }
}

/** Keeps the newest `keep` exports and runs, always the model in use and its run; removes the older ones. */
export async function pruneModels(directory: string, keep: number): Promise<void> {
  const current = await readCurrent(directory);
  const models = await listIdentifiers(paths.models(directory));
  const kept = new Set([...models.slice(-keep), ...(current === undefined ? [] : [current])]);
  await removeOurs(models.filter((id) => !kept.has(id)).map((id) => paths.model(directory, id)));
  const usedRuns = await Promise.all(
    [...kept].map(async (id) => (await readManifest(paths.model(directory, id)))?.run),
  );
  const runs = await listIdentifiers(paths.runs(directory));
  const keptRuns = new Set([...runs.slice(-keep), ...usedRuns]);
  await removeOurs(runs.filter((id) => !keptRuns.has(id)).map((id) => paths.run(directory, id)));
}

/** Deletes every model, run and what belongs to them; other files of the directory stay. */
export async function deleteModels(directory: string): Promise<void> {
  await rm(paths.current(directory), { force: true });
  for (const id of await listIdentifiers(paths.models(directory))) await removeOurs([paths.model(directory, id)]);
  for (const id of await listIdentifiers(paths.runs(directory))) await removeOurs([paths.run(directory, id)]);
  await removeTemporary(directory);
}

/** Removes folders, but only those that hold a manifest of ours. */
async function removeOurs(folders: readonly string[]): Promise<void> {
  for (const folder of folders) {
    const model = await readManifest(folder).catch(() => undefined);
    const run = await readJson(paths.runConfiguration(folder), runConfigurationSchema).catch(() => undefined);
    if (model !== undefined || run !== undefined) await removeWhole(folder);
    if (model === undefined) continue;
    for (const path of [paths.calibration, paths.confidence]) {
      await rm(path(dirname(dirname(folder)), model.id), { force: true });
    }
  }
}

/** Under a temporary name first: of a folder whose removal was cut short nobody could tell any more that it is ours. */
async function removeWhole(folder: string): Promise<void> {
  const temporary = join(dirname(folder), `${temporaryPrefix}${basename(folder)}`);
  try {
    await rename(folder, temporary);
  } catch (error) {
    if (isMissing(error)) return; // somebody else is removing it
    throw error;
  }
  await rm(temporary, { recursive: true, force: true });
}
