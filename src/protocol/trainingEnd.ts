import * as l10n from '@vscode/l10n';
import { formatPerplexity } from '../core/formatting';
import type { TrainingResult } from './trainer';

/** Which model is in use after a training, where that is not the one that was trained; empty elsewhere. */
export function describeStaying({ model, stays }: Pick<TrainingResult, 'model' | 'stays'>): string {
  if (model === null)
    return stays === null
      ? l10n.t('Nothing was learnt.')
      : l10n.t`Nothing was learnt: the model ${stays.model} stays in use.`;
  if (stays === null) return '';
  const { perplexity, newPerplexity } = stays;
  if (perplexity === null || newPerplexity === null) return l10n.t`The model ${stays.model} stays in use.`;
  return l10n.t(
    "The model {0} stays in use: perplexity {1}, the new one's is {2} on the same text.",
    stays.model,
    formatPerplexity(perplexity),
    formatPerplexity(newPerplexity),
  );
}
