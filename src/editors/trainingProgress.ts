import * as l10n from '@vscode/l10n';
import { formatDuration, formatPerplexity } from '../core/formatting';
import type { PanelState, ToPanel } from '../protocol/panel';

/** Share of a training's time that is over, from 0 to 100; 0 where the end is not known. */
export function percentOf(message: ToPanel): number {
  if (message.type !== 'progress' || message.secondsLeft === null) return 0;
  const { seconds } = message.measurement;
  return (100 * seconds) / Math.max(1e-3, seconds + message.secondsLeft);
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
