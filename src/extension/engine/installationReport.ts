import { describeError } from '../../core/errors';
import type { EngineStatus } from '../../protocol/engine';
import type { ProviderTrial } from '../../protocol/providers';
import { timeTable } from '../../protocol/providerTable';
import type { TrainerProbe } from '../../protocol/trainer';

/** What was found out about this machine; a part that could not be had is the error that says why. */
export interface InstallationFacts {
  readonly versions: Readonly<Record<string, string>>;
  readonly modelDirectory: string | undefined;
  readonly engine: EngineStatus;
  readonly trainer: TrainerProbe | Error;
  readonly providers: readonly ProviderTrial[] | Error;
}

/** What works here and what does not, as Markdown to read. */
export function installationReport(facts: InstallationFacts): string {
  const { versions, trainer, providers, engine, modelDirectory } = facts;
  return [
    '# Recur: installation',
    '',
    ...Object.entries(versions).map(([name, version]) => `- ${name}: ${version}`),
    '',
    '## Training',
    '',
    ...(trainer instanceof Error ? [failure(trainer)] : describeTrainer(trainer)),
    '',
    '## Completions',
    '',
    ...(providers instanceof Error ? [failure(providers)] : describeProviders(providers)),
    '',
    '## Model',
    '',
    `- Folder: ${modelDirectory ?? 'none, because no folder is open'}`,
    engine.id === null
      ? `- ${engine.reason}`
      : `- ${engine.isBase ? 'The one that comes with Recur' : engine.id}, on ${engine.provider ?? 'no provider'}. ${engine.reason}`,
    '',
  ].join('\n');
}

function describeTrainer({ backend, version, fusedOps, stepMilliseconds, warnings }: TrainerProbe): string[] {
  const fused = Object.entries(fusedOps).map(([name, exists]) => `${name} ${exists ? 'yes' : 'no'}`);
  return [
    `- Works, on ${backend} ${version}: one step takes ${stepMilliseconds.toFixed(1)} ms.`,
    ...(fused.length > 0 ? [`- Fused operations: ${fused.join(', ')}.`] : []),
    ...warnings.map((warning) => `- ${warning}`),
  ];
}

function describeProviders(trials: readonly ProviderTrial[]): string[] {
  const [head, ...rows] = timeTable(trials);
  const asRow = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const table = head === undefined ? [] : ['', asRow(head), asRow(head.map(() => '---')), ...rows.map(asRow)];
  return [...trials.map(describeProvider), ...table];
}

function describeProvider({ provider, works, detail }: ProviderTrial): string {
  return `- ${provider}: ${works ? 'works' : 'does not work'}. ${detail}`;
}

function failure(error: Error): string {
  return `- Does not work: ${describeError(error)}`;
}
