import { join } from 'node:path';
import * as v from 'valibot';
import type { Cell } from '../../core/configuration';
import { providerTrialSchema, type ProviderTrial } from '../../protocol/providers';
import { readJson, writeFileAtomically } from '../../store/atomicFile';
import { formatVersion, modelConfigurationSchema, versionsUpTo } from '../../store/files';

/** What a trial holds for: another machine, driver or onnxruntime may do otherwise. */
const machineSchema = v.object({ machine: v.string(), driver: v.string(), onnxruntime: v.string() });
export type Machine = v.InferOutput<typeof machineSchema>;

/** What the times of a graph depend on. */
const shapeSchema = v.object({ ...modelConfigurationSchema.entries, vocabulary: v.number() });
export type GraphShape = v.InferOutput<typeof shapeSchema>;

const keptTrialSchema = v.object({ on: machineSchema, shape: shapeSchema, trial: providerTrialSchema });
export type KeptTrial = v.InferOutput<typeof keptTrialSchema>;

const fileSchema = v.object({ formatVersion: versionsUpTo(formatVersion), trials: v.array(keptTrialSchema) });

/** Some machines that share a home folder, times some shapes: older ones give way. */
const mostKept = 300;

const pathIn = (folder: string): string => join(folder, 'providers.json');

/** What was tried earlier, the newest last; nothing where there is no such file. @throws where it is damaged */
export async function readTrials(folder: string): Promise<KeptTrial[]> {
  return (await readJson(pathIn(folder), fileSchema))?.trials ?? [];
}

/** Keeps trials, in place of those of the same machine, shape and provider. A damaged file is replaced. */
export async function keepTrials(folder: string, trials: readonly KeptTrial[]): Promise<void> {
  const before = await readTrials(folder).catch(() => []);
  const replaced = new Set(trials.map(keyOf));
  const outdated = (kept: KeptTrial): boolean => trials.some((trial) => refutes(trial, kept));
  const kept = [...before.filter((trial) => !replaced.has(keyOf(trial)) && !outdated(trial)), ...trials].slice(
    -mostKept,
  );
  await writeFileAtomically(pathIn(folder), JSON.stringify({ formatVersion, trials: kept }));
}

/** What works now is tried again for other graphs too. */
function refutes(newer: KeptTrial, older: KeptTrial): boolean {
  return newer.trial.works && !older.trial.works && isFor(older, newer.on, newer.shape.cell, newer.trial.provider);
}

/** Whether a trial says something about a provider for all graphs with a cell. */
function isFor({ on, shape, trial }: KeptTrial, machine: Machine, cell: Cell, provider: string): boolean {
  return trial.provider === provider && shape.cell === cell && sameMachine(on, machine);
}

function keyOf({ on, shape, trial }: KeptTrial): string {
  const { cell, hidden, layers, embedding, vocabulary } = shape;
  return JSON.stringify([...machineValues(on), cell, hidden, layers, embedding, vocabulary, trial.provider]);
}

const machineValues = ({ machine, driver, onnxruntime }: Machine): string[] => [machine, driver, onnxruntime];

/**
 * What is known of a provider for a graph. One that failed for any graph with the same cell is not tried again for another.
 */
export function knownTrial(
  kept: readonly KeptTrial[],
  on: Machine,
  shape: GraphShape,
  provider: string,
): ProviderTrial | undefined {
  const about = kept.filter((candidate) => isFor(candidate, on, shape.cell, provider));
  const same = about.findLast((candidate) => keyOf(candidate) === keyOf({ ...candidate, shape }));
  return (same ?? about.findLast(({ trial }) => !trial.works))?.trial;
}

function sameMachine(one: Machine, other: Machine): boolean {
  return machineValues(one).join('\n') === machineValues(other).join('\n');
}
