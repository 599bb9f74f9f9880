import { isUserError } from '../../core/errors';
import type { Logger } from '../../core/logger';
import type { Measurer } from '../measuring/measuring';
import type { Stepper } from '../threads/stepper';

/** The training's threads; this one in the place of threads one of which is lost, which the next step ends for. */
export function measurerOf(training: { readonly stepper: Stepper }, own: Measurer, logger: Logger): Measurer {
  let lost: Stepper | undefined;
  return {
    get threads() {
      return training.stepper === lost ? own.threads : training.stepper.measurer.threads;
    },
    measureEach: async (parameters, pieces) => {
      const { stepper } = training;
      if (stepper === lost) return own.measureEach(parameters, pieces);
      try {
        return await stepper.measurer.measureEach(parameters, pieces);
      } catch (error) {
        if (!isUserError(error)) throw error;
        logger.warn(`Measuring goes on without the training threads: ${error.message}`);
        lost = stepper;
        return own.measureEach(parameters, pieces);
      }
    },
  };
}
