import { battery } from 'systeminformation';
import type { Logger } from '../core/logger';

/** What systeminformation says of the battery. */
export interface BatteryState {
  readonly hasBattery: boolean;
  readonly acConnected: boolean;
}

export interface PowerWatch {
  /** Whether the machine ran on its battery when it was last looked at. */
  onBattery(): boolean;
  stop(): void;
}

/** On some systems a look starts a program. */
const lookEveryMs = 15_000;

/** Looks at the source of power now and again. Where the system does not say, there is no battery. */
export async function watchPower(
  logger: Logger,
  read: () => Promise<BatteryState> = battery,
  everyMs = lookEveryMs,
): Promise<PowerWatch> {
  let onBattery = false;
  const look = async (): Promise<void> => {
    try {
      const { hasBattery, acConnected } = await read();
      onBattery = hasBattery && !acConnected;
    } catch (error) {
      logger.debug(`The battery cannot be looked at: ${String(error)}`);
      onBattery = false;
    }
  };
  await look();
  const timer = setInterval(() => void look(), everyMs);
  timer.unref();
  return { onBattery: () => onBattery, stop: () => clearInterval(timer) };
}
