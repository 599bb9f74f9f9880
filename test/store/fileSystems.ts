import { spawnSync } from 'node:child_process';
import { missingTool } from '../missingTool';

/** A file system without hard links (exFAT, shared folders of virtual machines) as a process sees it. */
export const noLinks = `
#include <errno.h>
int link(const char *from, const char *to) { errno = EPERM; return -1; }
int linkat(int fromFolder, const char *from, int toFolder, const char *to, int flags) { errno = EPERM; return -1; }
`;

/** A file system whose folders cannot be synced (some of FUSE, 9p, SMB). */
export const noFolderSync = `
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <sys/stat.h>
int fsync(int file) {
  struct stat found;
  if (fstat(file, &found) == 0 && S_ISDIR(found.st_mode)) { errno = EINVAL; return -1; }
  int (*original)(int) = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
  return original(file);
}
`;

/**
 * Compiles what `LD_PRELOAD` puts before the C library; skips the test where that cannot be had.
 * @param skip vitest's, of the running test
 * @param file the library to write
 * @param sources in C
 */
export function compilePreload(skip: (reason: string) => never, file: string, ...sources: string[]): string {
  if (process.platform !== 'linux') skip('only glibc and musl know LD_PRELOAD');
  const input = sources.sort(
    (one, other) => Number(other.includes('_GNU_SOURCE')) - Number(one.includes('_GNU_SOURCE')),
  );
  const args = ['-shared', '-fPIC', '-x', 'c', '-', '-o', file, '-ldl'];
  const { status, error, stderr } = spawnSync('cc', args, { input: input.join(''), encoding: 'utf8' });
  if (error !== undefined) return missingTool(skip, 'there is no C compiler (cc)');
  if (status !== 0) throw new Error(stderr);
  return file;
}
