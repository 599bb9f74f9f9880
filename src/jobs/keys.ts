/** Names of models in a store. */
export const namePattern = /^[a-z\d][a-z\d._-]{0,99}$/;

/** Where things lie in a store. */
export const keys = {
  /** A pointer: the versions of a model, the one in use last. */
  versions: (name: string): string => `models/${name}/versions.json`,
  /** An object named by its content: manifests, graphs, configurations of runs. */
  object: (name: string, sha256: string): string => `models/${name}/objects/${sha256}`,
  /** A pointer that is made once: what a job has trained. */
  result: (job: string): string => `jobs/${job}/result.json`,
  /** A pointer that is made once, for a job with an id of its own: what it trains on. */
  begun: (job: string): string => `jobs/${job}/begun.json`,
  /** A pointer: the checkpoint that a job goes on from. */
  checkpoint: (job: string): string => `jobs/${job}/checkpoint.json`,
  checkpointFile: (job: string, attempt: string, file: string): string => `jobs/${job}/checkpoints/${attempt}/${file}`,
};
