import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cp, mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Project } from './projects';

const run = promisify(execFile);

/**
 * The hand-written sources of a project, in a folder of their own; downloaded and checked the first time.
 * @throws where the archive is not the one that was pinned
 */
export async function sourcesOf(project: Project, directory: string): Promise<string> {
  const sources = join(directory, 'sources');
  if ((await stat(sources).catch(() => undefined)) !== undefined) return sources;
  const temporary = join(directory, 'unpacked');
  await rm(temporary, { recursive: true, force: true });
  await mkdir(join(temporary, 'archive'), { recursive: true });
  const archive = join(temporary, await download(project, temporary));
  check(project, await readFile(archive));
  await run('tar', ['xzf', archive, '--strip-components=1', '-C', join(temporary, 'archive')]);
  const chosen = join(temporary, 'sources');
  for (const folder of project.folders) await copyChosen(project, join(temporary, 'archive'), chosen, folder);
  await rename(chosen, sources);
  await rm(temporary, { recursive: true, force: true });
  return sources;
}

/** @returns the name of the archive */
async function download(project: Project, directory: string): Promise<string> {
  const requirement = `${project.package}${project.registry === 'npm' ? '@' : '=='}${project.version}`;
  if (project.registry === 'npm') await run('npm', ['pack', requirement, '--silent'], { cwd: directory });
  else
    await run('python3', ['-m', 'pip', 'download', '--no-deps', '--no-binary', ':all:', requirement, '-d', directory]);
  return (await readdir(directory)).find((name) => /\.(tgz|tar\.gz)$/.test(name))!;
}

function check({ name, registry, integrity }: Project, bytes: Uint8Array): void {
  const found =
    registry === 'npm'
      ? `sha512-${createHash('sha512').update(bytes).digest('base64')}`
      : `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
  if (found !== integrity) throw new Error(`The archive of ${name} is not the one that was pinned: ${found}.`);
}

async function copyChosen({ without, extensions }: Project, from: string, to: string, folder: string): Promise<void> {
  await cp(join(from, folder), join(to, folder), {
    recursive: true,
    filter: async (path) => {
      if (without.some((left) => path === join(from, left))) return false;
      return (await stat(path)).isDirectory() || extensions.some((extension) => path.endsWith(extension));
    },
  });
}
