import * as v from 'valibot';
import { UserError } from '../core/errors';
import { sha256Of } from '../core/sha256';
import { count, newerSchema, qualitySchema, trainingConfigurationSchema, versionsUpTo } from '../store/files';
import type { ObjectStore } from '../objectStore/objectStore';

/** Raised whenever something in a store changes its meaning. */
export const storeVersion = 1;
const readable = versionsUpTo(storeVersion);

export const sha256Schema = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));
const identifier = v.pipe(v.string(), v.regex(/^[a-z0-9-]{1,64}$/));

/** What a job has trained: its export, in the store by the SHA-256 of its files. */
export const resultSchema = v.object({
  formatVersion: readable,
  job: identifier,
  name: v.string(),
  /** Of the text that was trained on: a commit, or the digest of a folder. */
  source: v.string(),
  trainedAt: v.pipe(v.string(), v.isoTimestamp()),
  /** Of the export's `manifest.json`, which names the graphs. */
  manifest: sha256Schema,
  /** Of the run's `configuration.json`. */
  configuration: sha256Schema,
  steps: count,
  validation: qualitySchema,
  test: v.nullable(qualitySchema),
  reason: v.string(),
});
export type JobResult = v.InferOutput<typeof resultSchema>;

const versionSchema = v.object({
  version: v.pipe(count, v.minValue(1)),
  job: identifier,
  source: v.string(),
  trainedAt: v.pipe(v.string(), v.isoTimestamp()),
  manifest: sha256Schema,
  configuration: sha256Schema,
});
export type PublishedVersion = v.InferOutput<typeof versionSchema>;

/** `models/NAME/versions.json`: by the time of their training, so that a job that comes late does not replace a newer model. */
export const versionsSchema = v.object({ formatVersion: readable, versions: v.array(versionSchema) });

/** `jobs/JOB/begun.json`. */
export const begunSchema = v.object({ formatVersion: readable, fingerprint: sha256Schema, source: v.string() });

const fileName = v.pipe(v.string(), v.regex(/^[\w.-]{1,64}$/));

/** `jobs/JOB/checkpoint.json`. */
export const storedCheckpointSchema = v.object({
  formatVersion: readable,
  run: identifier,
  step: count,
  /** Where several machines train: rounds that have ended. */
  round: v.optional(count, 0),
  /** Folder of its files. */
  attempt: v.pipe(v.string(), v.uuid()),
  files: v.array(v.object({ name: fileName, sha256: sha256Schema })),
});
export type StoredCheckpoint = v.InferOutput<typeof storedCheckpointSchema>;

/** `jobs/JOB/start.json`. */
export const startSchema = v.object({
  formatVersion: readable,
  configuration: trainingConfigurationSchema,
  weights: sha256Schema,
});

const round = v.pipe(count, v.minValue(1));
/** `jobs/JOB/machines/N/differences.json`: of the last two rounds, since another machine may still want the one before the last. */
export const differencesSchema = v.object({
  formatVersion: readable,
  rounds: v.array(v.object({ round, sha256: sha256Schema })),
});
export type Differences = v.InferOutput<typeof differencesSchema>['rounds'];

/** What was read from a store is not what was written: missing, or changed. */
export class DamagedError extends UserError {}

/**
 * Reads JSON of a store by its schema.
 * @throws DamagedError; UserError where a newer version of Recur has written it
 */
export function parseStored<TSchema extends v.GenericSchema>(
  data: Uint8Array,
  schema: TSchema,
  { key, store }: { readonly key: string; readonly store: ObjectStore },
): v.InferOutput<TSchema> {
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson()), Buffer.from(data).toString('utf8'));
  const content = v.safeParse(schema, parsed.output);
  if (content.success) return content.output;
  if (v.is(newerSchema, parsed.output)) {
    throw new UserError(`${key} in ${store.name} was written by a newer version of Recur.`, 'Update Recur.');
  }
  throw new DamagedError(`${key} in ${store.name} is damaged.`, 'Remove it from the store, or use another one.');
}

/**
 * Reads a pointer by its schema.
 * @returns undefined where there is none; else what it holds, and the tag that it is moved with
 * @throws UserError as {@link parseStored} does
 */
export async function readStored<TSchema extends v.GenericSchema>(
  store: ObjectStore,
  key: string,
  schema: TSchema,
): Promise<{ readonly content: v.InferOutput<TSchema>; readonly tag: string } | undefined> {
  const pointer = await store.readPointer(key);
  return pointer && { content: parseStored(pointer.data, schema, { key, store }), tag: pointer.tag };
}

/** As JSON, in UTF-8. */
export function toJson(value: object): Uint8Array {
  return Buffer.from(JSON.stringify(value));
}

/**
 * Reads an object whose hash is known.
 * @throws DamagedError where it is missing or another one
 */
export async function readChecked(store: ObjectStore, key: string, sha256: string): Promise<Uint8Array> {
  const data = await store.read(key);
  if (data !== undefined && sha256Of(data) === sha256) return data;
  throw new DamagedError(
    `${key} in ${store.name} is ${data === undefined ? 'missing' : 'damaged: its SHA-256 is not the recorded one'}.`,
    'Train again.',
  );
}
