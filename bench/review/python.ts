import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';

/**
 * What a script beside this file answers to a request, as JSON.
 * @param modules a folder of packages that it needs
 */
export function askPython(script: string, request: unknown, modules?: string): unknown {
  const { stdout, status, stderr } = spawnSync('python3', [resolve('bench/review', script)], {
    input: JSON.stringify(request),
    encoding: 'utf8',
    maxBuffer: 1 << 30,
    env: { ...process.env, ...(modules !== undefined && { PYTHONPATH: modules }) },
  });
  if (status !== 0) throw new Error(`${script} failed: ${stderr}`);
  return JSON.parse(stdout) as unknown;
}
