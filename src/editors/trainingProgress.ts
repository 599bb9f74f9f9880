import * as l10n from '@vscode/l10n';
import { formatDuration, formatPerplexity } from '../core/formatting';
import type { PanelState, ToPanel } from '../protocol/panel';
import { shareOver } from '../protocol/trainingShare';

/** Share of a training's time that is over, from 0 to 100, where a message tells of progress; 0 elsewhere. */
export function percentOf(message: ToPanel, { start }: Pick<PanelState, 'start'>): number {
  return message.type === 'progress' ? 100 * shareOver(message.measurement.seconds, message.secondsLeft, start) : 0;
}

/** How a training stands, in a line. */
export function progressLine(state: PanelState): string {
  const perplexity = state.validation.at(-1)?.perplexity;
  return [
    state.message,
    ...(perplexity === undefined ? [] : [l10n.t`perplexity ${formatPerplexity(perplexity)}`]),
    ...(state.secondsLeft === null ? [] : [l10n.t`${formatDuration(state.secondsLeft)} left`]),
  ].join(' · ');
}
