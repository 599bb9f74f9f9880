import * as l10n from '@vscode/l10n';

/** `4.21`, `12.8`, `1,130`: three significant digits, as many as a perplexity is good for. */
export function formatPerplexity(perplexity: number): string {
  if (!Number.isFinite(perplexity)) return l10n.t('not finite');
  if (perplexity >= 99.95) return Math.round(perplexity).toLocaleString('en');
  return perplexity.toFixed(perplexity >= 9.995 ? 1 : 2);
}

/** `2:05`, `1:02:05`. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  const twoDigits = (value: number) => String(value).padStart(2, '0');
  return hours > 0 ? `${hours}:${twoDigits(minutes)}:${twoDigits(whole % 60)}` : `${minutes}:${twoDigits(whole % 60)}`;
}

/** `4.2 MB`, `1.51 GB`: as a download is told. */
export function formatBytes(bytes: number): string {
  return bytes >= 1e9 ? `${(bytes / 1e9).toFixed(2)} GB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

/** `950`, `12,300`, `1.24 M`: a count to be read at a glance. */
export function formatCount(count: number): string {
  if (count >= 1e6) return `${(count / 1e6).toFixed(2)} M`;
  return Math.round(count).toLocaleString('en');
}
