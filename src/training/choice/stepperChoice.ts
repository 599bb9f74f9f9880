import type { TrainingConfiguration } from '../../core/configuration';
import { describeError } from '../../core/errors';
import type { Logger } from '../../core/logger';
import type { Weights } from '../../core/parameters';
import type { Gradient } from '../gradient/gradient';
import { createNewtonSchulz } from '../optimizers/newtonSchulz';
import { createReplicaStepper, type ReplicaOptions } from '../threads/replicaStepper';
import { createLocalStepper, type Carried, type Stepper } from '../threads/stepper';
import type { TensorFlow } from '../tensorflow/tensorflow';

/** What a stepper begins with. */
export interface StepperStart {
  readonly configuration: TrainingConfiguration;
  readonly initial: Weights;
  readonly batch: number;
  /** To go on with. */
  readonly carried: Carried | undefined;
}

/** Replicas where the fused gradient works, this thread elsewhere or where they do not start (one line in the log). */
export async function chooseStepper(
  tf: TensorFlow,
  gradient: Gradient,
  { configuration, initial, batch, carried }: StepperStart,
  replicas: ReplicaOptions | null,
  logger: Logger,
): Promise<Stepper> {
  if (replicas !== null && gradient.name === 'fused') {
    try {
      return await createReplicaStepper(replicas, configuration, initial, batch, carried);
    } catch (error) {
      logger.warn(`Training runs on one thread, because others do not start: ${describeError(error).split('\n')[0]!}`);
    }
  }
  return createLocalStepper(gradient, configuration, initial, batch, createNewtonSchulz(tf), carried);
}
