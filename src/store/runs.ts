import { join } from 'node:path';
import * as v from 'valibot';
import type { TrainingConfiguration } from '../core/configuration';
import { readJson, writeFileAtomically } from './atomicFile';
import { checkpointSchema, runNoteSchema, type Manifest, type RunNote } from './files';
import { readHistory } from './history';
import { listIdentifiers, modelToLoad, paths, readManifest, readRunConfiguration } from './modelDirectory';

/** A training of a model directory, and what came of it. */
export interface StoredRun {
  readonly id: string;
  /** ISO 8601. */
  readonly createdAt: string;
  /** When it last read the workspace: where it began, or was gone on with. */
  readonly readAtMs: number;
  readonly training: TrainingConfiguration;
  /** Empty: its user has not named it. */
  readonly note: RunNote;
  readonly steps: number;
  /** Trained, pauses left out. */
  readonly seconds: number;
  /** As it was measured last, at its end on all held-out documents; null where nothing was, or it is not finite. */
  readonly perplexity: number | null;
  /** Its newest export; null where none is left. */
  readonly model: string | null;
  readonly inUse: boolean;
  /** Whether there is a checkpoint to go on from. */
  readonly canContinue: boolean;
}

/** The runs of a directory, the newest first; what is damaged or newer than this version is left out. */
export async function listRuns(directory: string): Promise<StoredRun[]> {
  const inUse = await modelToLoad(directory).catch(() => undefined);
  const ids = await listIdentifiers(paths.models(directory));
  const manifests = await Promise.all(ids.map((id) => readManifest(paths.model(directory, id)).catch(() => undefined)));
  const models = manifests.filter((manifest) => manifest !== undefined);
  const runs = await listIdentifiers(paths.runs(directory));
  const read = await Promise.all(runs.map((id) => readRun(directory, id, models, inUse).catch(() => undefined)));
  return read.filter((run) => run !== undefined).reverse();
}

/** When a run began, and what its user calls it and says of it; undefined where there is no such run, or it is damaged. */
export async function readRunHeading(
  directory: string,
  id: string,
): Promise<Pick<StoredRun, 'createdAt' | 'note'> | undefined> {
  const configuration = await readRunConfiguration(directory, id).catch(() => undefined);
  return configuration && { createdAt: configuration.createdAt, note: await readRunNote(directory, id) };
}

async function readRun(
  directory: string,
  id: string,
  models: readonly Manifest[],
  current: string | undefined,
): Promise<StoredRun | undefined> {
  const configuration = await readRunConfiguration(directory, id);
  if (configuration === undefined) return undefined;
  const { createdAt, training } = configuration;
  const history = await readHistory(paths.history(paths.run(directory, id)));
  const own = models.filter(({ run }) => run === id);
  const seconds = history.flatMap((line) => (line.type === 'progress' ? [line.seconds] : []));
  const perplexity = history.flatMap((line) => (line.type === 'validation' ? [line.perplexity] : [])).at(-1);
  const begun = history.findLast(({ type }) => type === 'start');
  return {
    ...{ id, createdAt, training },
    readAtMs: (begun?.type === 'start' ? begun.at : undefined) ?? Date.parse(createdAt),
    note: await readRunNote(directory, id),
    steps: history.reduce((most, { step }) => Math.max(most, step), 0),
    seconds: seconds.reduce((most, each) => Math.max(most, each), 0),
    perplexity: perplexity !== undefined && Number.isFinite(perplexity) ? perplexity : null,
    model: own.at(-1)?.id ?? null,
    inUse: own.some((manifest) => manifest.id === current),
    canContinue: await hasCheckpoint(paths.run(directory, id)),
  };
}

async function hasCheckpoint(run: string): Promise<boolean> {
  const found = await Promise.all(
    paths
      .checkpoints(run)
      .map((folder) => readJson(join(folder, 'manifest.json'), checkpointSchema).catch(() => undefined)),
  );
  return found.some((checkpoint) => checkpoint !== undefined);
}

async function readRunNote(directory: string, run: string): Promise<RunNote> {
  const note = await readJson(paths.runNote(paths.run(directory, run)), runNoteSchema).catch(() => undefined);
  return note ?? { name: '', note: '' };
}

/** Keeps what a user calls a run, and says of it. @throws Error where there is no such run */
export async function writeRunNote(directory: string, run: string, note: RunNote): Promise<void> {
  if (!(await listIdentifiers(paths.runs(directory))).includes(run)) throw new Error(`There is no run ${run}.`);
  await writeFileAtomically(paths.runNote(paths.run(directory, run)), JSON.stringify(v.parse(runNoteSchema, note)));
}
