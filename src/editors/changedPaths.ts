/** Gathers paths of changed files until the changes come to rest. */
export interface ChangedPaths {
  add(path: string): void;
  /** Forgets what was gathered. */
  dispose(): void;
}

/** Changes come in crowds: a checkout, a formatter, a build. */
const quietMs = 1_000;
/** Where they never come to rest. */
const longestMs = 10_000;
/** Where more have changed all are looked at anew. */
const mostPaths = 10_000;

/** @param tell takes the paths, once each; null where there are too many to name */
export function createChangedPaths(tell: (paths: readonly string[] | null) => void): ChangedPaths {
  const paths = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  let firstMs = 0;

  function end(): void {
    timer = undefined;
    const told = paths.size > mostPaths ? null : [...paths];
    paths.clear();
    tell(told);
  }

  return {
    add(path) {
      const nowMs = performance.now();
      if (timer === undefined) firstMs = nowMs;
      if (paths.size <= mostPaths) paths.add(path);
      clearTimeout(timer);
      timer = setTimeout(end, Math.min(quietMs, Math.max(0, firstMs + longestMs - nowMs)));
    },
    dispose() {
      clearTimeout(timer);
      timer = undefined;
      paths.clear();
    },
  };
}
