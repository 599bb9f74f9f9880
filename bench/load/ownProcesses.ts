import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** A child of this process. */
export interface OwnProcess {
  readonly pid: number;
  readonly megabytes: number;
}

/** The child that runs the bundle of this name, where there is one. */
export async function ownProcess(bundle: 'engine' | 'trainer'): Promise<OwnProcess | undefined> {
  const { stdout } = await execute('ps', ['-A', '-ww', '-o', 'pid=,ppid=,rss=,args=']);
  for (const line of stdout.split('\n')) {
    const [pid, parent, kilobytes] = line.trim().split(/\s+/, 3).map(Number);
    if (parent !== process.pid || !line.endsWith(`${bundle}.js`)) continue;
    return { pid: pid!, megabytes: kilobytes! / 1024 };
  }
  return undefined;
}
