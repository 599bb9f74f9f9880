import { spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
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

  it('run one after the other, and the second says whom it waits for', async () => {
    const events: string[] = [];
    const told = new EventEmitter();
    const waits = once(told, 'wait');
    const begun = once(told, 'begin');
    const first = withSetupLock(root, silent, async () => {
      events.push('first begins');
      told.emit('begin');
      await waits;
      events.push('first ends');
    });
    await begun;
    const wait = (line: string) => void told.emit('wait', line);
    await withSetupLock(root, wait, () => Promise.resolve(events.push('second')));
    await first;
    expect(events).toEqual(['first begins', 'first ends', 'second']);
    expect(await waits).toEqual([`waiting for another set-up of this project (process ${process.pid}) …`]);
    expect(existsSync(lockFile())).toBe(false);
  });

  it('do not wait for one that was killed', async () => {
    const script = path.resolve('scripts/setup/setupLock.mjs');
    const killed = `
      const { withSetupLock } = await import(${JSON.stringify(script)});
      await withSetupLock(${JSON.stringify(root)}, () => {}, () => {
        console.log('begun');
        return new Promise((resolve) => setTimeout(resolve, 600_000));
      });
    `;
    const child = spawn(process.execPath, ['--input-type=module', '-e', killed], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(child.stdout, 'data');
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(existsSync(lockFile())).toBe(true);
    const waits: string[] = [];
    expect(
      await withSetupLock(
        root,
        (line) => waits.push(line),
        () => Promise.resolve('done'),
      ),
    ).toBe('done');
    expect(waits).toEqual([]);
  });

  it('let the next one in after a failure', async () => {
    await expect(withSetupLock(root, silent, () => Promise.reject(new Error('no network')))).rejects.toThrow(
      'no network',
    );
    expect(existsSync(lockFile())).toBe(false);
  });
});
