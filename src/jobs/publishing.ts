import { join } from 'node:path';
import { readFile } from 'node:fs/promises';
import { UserError } from '../core/errors';
import { sha256Of } from '../core/sha256';
import { paths, readModel } from '../store/modelDirectory';
import { TemporaryError, type ObjectStore } from '../objectStore/objectStore';
import { manifestSchema } from '../store/files';
import { keys } from './keys';
import {
  parseStored,
  readStored,
  resultSchema,
  storeVersion,
  toJson,
  versionsSchema,
  type JobResult,
  type PublishedVersion,
} from './storedFiles';

/** Tries to move a pointer; each time that it fails somebody else has succeeded. */
const mostTries = 100;

/** The versions of a model, the one in use last; none where it was never published. */
async function readVersions(
  store: ObjectStore,
  name: string,
): Promise<{ versions: readonly PublishedVersion[]; tag: string | undefined }> {
  const stored = await readStored(store, keys.versions(name), versionsSchema);
  return { versions: stored?.content.versions ?? [], tag: stored?.tag };
}

/** What a job has trained; undefined where it has not ended yet. */
export async function readResult(store: ObjectStore, job: string): Promise<JobResult | undefined> {
  return (await readStored(store, keys.result(job), resultSchema))?.content;
}

/**
 * Puts an export into the store and makes it the job's result, unless another worker has been first with this job.
 * @param model folder of the export, in a model directory with its run
 * @returns the result that counts
 */
export async function keepResult(
  store: ObjectStore,
  model: string,
  result: Omit<JobResult, 'formatVersion' | 'manifest' | 'configuration' | 'trainedAt'>,
): Promise<JobResult> {
  const stored = await readModel(model);
  const run = paths.run(join(model, '..', '..'), stored.manifest.run);
  const [manifest, configuration] = await Promise.all([
    readFile(join(model, 'manifest.json')),
    readFile(paths.runConfiguration(run)),
  ]);
  for (const data of [...stored.graphs.values(), configuration, manifest]) await keepObject(store, result.name, data);
  const kept: JobResult = {
    formatVersion: storeVersion,
    ...result,
    trainedAt: stored.manifest.createdAt,
    manifest: sha256Of(manifest),
    configuration: sha256Of(configuration),
  };
  await store.movePointer(keys.result(result.job), toJson(kept), undefined);
  return (await readResult(store, result.job)) ?? kept;
}

async function keepObject(store: ObjectStore, name: string, data: Uint8Array): Promise<void> {
  const key = keys.object(name, sha256Of(data));
  if (!(await store.has(key))) await store.write(key, data);
}

/**
 * Publishes what a job has trained, once, however often and by however many this is called.
 * @param keep versions that stay, at least 2; what belongs to older ones only is removed
 * @throws UserError where it was published and removed again
 */
export async function publishResult(store: ObjectStore, result: JobResult, keep: number): Promise<PublishedVersion> {
  const { name, job, source, trainedAt, manifest, configuration } = result;
  for (let tries = 0; tries < mostTries; tries++) {
    const { versions, tag } = await readVersions(store, name);
    const own = versions.find((version) => version.job === job);
    if (own !== undefined) return own;
    if (!(await store.has(keys.object(name, manifest)))) {
      throw new UserError(
        `The model of the job ${job} is in ${store.name} no more.`,
        "It was published, and newer versions have taken its place: to train it again, give the SPEC another 'id'.",
      );
    }
    const version = Math.max(0, ...versions.map((earlier) => earlier.version)) + 1;
    const published = { version, job, source, trainedAt, manifest, configuration };
    const all = [...versions, published].sort((a, b) => compareTexts(a.trainedAt, b.trainedAt));
    const kept = keptOf(all, published, keep);
    const data = toJson({ formatVersion: storeVersion, versions: kept });
    if (!(await store.movePointer(keys.versions(name), data, tag))) continue;
    const gone = all.filter((candidate) => !kept.includes(candidate));
    await removeObjects(store, name, gone, kept);
    return published;
  }
  throw new TemporaryError(`Too many publish ${name} in ${store.name} at the same time.`, 'Try again.');
}

/** The newest ones, and always the one just published, which may have been trained before all of them. */
function keptOf(
  all: readonly PublishedVersion[],
  published: PublishedVersion,
  keep: number,
): readonly PublishedVersion[] {
  const newest = all.slice(-keep);
  return newest.includes(published) ? newest : [published, ...newest.slice(1)];
}

function compareTexts(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}

/** What only versions that are gone are made of. */
async function removeObjects(
  store: ObjectStore,
  name: string,
  gone: readonly PublishedVersion[],
  kept: readonly PublishedVersion[],
): Promise<void> {
  if (gone.length === 0) return;
  const used = new Set((await Promise.all(kept.map((version) => objectsOf(store, name, version)))).flat());
  for (const version of gone) {
    const own = await objectsOf(store, name, version);
    for (const sha256 of own.filter((candidate) => !used.has(candidate))) await store.remove(keys.object(name, sha256));
  }
}

async function objectsOf(
  store: ObjectStore,
  name: string,
  { manifest, configuration }: PublishedVersion,
): Promise<string[]> {
  const key = keys.object(name, manifest);
  const data = await store.read(key);
  const files = data === undefined ? [] : parseStored(data, manifestSchema, { key, store }).files;
  return [...files.map(({ sha256 }) => sha256), configuration, manifest];
}

/** The version with this number, or the one in use. @throws UserError where there is none */
export async function requireVersion(store: ObjectStore, name: string, number?: number): Promise<PublishedVersion> {
  const { versions } = await readVersions(store, name);
  const found = number === undefined ? versions.at(-1) : versions.find(({ version }) => version === number);
  if (found !== undefined) return found;
  const which = number === undefined ? 'no model' : `no version ${number} of the model`;
  const there = versions.map(({ version }) => version).join(', ');
  throw new UserError(
    `There is ${which} ${name} in ${store.name}.`,
    versions.length === 0 ? 'Run a job of that name first.' : `There are the versions ${there}.`,
  );
}
