import { isUserError, UserError } from '../core/errors';

/** What lies at a key that may be replaced, and a tag that changes with it. */
export interface Pointer {
  readonly data: Uint8Array;
  readonly tag: string;
}

/**
 * Where jobs on several machines keep what they share. Keys are paths with `/`. There are two kinds of them: objects are written
 * once and never change; pointers change, by conditional writes only, so that of several who write at the same time one wins.
 * Every function throws a UserError where the store cannot be used ({@link TemporaryError} where trying again may help).
 */
export interface ObjectStore {
  /** For messages; holds no secret. */
  readonly name: string;
  /** undefined where there is no such object. */
  read(key: string): Promise<Uint8Array | undefined>;
  /** Writes an object; whoever reads sees it whole or not at all. */
  write(key: string, data: Uint8Array): Promise<void>;
  /** Whether there is such an object. */
  has(key: string): Promise<boolean>;
  /** Removes an object, if it is there. */
  remove(key: string): Promise<void>;
  /** undefined where there is no such pointer. */
  readPointer(key: string): Promise<Pointer | undefined>;
  /**
   * Writes a pointer where nobody else has done so since it was read.
   * @param tag as it was read; undefined: there must be none
   * @returns whether it was written; false: read it again, it may hold what was to be written all the same
   */
  movePointer(key: string, data: Uint8Array, tag: string | undefined): Promise<boolean>;
  /** Removes a pointer, if it is there. */
  removePointer(key: string): Promise<void>;
}

/** What passes by itself, or by somebody else's doing: the same command may be tried again later. */
export class TemporaryError extends UserError {
  readonly isTemporary = true;
}

/** Whether an error is a {@link TemporaryError}, also one from another bundle. */
export function isTemporary(error: unknown): boolean {
  return isUserError(error) && 'isTemporary' in error;
}
