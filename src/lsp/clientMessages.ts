import { MessageType, ShowMessageNotification, type Connection } from 'vscode-languageserver/node';
import { describeError, isUserError } from '../core/errors';
import type { Logger } from '../core/logger';

/** What is written to the client's log. */
export function clientLogger({ console }: Connection): Logger {
  return {
    debug: (message) => console.debug(message),
    info: (message) => console.info(message),
    warn: (message) => console.warn(message),
    error: (message) => console.error(message),
  };
}

/** Shows a sentence to the user, who need not answer. */
export function inform(connection: Connection, message: string): void {
  show(connection, MessageType.Info, message);
}

/** Says what the user must act on; of our own defects one sentence, and the stack in the log. */
export function report(connection: Connection, error: unknown): void {
  if (isUserError(error)) {
    show(connection, MessageType.Warning, describeError(error));
    return;
  }
  connection.console.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
  show(connection, MessageType.Error, `Recur has failed: ${describeError(error)}`);
}

function show(connection: Connection, type: MessageType, message: string): void {
  // A client that is gone reads nothing.
  connection.sendNotification(ShowMessageNotification.type, { type, message }).catch(() => undefined);
}
