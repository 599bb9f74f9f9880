import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { withSetupLock } from '../../scripts/setup/setupLock.mjs';

describe('two set-ups at once', () => {
  let root = '';
  beforeEach(() => {
    root = mkdtempSync(path.join(tmpdir(), 'recur-lock-'));
  });
  afterEach(() => rmSync(root, { recursive: true }));
  const lockFile = () => path.join(root, '.cache', 'setup.lock');
  const silent = () => undefined;

  it('run one after the other', async () => {
    const events: string[] = [];
    const task = (name: string) => async () => {
      events.push(`${name} begins`);
      await new Promise((resolve) => setTimeout(resolve, 20));
      events.push(`${name} ends`);
    };
    await Promise.all([withSetupLock(root, silent, task('first')), withSetupLock(root, silent, task('second'))]);
    expect(events).toEqual(['first begins', 'first ends', 'second begins', 'second ends']);
    expect(existsSync(lockFile())).toBe(false);
  });

  it('do not wait for one that was killed', async () => {
    const pidAboveAllOthers = 2 ** 30;
    mkdirSync(path.dirname(lockFile()));
    writeFileSync(lockFile(), String(pidAboveAllOthers));
    expect(await withSetupLock(root, silent, () => Promise.resolve('done'))).toBe('done');
  });

  it('let the next one in after a failure', async () => {
    await expect(withSetupLock(root, silent, () => Promise.reject(new Error('no network')))).rejects.toThrow(
      'no network',
    );
    expect(existsSync(lockFile())).toBe(false);
  });
});
