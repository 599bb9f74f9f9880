export interface SchedulePosition {
  /** Share of the budget that is used up, in [0, 1]. */
  readonly share: number;
  /** Steps since the schedule began. */
  readonly steps: number;
  /** Whether an earlier run is continued: its weights need a short warm-up only. */
  readonly continued: boolean;
}

/**
 * The learning rate as a share of the highest one: a linear warm-up of 100 steps (20 for a continued run), or of 10 % (2 %)
 * of the budget where that is sooner, times a cosine from 1 to 0 over the budget (Loshchilov and Hutter 2017).
 */
export function learningRateShare({ share, steps, continued }: SchedulePosition): number {
  const warmUpSteps = continued ? 20 : 100;
  const warmUpShare = continued ? 0.02 : 0.1;
  const warmUp = Math.min(1, Math.max((steps + 1) / warmUpSteps, share / warmUpShare));
  return warmUp * 0.5 * (1 + Math.cos(Math.PI * Math.min(1, share)));
}
