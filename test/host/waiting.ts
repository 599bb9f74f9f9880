import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Asks again and again until there is a value.
 * @param what completes the sentence 'waited in vain until …'
 * @param find undefined, false and an error mean: not yet
 */
export async function until<Value>(
  what: string,
  find: () => Value | undefined | false | Promise<Value | undefined | false>,
  timeoutMs = 120_000,
): Promise<Value> {
  const deadline = Date.now() + timeoutMs;
  let problem = '';
  for (;;) {
    try {
      const value = await find();
      if (value !== undefined && value !== false) return value;
    } catch (error) {
      problem = `: ${String(error)}`;
    }
    if (Date.now() > deadline) throw new Error(`waited ${timeoutMs / 1000} s in vain until ${what}${problem}`);
    await sleep(100);
  }
}
