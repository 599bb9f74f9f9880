import { formatDuration, formatPerplexity } from '../core/formatting';
import type { AnsweringModel, EngineStatus } from '../protocol/engine';
import type { PanelState } from '../protocol/panel';
import { commands } from './commands';

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
  readonly completionsEnabled: boolean;
}

/** The status bar's item for a moment. */
export function statusText(facts: StatusFacts): StatusText {
  const { panel, engine, completionsEnabled } = facts;
  const tooltip = tooltipOf(facts);
  if (isRunning(panel)) {
    const perplexity = panel.validation.at(-1)?.perplexity ?? panel.progress.at(-1)?.perplexity;
    const parts = [
      ...(perplexity === undefined ? [] : [formatPerplexity(perplexity)]),
      ...(panel.secondsLeft === null ? [] : [`${formatDuration(panel.secondsLeft)} left`]),
    ].join(' · ');
    return {
      text: `$(sync~spin) Recur ${parts}`.trim(),
      label: `Recur is training: ${panel.message} ${parts}`,
      tooltip,
    };
  }
  const icon = completionsEnabled ? '$(graph-line)' : '$(circle-slash)';
  if (engine.answers === 'memory') return { text: `${icon} Recur memory only`, label: 'Recur, memory only', tooltip };
  if (engine.validation === null) return { text: `${icon} Recur`, label: 'Recur', tooltip };
  const perplexity = formatPerplexity(engine.validation.perplexity);
  const label = `Recur, validation perplexity of the network ${perplexity}`;
  return { text: `${icon} Recur ${perplexity}`, label, tooltip };
}

/** What completions come from, where there is a network. */
const answering: Readonly<Record<AnsweringModel, string>> = {
  network: 'Completions come from the network alone.',
  memory: 'Completions come from the memory alone.',
  both: 'Completions come from the network and a memory of the workspace and the open files.',
};

/** Whether a training runs, corpus reading included. */
export function isRunning({ phase }: PanelState): boolean {
  return phase === 'reading' || phase === 'training';
}

function tooltipOf({ panel, engine, completionsEnabled }: StatusFacts): string {
  const running = isRunning(panel);
  const lines = [
    '**Recur**',
    panel.message,
    engine.id === null
      ? engine.reason
      : `Model \`${engine.id}\` on **${engine.provider ?? 'no provider'}**. ${engine.reason}`,
    ...(engine.validation === null
      ? []
      : [
          `Validation perplexity of the network alone ${formatPerplexity(engine.validation.perplexity)} ` +
            `(${engine.validation.bitsPerCharacter.toFixed(2)} bits per character).`,
        ]),
    ...(engine.id === null || engine.answers === null ? [] : [answering[engine.answers]]),
    completionsEnabled ? 'Inline completions are on.' : 'Inline completions are off.',
    [
      running ? link('Stop training', commands.stopTraining) : link('Train', commands.train),
      link('Show curves', commands.showPanel),
      link(completionsEnabled ? 'Turn completions off' : 'Turn completions on', commands.toggleCompletions),
      link('Show log', commands.showLog),
    ].join(' · '),
  ];
  return lines.join('\n\n');
}

function link(title: string, command: string): string {
  return `[${title}](command:${command})`;
}
