import type { EngineStatus } from '../../protocol/engine';
import type { Manifest } from '../../store/files';
import { listModels } from '../../store/modelChoice';
import { listRuns, type StoredRun } from '../../store/runs';

/** The model that completes, trained on this workspace. */
export interface ModelInUse {
  /** ISO 8601. */
  readonly createdAt: string;
  readonly quality: EngineStatus['validation'];
  readonly network: Manifest['model'] | undefined;
  /** What it was trained in; undefined where that is gone. */
  readonly run: StoredRun | undefined;
}

/** What a model directory holds. */
export interface StoredModels {
  readonly model: ModelInUse | undefined;
  /** The newest first. */
  readonly runs: readonly StoredRun[];
}

export const nothingStored: StoredModels = { model: undefined, runs: [] };

/** Reads what was trained here. @param directory undefined where no folder is open */
export async function readStoredModels(directory: string | undefined): Promise<StoredModels> {
  if (directory === undefined) return nothingStored;
  const [models, runs] = await Promise.all([listModels(directory), listRuns(directory)]);
  const current = models.find(({ inUse }) => inUse);
  if (current === undefined) return { model: undefined, runs };
  const { createdAt, validation, model } = current;
  const run = runs.find(({ inUse }) => inUse);
  return { model: { createdAt, quality: validation, network: model, run }, runs };
}
