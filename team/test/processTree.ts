import { readFile } from 'node:fs/promises';
import { until } from './cluster';

/** The processes that this one has started, and theirs (Linux). */
export async function startedBy(pid: number): Promise<number[]> {
  const children = (await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')).split(' ').filter((id) => id !== '');
  const below = await Promise.all(children.map((child) => startedBy(Number(child)).catch(() => [])));
  return [...children.map(Number), ...below.flat()];
}

/** Resolves when none of these processes runs any more. */
export async function untilEnded(pids: readonly number[]): Promise<void> {
  await until(async () => ((await Promise.all(pids.map(runs))).includes(true) ? undefined : true));
}

async function runs(pid: number): Promise<boolean> {
  try {
    // Where nobody has asked for its exit status a process that has ended is still listed, as a zombie.
    return !(await readFile(`/proc/${pid}/stat`, 'utf8')).includes(') Z ');
  } catch {
    return false;
  }
}
