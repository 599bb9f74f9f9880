import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, expect, it } from 'vitest';
import { bundleEntry } from '../../ipc/bundle';

// Inside the project, where the native packages are found.
const bundles = join(import.meta.dirname, '../../../.cache/sleep-test');

afterAll(() => rm(bundles, { recursive: true, force: true }));

it.skipIf(process.platform === 'win32')(
  'goes on after a sleep that is longer than threads wait for one another',
  async () => {
    await mkdir(bundles, { recursive: true });
    const bundle = await bundleEntry(join(import.meta.dirname, 'fixtures/sleepyTraining.ts'), bundles);
    const child = spawn(process.execPath, [bundle, join(import.meta.dirname, '../../../dist/replica.js')], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, TF_NUM_INTRAOP_THREADS: '1', TF_NUM_INTEROP_THREADS: '1', TF_CPP_MIN_LOG_LEVEL: '3' },
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text: Buffer) => (output += text.toString()));
    while (!output.includes('training') && child.exitCode === null && child.signalCode === null) await setTimeout(5);
    child.kill('SIGSTOP');
    await setTimeout(9_000);
    child.kill('SIGCONT');
    const code = child.exitCode ?? ((await once(child, 'exit')) as [number])[0];
    expect(output).toMatch(/training\ndone\n$/);
    expect(code).toBe(0);
  },
  120_000,
);
