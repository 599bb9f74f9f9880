import type { Connection, WorkDoneProgressServerReporter } from 'vscode-languageserver/node';

/** Shows how work goes. */
export interface ShownProgress {
  /** @param percent from 0 to 100; undefined: the end is not known */
  report(message: string, percent?: number): void;
}

export interface ProgressOptions {
  readonly title: string;
  /** The user may end the work; undefined: that cannot be done. */
  readonly cancel?: () => void;
}

/** Works, and shows that the client's way for as long; a client that shows no progress is told of none. */
export async function withProgress<Result>(
  connection: Connection,
  { title, cancel }: ProgressOptions,
  work: (progress: ShownProgress) => Promise<Result>,
): Promise<Result> {
  const begun = begin(connection, title, cancel);
  try {
    return await work({
      report: (message, percent) => {
        void begun.then((shown) => (percent === undefined ? shown?.report(message) : shown?.report(percent, message)));
      },
    });
  } finally {
    void begun.then((shown) => shown?.done());
  }
}

async function begin(
  connection: Connection,
  title: string,
  cancel: (() => void) | undefined,
): Promise<WorkDoneProgressServerReporter | undefined> {
  try {
    const shown = await connection.window.createWorkDoneProgress();
    shown.begin(title, cancel === undefined ? undefined : 0, undefined, cancel !== undefined);
    if (cancel !== undefined) shown.token.onCancellationRequested(cancel);
    return shown;
  } catch {
    // The client does not show it, and nothing else depends on that.
    return undefined;
  }
}
