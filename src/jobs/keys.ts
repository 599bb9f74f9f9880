/** Names of models in a store. */
export const namePattern = /^[a-z\d][a-z\d._-]{0,99}$/;

/** Whose checkpoints and differences: the job itself, or one of the machines that train its model. */
export function ownerOf(job: string, machine: number | null): string {
  return machine === null ? job : `${job}/machines/${machine + 1}`;
}

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
  /** A pointer that is made once, for a job on several machines: what they begin with. */
  start: (job: string): string => `jobs/${job}/start.json`,
  /** A pointer: the checkpoint that a job, or a machine of it, goes on from. */
  checkpoint: (owner: string): string => `jobs/${owner}/checkpoint.json`,
  checkpointFile: (owner: string, attempt: string, file: string): string =>
    `jobs/${owner}/checkpoints/${attempt}/${file}`,
  /** A pointer: the last differences of a machine. */
  differences: (owner: string): string => `jobs/${owner}/differences.json`,
  /** An object named by its content. */
  difference: (owner: string, sha256: string): string => `jobs/${owner}/differences/${sha256}`,
};
