import * as l10n from '@vscode/l10n';
import { createHash } from 'node:crypto';
import type { TrainingConfiguration } from '../core/configuration';
import { UserError } from '../core/errors';
import { startingWeights } from '../training/state/initialWeights';
import type { RunContext } from './runContext';
import type { Start } from './startChoice';
import type { PreparedData } from './trainingData';

/**
 * Has several machines begin alike: with the configuration that the first of them has chosen, and the same weights.
 * @throws UserError where this one has others, because it has other texts, another base model or another version
 */
export async function agreeOnStart(
  { source, choice }: Start,
  { vocabulary }: Pick<PreparedData, 'vocabulary'>,
  { events }: Pick<RunContext, 'events'>,
): Promise<Start> {
  const digest = (configuration: TrainingConfiguration): string => {
    const { values } = startingWeights(configuration, vocabulary, source);
    const hash = createHash('sha256').update(JSON.stringify(vocabulary.codePoints));
    return hash.update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength)).digest('hex');
  };
  const { configuration } = choice;
  const agreed = await events.agree({ configuration, weights: digest(configuration) });
  if (digest(agreed.configuration) === agreed.weights) {
    return { source, choice: { ...choice, configuration: agreed.configuration } };
  }
  throw new UserError(
    l10n.t('This machine would begin with other weights than the first one of this job.'),
    l10n.t('Give all of them the same text, the same base model and the same version of Recur.'),
  );
}
