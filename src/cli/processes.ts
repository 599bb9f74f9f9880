import { join } from 'node:path';
import { providerChoices, type ProviderChoice } from '../core/executionProviders';
import { isUserError } from '../core/errors';
import type { EngineEvents, EngineStatus, LoadRequest, MemoryRequest } from '../protocol/engine';
import type { TrainerEvents } from '../protocol/trainer';
import { startEngine, startTrainer, type EngineClient, type TrainerClient } from '../ipc/client';
import { engineEnvironment } from '../cuda/installedRuntime';
import { machineFolder } from './machineFolder';
import { UsageError, type Arguments, type OptionDefinition } from './command';
import type { Output } from './output';

/** Bundles lie beside this one. */
const bundle = (name: string): string => join(__dirname, name);

/** Runs `use` with a trainer and ends it afterwards. */
export async function withTrainer<Result>(
  output: Output,
  events: Partial<TrainerEvents>,
  use: (trainer: TrainerClient) => Promise<Result>,
): Promise<Result> {
  const trainer = startTrainer({ entry: bundle('trainer.js'), logger: output.logger }, events);
  try {
    return await use(trainer);
  } finally {
    trainer.dispose();
  }
}

/** Runs `use` with an engine and ends it afterwards. A crash ends the command: there is no one to go on for. */
export async function withEngine<Result>(
  output: Output,
  events: Partial<EngineEvents>,
  use: (engine: EngineClient) => Promise<Result>,
): Promise<Result> {
  const environment = engineEnvironment(machineFolder());
  const engine = startEngine({ entry: bundle('engine.js'), logger: output.logger, environment }, events);
  try {
    return await use(engine);
  } finally {
    engine.dispose();
  }
}

/** Options of the commands that use a model. */
export const modelOptions: Readonly<Record<string, OptionDefinition>> = {
  model: { type: 'string', hint: 'DIR', description: 'folder with current.json, or one export (default .recur)' },
  provider: { type: 'string', hint: 'NAME', description: `execution provider: ${providerChoices.join(', ')}` },
};

/** Which model to load. */
export type ModelChoice = Pick<LoadRequest, 'directory' | 'isBase'>;

/** Loads the model that the options name, or another one. */
export async function loadModel(
  engine: EngineClient,
  input: Arguments,
  memory?: MemoryRequest,
  model: ModelChoice = { directory: modelDirectory(input) },
  provider = providerChoice(input),
): Promise<EngineStatus> {
  return engine.remote.load({ ...model, provider, ...(memory && { memory }) });
}

/** The execution provider that the options name. */
export function providerChoice(input: Arguments): ProviderChoice {
  const provider = input.text('provider') ?? 'auto';
  if (!isProviderChoice(provider)) throw new UsageError(`--provider takes one of ${providerChoices.join(', ')}.`);
  return provider;
}

/** The model directory that the options name. */
export function modelDirectory(input: Arguments): string {
  return input.text('model') ?? '.recur';
}

function isProviderChoice(text: string): text is ProviderChoice {
  return (providerChoices as readonly string[]).includes(text);
}

/** Whether an error is for the user as it is; others are defects and are shown with their stack when asked for. */
export function isExpected(error: unknown): boolean {
  return error instanceof UsageError || isUserError(error);
}
