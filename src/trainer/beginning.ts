import * as l10n from '@vscode/l10n';
import type { AskedTraining, CorpusConfiguration } from '../core/configuration';
import { UserError } from '../core/errors';
import type { Logger } from '../core/logger';
import type { NamedTraining, TrainRequest } from '../protocol/trainer';
import type { RunConfiguration } from '../store/files';
import { listIdentifiers, paths, readRunConfiguration } from '../store/modelDirectory';
import { createCheckpoints } from '../training/state/checkpoint';
import type { SourceModel } from '../training/state/initialWeights';
import type { TrainingSnapshot } from '../training/state/snapshot';
import { readModelInUse, type ModelInUse } from './modelInUse';
import type { RunContext } from './runContext';
import { readSourceModel } from './sourceModel';

/** What a training finds in the model directory, and what it is asked for beside that. */
export interface Beginning {
  /** The run that is gone on with. */
  readonly previous: PreviousRun | undefined;
  /** The model to start from; null: random weights, or those of the previous run. */
  readonly offered: SourceModel | null;
  readonly inUse: ModelInUse | undefined;
  readonly corpus: CorpusConfiguration;
  readonly asked: AskedTraining;
}

interface PreviousRun {
  readonly configuration: RunConfiguration;
  readonly snapshot: TrainingSnapshot;
}

/** @throws UserError where there is nothing to go on with, or what is there was begun otherwise */
export async function readBeginning(request: TrainRequest, { events, logger }: RunContext): Promise<Beginning> {
  const { out, resume, from } = request;
  const previous = resume ? await readPreviousRun(out, logger) : undefined;
  if (previous !== undefined) requireSame(previous.configuration.training, request.named ?? {});
  const offered =
    from === null || resume
      ? null
      : await readSourceModel(from, (reason) => void events.fromRandomWeights.asEvent(reason));
  const { budget, threads, decayShare } = request.training;
  return {
    ...{ previous, offered },
    inUse: await readModelInUse(out, logger),
    corpus: continuedCorpus(request.corpus, previous?.configuration.corpus),
    asked: { ...(previous?.configuration.training ?? request.training), budget, threads, decayShare },
  };
}

/** The newest run and its checkpoint. */
async function readPreviousRun(out: string, logger: Logger): Promise<PreviousRun> {
  const runs = await listIdentifiers(paths.runs(out));
  for (const id of runs.reverse()) {
    const configuration = await readRunConfiguration(out, id).catch(() => undefined);
    if (configuration === undefined) continue;
    const snapshot = await createCheckpoints(paths.run(out, id), logger).read(configuration.training.model);
    if (snapshot !== null) return { configuration, snapshot };
  }
  throw new UserError(l10n.t`There is no training to go on with in ${out}.`, l10n.t('Train without resuming first.'));
}

/** A run goes on as it was begun. @throws UserError where something else was asked for */
function requireSame({ model, ...training }: RunConfiguration['training'], named: NamedTraining): void {
  const begun: Readonly<Record<string, unknown>> = { ...training, ...model };
  for (const [name, wanted] of Object.entries(named)) {
    if (begun[name] === wanted) continue;
    const words = name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
    throw new UserError(
      l10n.t`The training to go on with was begun with ${words} ${String(begun[name])}, not ${wanted}.`,
      l10n.t`Leave ${words} out, or train anew.`,
    );
  }
}

/** What was excluded before stays so, and what the user excludes now is too. */
function continuedCorpus(asked: CorpusConfiguration, previous = asked): CorpusConfiguration {
  const include = asked.include.length > 0 ? asked.include : previous.include;
  return { ...asked, include, exclude: [...new Set([...previous.exclude, ...asked.exclude])] };
}
