import * as l10n from '@vscode/l10n';
import { formatDuration, formatPerplexity } from '../../core/formatting';
import type { AnsweringModel, EngineStatus } from '../../protocol/engine';
import type { PanelState } from '../../protocol/panel';
import { describeSwitches, type CompletionSwitches, type LanguageException } from '../../editors/completionPolicy';
import { isRunning } from '../../editors/runState';
import { commands, openSettings } from '../editor/commands';

/** What the status bar says. */
export interface StatusText {
  /** With the icons of the editor in `$(…)`. */
  readonly text: string;
  /** The same in words, for screen readers. */
  readonly label: string;
  /** Markdown. */
  readonly tooltip: string;
}

export interface StatusFacts {
  readonly panel: PanelState;
  readonly engine: EngineStatus;
  readonly completions: CompletionSwitches;
}

/** The status bar's item for a moment. */
export function statusText(facts: StatusFacts): StatusText {
  const { panel, engine, completions } = facts;
  const tooltip = tooltipOf(facts);
  if (isRunning(panel)) {
    const perplexity = panel.validation.at(-1)?.perplexity ?? panel.progress.at(-1)?.perplexity;
    const parts = [
      ...(perplexity === undefined ? [] : [formatPerplexity(perplexity)]),
      ...(panel.secondsLeft === null ? [] : [l10n.t`${formatDuration(panel.secondsLeft)} left`]),
    ].join(' · ');
    return {
      text: `$(sync~spin) Recur ${parts}`.trim(),
      label: l10n.t`Recur is training: ${panel.message} ${parts}`,
      tooltip,
    };
  }
  const isOnHere = completions.enabled === (completions.exception === undefined);
  const icon = isOnHere ? '$(graph-line)' : '$(circle-slash)';
  if (engine.isBase) return { text: `${icon} Recur: ${untrained()}`, label: l10n.t`Recur, ${untrained()}`, tooltip };
  if (engine.answers === 'memory')
    return { text: `${icon} ${l10n.t('Recur memory only')}`, label: l10n.t('Recur, memory only'), tooltip };
  if (engine.validation === null) return { text: `${icon} Recur`, label: 'Recur', tooltip };
  const perplexity = formatPerplexity(engine.validation.perplexity);
  const label = l10n.t`Recur, validation perplexity of the network ${perplexity}`;
  return { text: `${icon} Recur ${perplexity}`, label, tooltip };
}

const untrained = () => l10n.t('not trained on this workspace yet');

/** What completions come from, where there is a network. */
const answering: Readonly<Record<AnsweringModel, () => string>> = {
  network: () => l10n.t('Completions come from the network alone.'),
  memory: () => l10n.t('Completions come from the memory alone.'),
  both: () => l10n.t('Completions come from the network and a memory of the workspace and the open files.'),
};

function tooltipOf({ panel, engine, completions }: StatusFacts): string {
  const running = isRunning(panel);
  const lines = [
    '**Recur**',
    panel.message,
    modelText(engine),
    ...(engine.validation === null
      ? []
      : [
          l10n.t(
            'Validation perplexity of the network alone {0} ({1} bits per character).',
            formatPerplexity(engine.validation.perplexity),
            engine.validation.bitsPerCharacter.toFixed(2),
          ),
        ]),
    ...(engine.id === null || engine.answers === null ? [] : [answering[engine.answers]()]),
    describeSwitches(completions, settingLink),
    [
      running ? link(l10n.t('Stop training'), commands.stopTraining) : link(l10n.t('Train'), commands.train),
      link(l10n.t('Show curves'), commands.showPanel),
      link(
        completions.enabled ? l10n.t('Turn completions off') : l10n.t('Turn completions on'),
        commands.toggleCompletions,
      ),
      link(l10n.t('Show log'), commands.showLog),
    ].join(' · '),
  ];
  return lines.join('\n\n');
}

/** Opens the editor's settings at the one that decides. */
function settingLink({ languageId, setting }: LanguageException): string {
  const search = setting === 'completions.languages' ? `recur.${setting}` : `@lang:${languageId} recur.${setting}`;
  const argument = encodeURIComponent(JSON.stringify([search]));
  return link(`\`recur.${setting}\``, `${openSettings}?${argument}`);
}

function modelText({ id, isBase, provider, reason }: EngineStatus): string {
  if (id === null) return reason;
  const where = provider ?? l10n.t('no provider');
  return isBase
    ? l10n.t`Recur is not trained on this workspace yet: a small model of public code completes on **${where}**. ${reason}`
    : l10n.t('Model `{0}` on **{1}**. {2}', id, where, reason);
}

function link(title: string, command: string): string {
  return `[${title}](command:${command})`;
}
