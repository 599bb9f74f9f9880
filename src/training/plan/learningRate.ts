export interface SchedulePosition {
  /** Share of the budget that is used up, in [0, 1]. */
  readonly share: number;
  /** Steps since the schedule began. */
  readonly steps: number;
  /** Whether an earlier run is continued: its weights need a short warm-up only. */
  readonly continued: boolean;
  /** Share of the budget, at its end, over which the rate falls; 0: it never falls. */
  readonly decayShare: number;
}

/**
 * The learning rate as a share of the highest one: a linear warm-up of 50 steps (20 for a continued run), or of 5 % (2 %) of
 * the budget where that is sooner, times a straight line to 0 over the last part of the budget. Over all of it this is the
 * schedule of Defazio et al. 2023 (arXiv 2310.07831); a constant rate with a short fall comes close to it without knowing
 * beforehand when the training ends (Hägele et al. 2024, arXiv 2405.18392).
 */
export function learningRateShare({ share, steps, continued, decayShare }: SchedulePosition): number {
  const warmUpSteps = continued ? 20 : 50;
  const warmUpShare = continued ? 0.02 : 0.05;
  const warmUp = Math.min(1, Math.max((steps + 1) / warmUpSteps, share / warmUpShare));
  return warmUp * (decayShare > 0 ? Math.min(1, Math.max(0, 1 - share) / decayShare) : 1);
}
