/**
 * Something the user must act on: shown once, as one sentence that says what is wrong, with what to do about it.
 * Every other error is a defect of ours and is logged with its stack.
 */
export class UserError extends Error {
  override readonly name = 'UserError';

  /**
   * @param message what is wrong, as a sentence
   * @param remedy what the user can do about it, as a sentence
   */
  constructor(
    message: string,
    readonly remedy: string,
  ) {
    super(message);
  }
}

/** Whether work has ended because it was told to, which is neither an error nor a crash; also across a process boundary. */
export function isAborted(error: unknown): error is Error {
  return error instanceof Error && error.name === 'AbortError';
}

/** The text to show for any thrown value: message and remedy for a {@link UserError}, the message for the rest. */
export function describeError(error: unknown): string {
  if (isUserError(error)) return `${error.message} ${error.remedy}`;
  return error instanceof Error ? error.message : String(error);
}

/** Whether a value is a {@link UserError}, also one that has crossed a process boundary and lost its prototype. */
export function isUserError(error: unknown): error is UserError {
  return error instanceof Error && error.name === 'UserError' && 'remedy' in error && typeof error.remedy === 'string';
}

/** Whether an error says that a file or folder does not exist. */
export function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
}
