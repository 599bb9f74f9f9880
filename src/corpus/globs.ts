import picomatch from 'picomatch/posix';
import type { CorpusConfiguration } from '../core/configuration';

/**
 * Which paths `include` and `exclude` let through. The globs are VS Code's (`*`, `**`, `?`, `{a,b}`, `[a-z]`), relative
 * to the workspace folder; one that names a folder stands for all below it, and one without `/` holds at every depth.
 * @returns a function of a path relative to its workspace folder, with `/`
 */
export function createPathFilter(globs: Pick<CorpusConfiguration, 'include' | 'exclude'>): (path: string) => boolean {
  const included = globs.include.length === 0 ? () => true : matcherOf(globs.include);
  const excluded = matcherOf(globs.exclude);
  return (path) => included(path) && !excluded(path);
}

function matcherOf(globs: readonly string[]): (path: string) => boolean {
  const matchers = globs
    .filter((glob) => glob.trim() !== '')
    .map((glob) => picomatch(expand(glob), { dot: true, nonegate: true }));
  return (path) => matchers.some((matches) => matches(path));
}

// `src` stands for `src` and all below it, at every depth; `lib/*.ts` and `/src` hold from the root of the folder on.
function expand(glob: string): string[] {
  const anchored = glob.trim().replace(/\/+$/, '').includes('/');
  const trimmed = glob
    .trim()
    .replace(/^(\.?\/)+/, '')
    .replace(/\/+$/, '');
  const rooted = anchored ? trimmed : `**/${trimmed}`;
  return [rooted, `${rooted}/**`];
}
