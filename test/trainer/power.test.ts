import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { silentLogger } from '../../src/core/logger';
import { watchPower, type BatteryState } from '../../src/trainer/power';

describe('the source of power', () => {
  it.each<[string, BatteryState, boolean]>([
    ['a laptop on its battery', { hasBattery: true, acConnected: false }, true],
    ['a laptop that is plugged in', { hasBattery: true, acConnected: true }, false],
    ['a machine without a battery', { hasBattery: false, acConnected: false }, false],
  ])('of %s', async (_, state, onBattery) => {
    const power = await watchPower(silentLogger, () => Promise.resolve(state));
    expect(power.onBattery()).toBe(onBattery);
    power.stop();
  });

  it('is looked at again and again, and is no battery where the system does not say', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    onTestFinished(() => void vi.useRealTimers());
    const answers = [
      () => Promise.resolve({ hasBattery: true, acConnected: true }),
      () => Promise.resolve({ hasBattery: true, acConnected: false }),
      () => Promise.reject(new Error('no such device')),
    ];
    let asked = 0;
    const power = await watchPower(silentLogger, () => answers[asked++]!(), 100);
    expect(power.onBattery()).toBe(false);
    await vi.advanceTimersByTimeAsync(100);
    expect(power.onBattery()).toBe(true);
    await vi.advanceTimersByTimeAsync(100);
    expect(power.onBattery()).toBe(false);
    power.stop();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(asked).toBe(3);
  });
});
