import * as l10n from '@vscode/l10n';
import { readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type * as v from 'valibot';
import { readJson, temporaryPrefix } from './atomicFile';
import { manifestSchema, newerSchema, runConfigurationSchema, type Manifest } from './files';
import { listIdentifiers, paths, readCurrent, removeTemporary } from './modelDirectory';
import { withLock } from './modelLock';
import { isMissing, UserError } from '../core/errors';

/** A folder of `models/` or `runs/`: what it is, and its manifest where that is whole. */
interface Found<Content> {
  readonly id: string;
  readonly folder: string;
  readonly kind: 'whole' | 'damaged' | 'newer' | 'foreign';
  readonly content?: Content;
}

/**
 * Keeps the newest model of each of the last `keep` trainings, always the one in use, and their runs; removes older ones. What
 * a newer version of Recur has written stays, and so does what is not ours. Only the holder of the lock may call it.
 * @param spared ids of models and runs that stay beside
 */
export async function pruneModels(directory: string, keep: number, spared: readonly string[] = []): Promise<void> {
  const current = await readCurrent(directory).catch(() => undefined);
  const models = await findModels(directory);
  const latest = latestOfRuns(models).slice(-keep);
  const kept = new Set([...latest.map(({ id }) => id), ...spared, ...(current === undefined ? [] : [current])]);
  await removeAll(directory, models.filter(isOlderThan(latest[0]?.id, kept)));
  const runs = await findRuns(directory);
  const usedRuns = models.flatMap(({ id, content }) => (content !== undefined && kept.has(id) ? [content.run] : []));
  const latestRuns = runs.filter(({ kind }) => kind === 'whole').slice(-keep);
  const keptRuns = new Set([...latestRuns.map(({ id }) => id), ...usedRuns, ...spared]);
  await removeAll(directory, runs.filter(isOlderThan(latestRuns[0]?.id, keptRuns)));
}

/** Removes the exports of a run that trains, but for its newest and the model in use. Only the holder of the lock may call it. */
export async function pruneRun(directory: string, run: string): Promise<void> {
  const current = await readCurrent(directory).catch(() => undefined);
  const own = (await findModels(directory)).filter(({ content }) => content?.run === run);
  await removeAll(
    directory,
    own.slice(0, -1).filter(({ id }) => id !== current),
  );
}

/**
 * Deletes every model, run and what belongs to them, those of a newer version too; other files of the directory stay.
 * @throws UserError where a training runs in the directory
 */
export async function deleteModels(directory: string): Promise<void> {
  await withLock(directory, 'deleting', async () => {
    await rm(paths.current(directory), { force: true });
    for (const found of [await findModels(directory), await findRuns(directory)]) {
      await removeAll(
        directory,
        found.filter(({ kind }) => kind !== 'foreign'),
      );
    }
    await removeTemporary(directory);
  });
}

/**
 * Deletes a run and its models; nothing where there is none.
 * @throws UserError where its model is in use, or a training runs in the directory
 */
export async function deleteRun(directory: string, run: string): Promise<void> {
  await withLock(directory, 'deleting', async () => {
    const current = await readCurrent(directory).catch(() => undefined);
    const own = (await findModels(directory)).filter(({ content }) => content?.run === run);
    if (own.some(({ id }) => id === current)) {
      throw new UserError(l10n.t('The model of this run is in use.'), l10n.t('Use that of another run first.'));
    }
    await removeAll(directory, own);
    const runs = await findRuns(directory);
    await removeAll(
      directory,
      runs.filter(({ id, kind }) => id === run && kind !== 'foreign'),
    );
  });
}

/** The newest model of each run, the oldest run first. */
function latestOfRuns(models: readonly Found<Manifest>[]): Found<Manifest>[] {
  const whole = models.filter(({ content }) => content !== undefined);
  return whole.filter(
    ({ content }, index) => !whole.slice(index + 1).some((next) => next.content?.run === content?.run),
  );
}

/** Which folders go: those that nobody keeps; damaged ones while nothing newer is whole may be all that there is. */
function isOlderThan(oldestKept: string | undefined, kept: ReadonlySet<string>): (found: Found<unknown>) => boolean {
  return ({ id, kind }) => {
    if (kept.has(id) || kind === 'foreign' || kind === 'newer') return false;
    return kind === 'whole' || (oldestKept !== undefined && id < oldestKept);
  };
}

const modelFiles = /^(manifest\.json|[\w-]+\.onnx)$/;
const runFiles =
  /^(configuration\.json|history\.jsonl|samples\.jsonl|corpus\.json|note\.json|checkpoint-[ab]|\.tmp-.*)$/;

function findModels(directory: string): Promise<Found<Manifest>[]> {
  return findAll(paths.models(directory), 'manifest.json', manifestSchema, modelFiles);
}

function findRuns(directory: string): Promise<Found<unknown>[]> {
  return findAll(paths.runs(directory), 'configuration.json', runConfigurationSchema, runFiles);
}

async function findAll<TSchema extends v.GenericSchema>(
  parent: string,
  manifest: string,
  schema: TSchema,
  ourNames: RegExp,
): Promise<Found<v.InferOutput<TSchema>>[]> {
  const ids = await listIdentifiers(parent);
  return Promise.all(
    ids.map(async (id) => {
      const folder = join(parent, id);
      const content = await readJson(join(folder, manifest), schema).catch(() => undefined);
      if (content !== undefined) return { id, folder, kind: 'whole', content };
      const newer = await readJson(join(folder, manifest), newerSchema).catch(() => undefined);
      if (newer !== undefined) return { id, folder, kind: 'newer' };
      return { id, folder, kind: (await looksOurs(folder, ourNames)) ? 'damaged' : 'foreign' };
    }),
  );
}

/** As `newIdentifier` makes them. */
const identifier = /^\d{8}-\d{6}-[0-9a-f]{6}$/;

/** Whether a folder whose manifest is damaged was written by Recur: by its name, and as it holds nothing else. */
async function looksOurs(folder: string, ourNames: RegExp): Promise<boolean> {
  if (!identifier.test(basename(folder))) return false;
  const names = await readdir(folder).catch(() => ['unreadable']);
  return names.every((name) => ourNames.test(name));
}

async function removeAll(directory: string, folders: readonly Found<unknown>[]): Promise<void> {
  for (const { id, folder } of folders) {
    await removeWhole(folder);
    await rm(paths.calibration(directory, id), { force: true });
    await rm(paths.confidence(directory, id), { force: true });
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
