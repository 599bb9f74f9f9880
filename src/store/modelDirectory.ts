import * as l10n from '@vscode/l10n';
import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type * as v from 'valibot';
import { describeError, UserError, isMissing } from '../core/errors';
import {
  exists,
  readJson,
  readVerified,
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
import { sha256Of } from '../core/sha256';

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
  samples: (run: string): string => join(run, 'samples.jsonl'),
  /** Two, written in turn. */
  checkpoints: (run: string): readonly [string, string] => [join(run, 'checkpoint-a'), join(run, 'checkpoint-b')],
  /** What it has read. */
  corpusReport: (run: string): string => join(run, 'corpus.json'),
  /** What its user calls it. */
  runNote: (run: string): string => join(run, 'note.json'),
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
  /** Sentences: why it was taken in place of others. */
  readonly problems: readonly string[];
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
 * The folder of the model to use, as {@link readModel} finds it.
 * @param directory the folder with `current.json`, or one export
 * @throws UserError where there is no model, or none that is whole
 */
export async function findModel(directory: string): Promise<string> {
  return (await readModel(directory)).directory;
}

/** The id in `current.json`; undefined where nothing was exported yet. @throws Error where the file is damaged */
export async function readCurrent(directory: string): Promise<string | undefined> {
  return (await readJson(paths.current(directory), currentSchema))?.model;
}

/** The manifest of an export; undefined where the folder has none. @throws Error where it is damaged or newer */
export async function readManifest(exportDirectory: string): Promise<Manifest | undefined> {
  return readJson(join(exportDirectory, 'manifest.json'), manifestSchema);
}

/** The id of the model to load, without reading it whole; undefined where there is none. */
export async function modelToLoad(directory: string): Promise<string | undefined> {
  const { current, damage } = await readDamageable(directory);
  if (damage !== undefined) return (await listIdentifiers(paths.models(directory))).at(-1);
  return current ?? (await readManifest(directory))?.id;
}

async function readDamageable(directory: string): Promise<{ current?: string | undefined; damage?: string }> {
  try {
    return { current: await readCurrent(directory) };
  } catch (error) {
    return { damage: describeError(error) };
  }
}

/**
 * Reads the model in use, or where that is damaged the newest that is whole; nothing of it reaches native code unchecked.
 * @param directory the folder with `current.json`, or one export
 * @param check what else a model must hold to be whole; throws with a sentence where it does not
 * @throws UserError where there is no model, or none that is whole
 */
export async function readModel(
  directory: string,
  check: (model: StoredModel) => void = () => undefined,
): Promise<StoredModel> {
  const { current, damage } = await readDamageable(directory);
  const problems = damage === undefined ? [] : [damage];
  for (const folder of await candidates(directory, current, damage !== undefined)) {
    try {
      const model = await readExport(folder);
      const whole = { ...model, problems };
      check(whole);
      return whole;
    } catch (error) {
      problems.push(describeError(error));
    }
  }
  const [first] = problems;
  if (first === undefined) {
    throw new UserError(l10n.t`There is no model in ${directory}.`, l10n.t('Train one first, or name another folder.'));
  }
  throw new UserError(l10n.t`The model cannot be used: ${first}`, l10n.t('Train again, or delete it.'));
}

/** Folders of the exports to try, in order. */
async function candidates(directory: string, current: string | undefined, isDamaged: boolean): Promise<string[]> {
  if (current === undefined && !isDamaged) {
    return (await exists(join(directory, 'manifest.json'))) ? [directory] : [];
  }
  const others = (await listIdentifiers(paths.models(directory))).filter((id) => id !== current).reverse();
  return [...(current === undefined ? [] : [current]), ...others].map((id) => paths.model(directory, id));
}

async function readExport(folder: string): Promise<Omit<StoredModel, 'problems'>> {
  const manifest = await readManifest(folder);
  if (manifest === undefined) throw new Error(`${folder} holds no manifest.`);
  const graphs = new Map<string, Uint8Array>();
  for (const { name, bytes, sha256 } of manifest.files) {
    if (basename(name) !== name) throw new Error(`${folder} names a file outside itself.`);
    graphs.set(name, await readVerified(join(folder, name), bytes, sha256));
  }
  if (!graphs.has(graphName)) throw new Error(`${folder} holds no ${graphName}.`);
  return { directory: folder, manifest, graphs };
}

/** What {@link writeModel} adds to a manifest. */
type PublishedManifest = Omit<Manifest, 'formatVersion' | 'files'>;

/**
 * Writes an export and makes it the model in use. A reader, and whoever starts after a crash at any moment, sees the old
 * model or the new one.
 * @returns the export's folder
 */
export async function publishModel(
  directory: string,
  manifest: PublishedManifest,
  graphs: ReadonlyMap<string, Uint8Array>,
): Promise<string> {
  const target = await writeModel(directory, manifest, graphs);
  await setCurrent(directory, manifest.id);
  return target;
}

/** Makes an export the model in use. Only the holder of the lock may call it. */
export async function setCurrent(directory: string, id: string): Promise<void> {
  await writeFileAtomically(paths.current(directory), JSON.stringify({ model: id }));
}

/**
 * Writes an export under a temporary name and renames it; the model in use stays.
 * @returns the export's folder
 */
export async function writeModel(
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

/**
 * The configuration of the run that made an export, from the folder layout around it; undefined where it is gone or of no use.
 * @param tell told what is damaged
 */
export async function readRunOfModel(
  model: StoredModel,
  tell: (problem: string) => void = () => undefined,
): Promise<RunConfiguration | undefined> {
  try {
    return await readRunConfiguration(dirname(dirname(model.directory)), model.manifest.run);
  } catch (error) {
    tell(describeError(error));
    return undefined;
  }
}

/** What an export may bring along that was fitted elsewhere: for where nothing can be fitted, as beside the base model. */
const shipped = { calibration: 'calibration.json', confidence: 'confidence.json' } as const;

/** The calibration of a model; undefined where there is none, or none of use. */
export async function readCalibration(model: StoredModel): Promise<Calibration | undefined> {
  return readFirst([calibrationPath(model), join(model.directory, shipped.calibration)], calibrationSchema);
}

async function readFirst<Schema extends v.GenericSchema>(
  files: readonly string[],
  schema: Schema,
): Promise<v.InferOutput<Schema> | undefined> {
  for (const file of files) {
    const found = await readJson(file, schema).catch(() => undefined);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Keeps the calibration of a model beside it; it can be made again at any time. */
export async function writeCalibration(
  model: StoredModel,
  calibration: Readonly<Omit<Calibration, 'formatVersion'>>,
): Promise<void> {
  await writeFileAtomically(calibrationPath(model), JSON.stringify({ formatVersion, ...calibration }));
}

/** What confidence means for a model; undefined where that was not fitted, or is of no use. */
export async function readConfidence(model: StoredModel): Promise<Confidence | undefined> {
  return readFirst([confidencePath(model), join(model.directory, shipped.confidence)], confidenceSchema);
}

/** Keeps what was fitted beside a model; it can be made again at any time. */
export async function writeConfidence(
  model: StoredModel,
  confidence: Omit<Confidence, 'formatVersion'>,
): Promise<void> {
  await writeFileAtomically(confidencePath(model), JSON.stringify({ formatVersion, ...confidence }));
}

function calibrationPath({ directory, manifest }: StoredModel): string {
  return paths.calibration(dirname(dirname(directory)), manifest.id);
}

function confidencePath({ directory, manifest }: StoredModel): string {
  return paths.confidence(dirname(dirname(directory)), manifest.id);
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
