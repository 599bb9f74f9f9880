import type { StartMeasurement } from '../store/files';

/**
 * Share of a training's time that is over, from 0 to 1; 0 where the end is not known.
 * @param start of a run that is gone on with, what it had trained before is no part of it
 */
export function shareOver(
  seconds: number,
  secondsLeft: number | null,
  start: Pick<StartMeasurement, 'seconds'> | null,
): number {
  if (secondsLeft === null) return 0;
  const own = Math.max(0, seconds - (start?.seconds ?? 0));
  return own / Math.max(1e-3, own + secondsLeft);
}
