import * as l10n from '@vscode/l10n';
import type { ProviderTrial } from './providers';

const columns = () => [
  l10n.t('Provider'),
  l10n.t('a step'),
  l10n.t('64 drawn'),
  l10n.t('1,024 read'),
  l10n.t('256 texts of 256'),
];

/** What each kind of work takes with each provider that works, as rows of cells; the first row names them. None: nothing was timed. */
export function timeTable(trials: readonly ProviderTrial[]): readonly (readonly string[])[] {
  const rows = trials.flatMap(({ provider, times }) => {
    if (times === null) return [];
    const { stepMs, completionMs, prefixMs, scoringMs } = times;
    return [[provider, ...[stepMs, completionMs, prefixMs, scoringMs].map(formatMs)]];
  });
  return rows.length === 0 ? [] : [columns(), ...rows];
}

/** The same in columns for a terminal or a log. */
export function timeLines(trials: readonly ProviderTrial[]): string[] {
  const rows = timeTable(trials);
  const widths = columns().map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]! + 2))
      .join('')
      .trimEnd(),
  );
}

/** Three digits are more than such a time is good for. */
function formatMs(ms: number): string {
  if (ms >= 100) return `${Math.round(ms).toLocaleString('en')} ms`;
  return `${ms.toFixed(ms >= 10 ? 1 : 3)} ms`;
}
