/** A call is not answered because the process that was asked has ended; whoever keeps it running tells the user. */
export class ProcessEnded extends Error {
  override readonly name = 'ProcessEnded';

  /**
   * @param how it ended
   * @param wasGone it had ended before it was asked, so that the call has nothing to do with it
   */
  constructor(
    how: string,
    readonly wasGone = false,
  ) {
    super(`The process has ended (${how}).`);
  }
}
