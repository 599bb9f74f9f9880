import { createBatches, type Batches, type Streams } from '../plan/batches';
import type { TrainingConfiguration } from '../../core/configuration';
import type { Weights } from '../../core/parameters';
import type { RoundSettings } from '../../core/roundSettings';
import { createRandom, randomFromState, type Random } from '../../core/random';
import type { Tokens } from '../../text/tokens';
import { normalState, replaceRows, zeroState, type State } from '../gradient/gradient';
import type { TrainingSnapshot } from '../state/snapshot';
import type { Stepper } from '../threads/stepper';

/** What one step gave. */
export interface StepResult {
  readonly nats: number;
  /** Before clipping. */
  readonly gradientNorm: number;
  /** Tokens predicted. */
  readonly characters: number;
  /** Whether loss and gradient are; where they are not, the weights were left as they were. */
  readonly isFinite: boolean;
}

/** What changes while a model trains. */
export interface Session {
  /** Changed in place by each step. */
  readonly weights: Weights;
  /** Of the weights after the last steps (averaging.ts); changed in place likewise. */
  readonly average: Weights;
  /**
   * @param mostStreams of the batch that the step reads; all, where it is left out
   * @throws UserError where a thread is lost
   */
  advance(learningRate: number, mostStreams?: number): Promise<StepResult>;
  position(): SessionPosition;
  /** What a snapshot holds of it; the arrays are its own. */
  parts(): Pick<TrainingSnapshot, 'weights' | 'moments' | 'average' | 'state' | 'random'>;
}

export interface SessionPosition {
  readonly step: number;
  readonly characters: number;
  readonly epoch: number;
  readonly window: number;
  /** Of the window that comes next: the first that was not read yet. */
  readonly stream: number;
  /** Epochs read, with the part of the running one. */
  readonly epochs: number;
}

/**
 * The windows that a session reads.
 * @param snapshot to go on from; null: from the start
 * @param among the machines that read them together; left out: one alone
 */
export function sessionBatches(
  { batch, sequence, batches, seed }: TrainingConfiguration,
  training: readonly Tokens[],
  snapshot: TrainingSnapshot | null,
  { machine, machines }: Pick<RoundSettings, 'machine' | 'machines'> = { machine: 0, machines: 1 },
): Batches {
  const share = { index: machine, count: machines };
  return createBatches(training, { batch, steps: sequence, order: batches, seed, share }, snapshot ?? undefined);
}

/**
 * @param stepper with the weights and moments to begin with
 * @param snapshot to go on from, of the same vocabulary; null: from the start
 * @param machine of several that train the same model: each has chance of its own
 */
export function createSession(
  stepper: Stepper,
  configuration: TrainingConfiguration,
  batches: Batches,
  initial: Weights,
  snapshot: TrainingSnapshot | null,
  machine = 0,
): Session {
  const seed = ~(configuration.seed + machine * machineDistance);
  const own: Own = {
    ...{ stepper, configuration, batches },
    random: snapshot === null ? createRandom(seed) : randomFromState(snapshot.random.training ?? []),
    step: snapshot?.step ?? 0,
    characters: snapshot?.characters ?? 0,
  };
  stepper.setState(carriedState(own, snapshot));
  const weights: Weights = { ...initial, values: stepper.weights };
  return {
    weights,
    average: { ...initial, values: stepper.average },
    advance: (learningRate, mostStreams) => advance(own, learningRate, mostStreams),
    position: () => positionOf(own),
    parts: () => ({
      weights: { ...weights, values: stepper.weights.slice() },
      average: stepper.average.slice(),
      moments: stepper.moments.map((values) => values.slice()),
      state: stepper.state(),
      random: { training: own.random.state() },
    }),
  };
}

/** Apart enough that no two machines drop the same units. */
const machineDistance = 104_729;

interface Own {
  readonly stepper: Stepper;
  readonly configuration: TrainingConfiguration;
  readonly batches: Batches;
  readonly random: Random;
  step: number;
  characters: number;
}

/**
 * The snapshot's state, where the corpus still gives as many streams. A fresh one is drawn where it does not, and
 * otherwise when a window comes that starts its streams anew.
 */
function carriedState(own: Own, snapshot: TrainingSnapshot | null): State {
  const units = own.batches.batch * own.configuration.model.hidden;
  if (snapshot?.state.every(({ length }) => length === units)) return snapshot.state;
  const { window, stream } = own.batches.position();
  return window + stream > 0 ? initialState(own) : zeroState(own.configuration.model, own.batches.batch);
}

function initialState({ configuration, batches, random }: Own, [first, end]: Streams = [0, batches.batch]): State {
  const { initialState: kind, model } = configuration;
  return kind === 'normal' ? normalState(model, end - first, random) : zeroState(model, end - first);
}

async function advance(own: Own, learningRate: number, mostStreams?: number): Promise<StepResult> {
  const { stepper, configuration, random } = own;
  const { window, streams, startsStreams } = own.batches.next(mostStreams);
  if (startsStreams) {
    const { hidden } = configuration.model;
    stepper.setState(replaceRows(stepper.state(), hidden, streams, initialState(own, streams)));
  }
  const dropoutSeed = configuration.dropout > 0 ? random.integer(2 ** 31 - 1) : null;
  const { nats, gradientNorm } = await stepper.step({
    window,
    streams,
    learningRate,
    update: own.step + 1,
    dropoutSeed,
  });
  const isFinite = Number.isFinite(nats) && Number.isFinite(gradientNorm);
  const characters = window.ids.length;
  if (isFinite) {
    own.step += 1;
    own.characters += characters;
  }
  return { nats, gradientNorm, characters, isFinite };
}

function positionOf({ batches, step, characters }: Own): SessionPosition {
  const { epoch, window, stream } = batches.position();
  const epochs = epoch + (window + stream / batches.batch) / batches.windowsPerEpoch;
  return { step, characters, epoch, window, stream, epochs };
}
