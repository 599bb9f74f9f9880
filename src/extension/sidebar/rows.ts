import * as l10n from '@vscode/l10n';
import { formatDuration, formatPerplexity } from '../../core/formatting';
import { harmlessText } from '../../core/harmlessText';
import { isRunning } from '../../editors/runState';
import type { PanelState } from '../../protocol/panel';
import { commands } from '../editor/commands';
import type { ChangedFiles } from './filesChangedSince';
import type { ModelInUse, StoredModels } from './storedModels';

/** A row of a view in the side bar. */
export interface Row {
  /** Stays the same while the row does. */
  readonly id: string;
  readonly label: string;
  readonly description: string;
  /** A sentence; empty where the row says it all. */
  readonly tooltip: string;
  /** Of the editor's own. */
  readonly icon: string;
  /** Runs when the row is chosen. */
  readonly command?: string;
  /** A file that the row stands for, absolute. */
  readonly file?: string;
  /** What its menu asks for: words with spaces between. */
  readonly context?: string;
  readonly rows?: readonly Row[];
}

export interface ModelFacts {
  readonly training: PanelState;
  /** undefined: nothing of this workspace is in use. */
  readonly model: ModelInUse | undefined;
  /** undefined: not known, or not yet. */
  readonly changed: ChangedFiles | undefined;
  readonly nowMs: number;
  /** Of the editor, as BCP 47 names it. */
  readonly language: string;
}

/** The training that runs and the model in use: none where there is neither. */
export function modelRows({ training, model, changed, nowMs, language }: ModelFacts): Row[] {
  return [
    ...(isRunning(training) ? [trainingRow(training)] : []),
    ...(model === undefined ? [] : [qualityRow(model), ageRow(model, nowMs, language)]),
    ...(model === undefined || changed === undefined ? [] : [changesRow(changed)]),
    ...(model?.network === undefined ? [] : [networkRow(model.network)]),
  ];
}

function trainingRow({ message, validation, secondsLeft }: PanelState): Row {
  const perplexity = validation.at(-1)?.perplexity;
  const description = [
    ...(perplexity === undefined ? [] : [l10n.t`perplexity ${formatPerplexity(perplexity)}`]),
    ...(secondsLeft === null ? [] : [l10n.t`${formatDuration(secondsLeft)} left`]),
  ].join(' · ');
  return { id: 'training', label: message, description, tooltip: '', icon: 'sync~spin', command: commands.showPanel };
}

function qualityRow({ quality }: ModelInUse): Row {
  const bits = quality === null ? '' : quality.bitsPerCharacter.toFixed(2);
  return {
    id: 'quality',
    label: quality === null ? l10n.t('Not measured') : l10n.t`Perplexity ${formatPerplexity(quality.perplexity)}`,
    description: quality === null ? '' : l10n.t`${bits} bits/character`,
    tooltip: l10n.t('Of the network alone, on files that it never trains on. 1 would be perfect.'),
    icon: 'graph-line',
    command: commands.showPanel,
  };
}

function ageRow({ createdAt }: ModelInUse, nowMs: number, language: string): Row {
  const date = new Date(createdAt);
  return {
    id: 'age',
    label: trainedAgo(nowMs - date.getTime(), language),
    description: '',
    tooltip: date.toLocaleString(language),
    icon: 'history',
  };
}

const units = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
] as const;

function trainedAgo(ms: number, language: string): string {
  const [unit, length] = units.find(([, each]) => ms >= each) ?? [];
  if (unit === undefined) return l10n.t('Trained just now');
  const ago = new Intl.RelativeTimeFormat(language, { numeric: 'auto' }).format(-Math.floor(ms / length), unit);
  return l10n.t`Trained ${ago}`;
}

function changesRow({ count, files }: ChangedFiles): Row {
  const shared = { id: 'changes', description: '', icon: 'diff' };
  if (count === 0) {
    return { ...shared, label: l10n.t('No file has changed since'), tooltip: '' };
  }
  return {
    ...shared,
    label: count === 1 ? l10n.t('1 file changed since') : l10n.t`${count} files changed since`,
    tooltip: l10n.t('Of those that it was trained on. Continue the training and it knows them too.'),
    rows: files.map(({ path, file }) => {
      const name = harmlessText(path);
      return { id: `file:${path}`, label: name, description: '', tooltip: name, icon: 'file', file };
    }),
  };
}

function networkRow({ cell, layers, hidden }: NonNullable<ModelInUse['network']>): Row {
  const label = `${cell.toUpperCase()} ${layers}×${hidden}`;
  return { id: 'network', label, description: l10n.t('network'), tooltip: '', icon: 'circuit-board' };
}

const dayAndMinute = { month: 'short', day: 'numeric', hour: 'numeric', minute: '2-digit' } as const;

/** The trainings of this workspace, the newest first. */
export function runRows({ runs }: StoredModels, language: string): Row[] {
  return runs.map(({ id, createdAt, note, perplexity, seconds, model, inUse }) => {
    const began = new Date(createdAt);
    const states = [
      ...(perplexity === null ? [] : [formatPerplexity(perplexity)]),
      formatDuration(seconds),
      ...(inUse ? [l10n.t('in use')] : []),
      ...(model === null ? [l10n.t('no model left')] : []),
    ];
    return {
      id,
      label: note.name === '' ? began.toLocaleString(language, dayAndMinute) : harmlessText(note.name),
      description: states.join(' · '),
      tooltip: [began.toLocaleString(language), harmlessText(note.note)].filter((part) => part !== '').join('\n'),
      icon: inUse ? 'pass-filled' : model === null ? 'circle-slash' : 'circle-outline',
      command: commands.showPanel,
      context: ['run', ...(inUse ? [] : ['removable', ...(model === null ? [] : ['usable'])])].join(' '),
    };
  });
}
