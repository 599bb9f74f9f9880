import { formatCount, formatDuration, formatPerplexity } from '../core/formatting';
import type { PanelState } from '../protocol/panel';

/** A number of the panel with its name. */
export interface Figure {
  /** Stays the same while the panel lives. */
  readonly key: string;
  readonly label: string;
  /** `–` where there is none yet. */
  readonly value: string;
  /** What it means, a sentence. */
  readonly meaning: string;
}

const none = '–';

/** The numbers of a state, the most wanted first. */
export function figures({ progress, validation, secondsLeft, phase }: PanelState): Figure[] {
  const last = progress.at(-1);
  const measured = validation.at(-1);
  const step = Math.max(last?.step ?? 0, measured?.step ?? 0);
  const ended = phase !== 'reading' && phase !== 'training';
  return [
    {
      key: 'validation',
      label: 'Validation perplexity',
      value: shown(measured?.perplexity, formatPerplexity),
      meaning: 'Of the network alone, on files that it never trains on. 1 would be perfect.',
    },
    {
      key: 'training',
      label: 'Training perplexity',
      value: shown(last?.perplexity, formatPerplexity),
      meaning: 'Of the network alone, on what it is learning at this moment.',
    },
    {
      key: 'bits',
      label: 'Bits per character',
      value: shown(measured?.bitsPerCharacter, (bits) => bits.toFixed(2)),
      meaning: 'The same as validation perplexity, as its binary logarithm.',
    },
    {
      key: 'speed',
      label: 'Characters / s',
      value: shown(last?.charactersPerSecond, formatCount),
      meaning: 'Characters trained on in a second.',
    },
    ended
      ? {
          key: 'time',
          label: 'Time trained',
          value: shown(last?.seconds, formatDuration),
          meaning: 'Time that the training took.',
        }
      : {
          key: 'time',
          label: 'Time left',
          value: shown(secondsLeft ?? undefined, formatDuration),
          meaning: 'Time until the training ends.',
        },
    {
      key: 'steps',
      label: 'Steps',
      value: shown(last === undefined ? undefined : step, formatCount),
      meaning: 'Updates of the weights so far.',
    },
  ];
}

/** What became of the completions; nothing until one was offered. */
export function completionFigures({ completions }: PanelState): Figure[] {
  if (completions === undefined) return [];
  const { offered, accepted, partly, charactersSaved, latencyMs } = completions;
  return [
    {
      key: 'accepted',
      label: 'Completions accepted',
      value: `${formatCount(accepted + partly)} of ${formatCount(offered)}`,
      meaning: 'As a whole or in part, of those that the editor was given in this workspace.',
    },
    {
      key: 'saved',
      label: 'Characters saved',
      value: formatCount(charactersSaved),
      meaning: 'Characters that were accepted instead of typed.',
    },
    {
      key: 'latency',
      label: 'Completion time',
      value: shown(latencyMs.p50 ?? undefined, (milliseconds) => `${Math.round(milliseconds)} ms`),
      meaning:
        'Half of the completions are there so soon after the editor has asked' +
        `, 95 % within ${Math.round(latencyMs.p95 ?? 0)} ms, 99 % within ${Math.round(latencyMs.p99 ?? 0)} ms.`,
    },
  ];
}

function shown(value: number | undefined, format: (value: number) => string): string {
  return value === undefined ? none : format(value);
}

/** What the curve shows, in a sentence, for those who do not see it. */
export function curveInWords({ progress, validation, start }: PanelState): string {
  const first = validation[0];
  const last = validation.at(-1);
  if (first === undefined || last === undefined) {
    return progress.length === 0 ? 'No measurements yet.' : 'Training perplexity over steps; no validation yet.';
  }
  const baseline = start === null ? '' : ` The uniform baseline is ${formatPerplexity(start.uniform.perplexity)}.`;
  return (
    `Validation perplexity over steps: from ${formatPerplexity(first.perplexity)} at step ${first.step} ` +
    `to ${formatPerplexity(last.perplexity)} at step ${last.step}.${baseline}`
  );
}
