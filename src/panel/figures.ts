import { formatCount, formatDuration, formatPerplexity } from '../core/formatting';
import type { PanelState } from '../protocol/panel';
import { messages } from './messages';

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

/** The numbers of a state, the most wanted first. */
export function figures({ progress, validation, secondsLeft, phase }: PanelState): Figure[] {
  const last = progress.at(-1);
  const measured = validation.at(-1);
  const step = Math.max(last?.step ?? 0, measured?.step ?? 0);
  const ended = phase !== 'reading' && phase !== 'training';
  return [
    {
      key: 'validation',
      label: messages.figures.validation,
      value: shown(measured?.perplexity, formatPerplexity),
      meaning: messages.figures.validationMeaning,
    },
    {
      key: 'training',
      label: messages.figures.training,
      value: shown(last?.perplexity, formatPerplexity),
      meaning: messages.figures.trainingMeaning,
    },
    {
      key: 'bits',
      label: messages.figures.bits,
      value: shown(measured?.bitsPerCharacter, (bits) =>
        Number.isFinite(bits) ? bits.toFixed(2) : messages.curves.notFinite,
      ),
      meaning: messages.figures.bitsMeaning,
    },
    {
      key: 'speed',
      label: messages.figures.speed,
      value: shown(last?.charactersPerSecond, formatCount),
      meaning: messages.figures.speedMeaning,
    },
    ended
      ? {
          key: 'time',
          label: messages.figures.timeTrained,
          value: shown(last?.seconds, formatDuration),
          meaning: messages.figures.timeTrainedMeaning,
        }
      : {
          key: 'time',
          label: messages.figures.timeLeft,
          value: shown(secondsLeft ?? undefined, formatDuration),
          meaning: messages.figures.timeLeftMeaning,
        },
    {
      key: 'steps',
      label: messages.figures.steps,
      value: shown(last === undefined ? undefined : step, formatCount),
      meaning: messages.figures.stepsMeaning,
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
      label: messages.figures.accepted,
      value: messages.figures.acceptedValue(formatCount(accepted + partly), formatCount(offered)),
      meaning: messages.figures.acceptedMeaning,
    },
    {
      key: 'saved',
      label: messages.figures.saved,
      value: formatCount(charactersSaved),
      meaning: messages.figures.savedMeaning,
    },
    {
      key: 'latency',
      label: messages.figures.latency,
      value: shown(latencyMs.p50 ?? undefined, (milliseconds) =>
        messages.figures.milliseconds(Math.round(milliseconds)),
      ),
      meaning: messages.figures.latencyMeaning(Math.round(latencyMs.p95 ?? 0), Math.round(latencyMs.p99 ?? 0)),
    },
  ];
}

function shown(value: number | undefined, format: (value: number) => string): string {
  return value === undefined ? messages.none : format(value);
}

/** What the curve shows, in a sentence, for those who do not see it. */
export function curveInWords({ progress, validation, start }: PanelState): string {
  const { inWords } = messages.curves;
  const first = validation[0];
  const last = validation.at(-1);
  if (first === undefined || last === undefined) return progress.length === 0 ? inWords.none : inWords.trainingOnly;
  const perplexities = [formatPerplexity(first.perplexity), formatPerplexity(last.perplexity)] as const;
  const sentence = inWords.perplexity(perplexities[0], first.step, perplexities[1], last.step);
  return start === null ? sentence : `${sentence} ${inWords.uniform(formatPerplexity(start.uniform.perplexity))}`;
}
