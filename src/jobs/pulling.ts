import { mkdir } from 'node:fs/promises';
import { basename } from 'node:path';
import * as v from 'valibot';
import { defaultKeptModels } from '../core/configuration';
import { describeError, UserError } from '../core/errors';
import type { Logger } from '../core/logger';
import type { ObjectStore } from '../objectStore/objectStore';
import { exists, writeFileAtomically } from '../store/atomicFile';
import { manifestSchema, runConfigurationSchema } from '../store/files';
import { paths, readModel, setCurrent, writeModel } from '../store/modelDirectory';
import { withLock } from '../store/modelLock';
import { pruneModels } from '../store/pruning';
import { keys } from './keys';
import { requireVersion } from './publishing';
import { parseStored, readChecked, type PublishedVersion } from './storedFiles';

export interface PullRequest {
  readonly name: string;
  /** The model directory that it goes to; it is in use there afterwards. */
  readonly out: string;
  /** Left out: the newest. */
  readonly version: number | undefined;
  /** A checkout of what it was trained on: held-out files are found there, to calibrate and evaluate the model. */
  readonly workspace: string | undefined;
}

/**
 * Brings a published model into a model directory and puts it into use; of older ones the last few stay, as after a training.
 * @returns the version, and the folder of the export
 * @throws UserError where there is no such model, it is damaged, or a training runs in the directory
 */
export async function pullModel(
  store: ObjectStore,
  { name, out, version, workspace }: PullRequest,
  logger: Logger,
): Promise<{ version: PublishedVersion; model: string }> {
  const published = await requireVersion(store, name, version);
  const { manifest, graphs } = await readExport(store, name, published);
  const configuration = await readConfiguration(store, name, published);
  await mkdir(out, { recursive: true });
  await withLock(out, 'choosing', async () => {
    if (!(await isWhole(paths.model(out, manifest.id)))) await writeModel(out, manifest, graphs);
    if (workspace !== undefined) {
      const here = { ...configuration, folders: [{ directory: workspace, name: basename(workspace) }] };
      await writeFileAtomically(paths.runConfiguration(paths.run(out, manifest.run)), JSON.stringify(here));
    }
    await setCurrent(out, manifest.id);
    await pruneModels(out, defaultKeptModels).catch((error: unknown) =>
      logger.warn(`Old models were not removed: ${describeError(error)}`),
    );
  });
  return { version: published, model: paths.model(out, manifest.id) };
}

async function isWhole(model: string): Promise<boolean> {
  if (!(await exists(model))) return false;
  await readModel(model);
  return true;
}

async function readExport(store: ObjectStore, name: string, { manifest: sha256 }: PublishedVersion) {
  const key = keys.object(name, sha256);
  const manifest = parseStored(await readChecked(store, key, sha256), manifestSchema, { key, store });
  const graphs = new Map<string, Uint8Array>();
  for (const file of manifest.files) {
    if (!v.is(graphNameSchema, file.name)) {
      throw new UserError(`${key} in ${store.name} names a file that no model has.`, 'Pull another version.');
    }
    graphs.set(file.name, await readChecked(store, keys.object(name, file.sha256), file.sha256));
  }
  return { manifest, graphs };
}

const graphNameSchema = v.pipe(v.string(), v.regex(/^[\w-]+\.onnx$/));

async function readConfiguration(store: ObjectStore, name: string, { configuration }: PublishedVersion) {
  const key = keys.object(name, configuration);
  return parseStored(await readChecked(store, key, configuration), runConfigurationSchema, { key, store });
}
