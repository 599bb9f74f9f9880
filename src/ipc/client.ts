import * as l10n from '@vscode/l10n';
import { UserError } from '../core/errors';
import type { EngineEvents, EngineFunctions } from '../protocol/engine';
import type { TrainerEvents, TrainerFunctions } from '../protocol/trainer';
import { afterCrashVariable } from './afterCrash';
import type { Remote } from './channel';
import { startChild, type Child, type ProcessOptions } from './childProcess';
import { ProcessEnded } from './processEnded';
import { createRestartDelay } from './restartDelay';

export type { ProcessOptions } from './childProcess';

/** A trainer process; one for each training or probe. */
export type TrainerClient = Child<TrainerFunctions>;

/**
 * A training thread's TensorFlow context has one thread. Every step allocates the same large tensors anew: glibc's allocator,
 * where there is one, keeps their memory instead of handing it back to the system after each step and faulting it in again,
 * which takes 3 to 5 % of the time. Both are read when the process starts; what the user has set for glibc comes last and wins.
 */
export const trainerEnvironment = {
  ...{ TF_NUM_INTRAOP_THREADS: '1', TF_NUM_INTEROP_THREADS: '1' },
  GLIBC_TUNABLES: [
    ...['trim_threshold=4294967296', 'mmap_threshold=4294967296', 'top_pad=67108864'].map(
      (tunable) => `glibc.malloc.${tunable}`,
    ),
    ...(process.env.GLIBC_TUNABLES ?? '').split(':').filter((tunable) => tunable !== ''),
  ].join(':'),
};

const ignore = (): void => undefined;
const alone = (): Promise<never> => Promise.reject(new Error('This machine trains alone.'));

/**
 * Starts a trainer. Its end while a call waits rejects that call.
 * @param events those left out are ignored, but for `log`, which is written to the logger
 */
export function startTrainer(options: ProcessOptions, events: Partial<TrainerEvents> = {}): TrainerClient {
  const all: TrainerEvents = {
    log: (level, message) => options.logger[level](message),
    corpus: ignore,
    fromRandomWeights: (reason) => options.logger.info(reason),
    start: ignore,
    progress: ignore,
    validation: ignore,
    paused: ignore,
    checkpoint: ignore,
    exported: ignore,
    sample: ignore,
    agree: alone,
    meet: alone,
    ...events,
  };
  return startChild<TrainerFunctions>(
    { ...options, environment: { ...trainerEnvironment, ...options.environment } },
    all,
  );
}

/** An engine that is started again when it crashes. */
export interface EngineClient {
  /** Calls to the engine that runs now. While none runs they are rejected ({@link ProcessEnded}). */
  readonly remote: Remote<EngineFunctions>;
  dispose(): void;
}

export interface EngineOptions extends ProcessOptions {
  /** Called after every start but the first: nothing that the last engine was told is known to this one. */
  onRestart?(): void;
  /** Called once, at the first crash. */
  onCrash?(error: UserError): void;
}

/**
 * Starts the engine and keeps it running: after a crash it comes back at once, or later and later where it does not start well.
 * @param events those left out are ignored, but for `log`, which is written to the logger
 */
export function startEngine(options: EngineOptions, events: Partial<EngineEvents> = {}): EngineClient {
  const all: EngineEvents = {
    log: (level, message) => options.logger[level](message),
    evaluated: ignore,
    replayed: ignore,
    calibrated: ignore,
    providers: ignore,
    ...events,
  };
  let disposed = false;
  let crashes = 0;
  const delayAfter = createRestartDelay();
  let timer: NodeJS.Timeout | undefined;
  let child = start();
  let remote = child.remote;

  function start(): Child<EngineFunctions> {
    const startedAtMs = performance.now();
    const environment = crashes > 0 ? { ...options.environment, [afterCrashVariable]: '1' } : options.environment;
    const started = startChild<EngineFunctions>({ ...options, ...(environment && { environment }) }, all);
    void started.exited.then((how) => {
      if (!disposed) restartLater(how, performance.now() - startedAtMs);
    });
    return started;
  }

  function restartLater(how: string, ranMs: number): void {
    crashes++;
    remote = rejecting(new ProcessEnded(how, true));
    const delayMs = delayAfter({ atMs: performance.now(), ranMs });
    options.logger.error(`The engine has ended (${how}); it is started again in ${delayMs} ms.`);
    if (crashes === 1) {
      options.onCrash?.(
        new UserError(l10n.t`The completion engine has ended (${how}).`, l10n.t('It is being started again.')),
      );
    }
    timer = setTimeout(() => {
      child = start();
      remote = child.remote;
      options.onRestart?.();
    }, delayMs);
  }

  return {
    get remote() {
      return remote;
    },
    dispose() {
      disposed = true;
      clearTimeout(timer);
      child.dispose();
    },
  };
}

/** Whatever is called, it is rejected. */
function rejecting(error: Error): Remote<EngineFunctions> {
  const reject = (): Promise<never> => Promise.reject(error);
  return new Proxy({} as Remote<EngineFunctions>, { get: (_, name) => (name === 'then' ? undefined : reject) });
}
