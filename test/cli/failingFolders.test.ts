import { execFileSync } from 'node:child_process';
import { chmod, cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { paths, readModel } from '../../src/store/modelDirectory';
import { compilePreload, noFolderSync, noLinks } from '../store/fileSystems';
import { runCli, startCli } from './runCli';

const fixture = join(import.meta.dirname, '../fixtures/workspace');
const small = ['--hidden', '32', '--embedding', '16', '--batch', '8', '--sequence', '32', '--json'];
const isRoot = process.getuid?.() === 0;
const timeoutMs = 240_000;

let directory: string;
let workspace: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'recur-failing-'));
  workspace = join(directory, 'workspace');
  await cp(fixture, workspace, { recursive: true });
});

afterAll(() => rm(directory, { recursive: true, force: true }));

const train = (out: string, ...more: string[]) => runCli('train', workspace, '--out', out, ...small, ...more);

/** Whether a small file system can be mounted: needs root, and a container that allows it. */
function mountSmallDisk(folder: string, bytes: number): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${bytes}`, 'tmpfs', folder], { stdio: 'ignore' });
    onTestFinished(() => void execFileSync('umount', [folder]));
    return true;
  } catch {
    return false;
  }
}

describe('a training', () => {
  it(
    'says that the disk is full, keeps the model in use, and goes on when there is space again',
    async (context) => {
      const out = join(directory, 'full');
      await mkdir(out);
      if (process.platform !== 'linux' || !isRoot || !mountSmallDisk(out, 4_000_000)) {
        context.skip('a small disk can be mounted by root on Linux only');
      }
      expect((await train(out, '--steps', '26')).code).toBe(0);
      const before = await readModel(out);
      // What is left does not hold another export.
      await writeFile(join(out, 'filler'), Buffer.alloc(10_000_000)).catch(() => undefined);
      const full = await train(out, '--resume', '--steps', '26');
      expect(full.code).toBe(1);
      expect(full.stderr.trim().split('\n').at(-1)).toBe(
        `recur: The disk with ${out} is full. Free some space; the last model that was written whole stays in use.`,
      );
      expect((await readModel(out)).directory).toBe(before.directory);
      await rm(join(out, 'filler'));
      const after = await train(out, '--resume', '--steps', '26');
      expect(after.code).toBe(0);
      expect((await readModel(out)).directory).not.toBe(before.directory);
    },
    timeoutMs,
  );

  it(
    'is refused in one sentence where the folder cannot be written to',
    async (context) => {
      const out = join(directory, 'readOnly');
      await mkdir(out);
      if (isRoot) {
        if (!mountSmallDisk(out, 1_000_000))
          context.skip('root can write to every folder that is not on a disk of its own');
        execFileSync('mount', ['-o', 'remount,ro', out]);
      } else await chmod(out, 0o555);
      const result = await train(out, '--steps', '1');
      expect(result).toMatchObject({ code: 1, stdout: '' });
      expect(result.stderr).toMatch(
        /^recur: The folder .*readOnly cannot be written to \(E\w+\)\. Make it writable, .*\n$/,
      );
    },
    timeoutMs,
  );

  it(
    'writes its run again where the folder was deleted, and loses nothing',
    async () => {
      const out = join(directory, 'deleted');
      const run = startCli(['train', workspace, '--out', out, '--minutes', '10', ...small]);
      await run.until('"type":"progress"');
      await rm(out, { recursive: true, maxRetries: 5 });
      run.child.kill('SIGINT');
      const result = await run.result;
      expect(result.code).toBe(0);
      const { model, steps } = result.lines.at(-1)! as { model: string; steps: number };
      expect((await readModel(out)).directory).toBe(model);
      const resumed = await train(out, '--resume', '--steps', '3');
      expect(resumed.lines.at(-1)).toMatchObject({ type: 'done', steps: steps + 3 });
    },
    timeoutMs,
  );

  it(
    'is refused while another one trains in the folder, with who that is',
    async () => {
      const out = join(directory, 'twice');
      const run = startCli(['train', workspace, '--out', out, '--minutes', '10', ...small]);
      await run.until('"type":"progress"');
      const [entry] = await readdir(paths.lock(out));
      const holder = JSON.parse(await readFile(join(paths.lock(out), entry!), 'utf8')) as { pid: number };
      const second = await train(out, '--steps', '1');
      expect(second).toMatchObject({ code: 1, stdout: '' });
      expect(second.stderr).toMatch(
        new RegExp(
          `^recur: Another training runs in .*twice: process ${holder.pid}, since \\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d\\. Wait for it to end, or stop it\\.\\n$`,
        ),
      );
      run.child.kill('SIGINT');
      expect((await run.result).code).toBe(0);
    },
    timeoutMs,
  );

  it(
    'works on a file system without hard links, whose folders cannot be synced',
    async (context) => {
      const preload = compilePreload(context.skip, join(directory, 'poor.so'), noLinks, noFolderSync);
      const out = join(directory, 'poor');
      const run = startCli(['train', workspace, '--out', out, '--steps', '2', ...small], { LD_PRELOAD: preload });
      const { code, stderr } = await run.result;
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect((await readModel(out)).directory).toContain(out);
    },
    timeoutMs,
  );
});
