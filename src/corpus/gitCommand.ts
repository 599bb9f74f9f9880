/**
 * How git is asked about a folder that may be hostile: a repository brings its own configuration, which must run nothing
 * (no file system monitor) and fetch nothing (no missing objects of a partial clone). With that it may be someone else's, as
 * in containers: what is asked reads no more of it than the ignore rules and the index.
 * @param directory absolute
 */
export function gitArguments(directory: string, commands: readonly string[]): string[] {
  const options = ['core.fsmonitor=false', 'safe.directory=*', 'safe.bareRepository=explicit', 'protocol.allow=never'];
  return [...options.flatMap((option) => ['-c', option]), '-C', directory, ...commands];
}

/** The environment for git: without the variables that point it at another repository, as they stand in a hook. */
export function gitEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
): Record<string, string | undefined> {
  const kept = /^GIT_(CONFIG_(GLOBAL|SYSTEM|NOSYSTEM)|EXEC_PATH|CEILING_DIRECTORIES)$/i;
  const own = Object.entries(environment).filter(([name]) => !/^GIT_/i.test(name) || kept.test(name));
  return {
    ...Object.fromEntries(own),
    ...{ GIT_OPTIONAL_LOCKS: '0', GIT_TERMINAL_PROMPT: '0', GIT_PAGER: 'cat', GIT_NO_LAZY_FETCH: '1', LC_ALL: 'C' },
  };
}
