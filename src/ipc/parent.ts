import { useParentsLanguage } from '../core/language';
import type { Logger, LogLevel } from '../core/logger';
import { connect, type Remote } from './channel';

/** Calls from a child to the process that started it. */
interface ParentEvents {
  log(level: LogLevel, message: string): void;
}

/**
 * Serves functions to the parent process and gives back the events to tell it. The child ends itself when its parent
 * is gone, and leaves signals to it, which has something to save first: terminals, service managers and `timeout` send them to
 * the whole process group.
 */
export function serveParent<Events extends ParentEvents>(
  create: (events: Remote<Events>, logger: Logger) => object,
  eventNames: readonly (keyof Events & string)[],
): void {
  if (process.send === undefined) throw new Error('This file is a process of Recur and is started by it.');
  useParentsLanguage();
  const functions = {};
  const events = connect<Events>(process, functions, eventNames, ({ message }) => {
    console.error(message);
    process.exit(1);
  });
  Object.assign(functions, create(events, loggerTo(events as unknown as Remote<ParentEvents>)));
  process.on('disconnect', () => process.exit(0));
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
}

function loggerTo(events: Remote<ParentEvents>): Logger {
  const write = (level: LogLevel) => (message: string) => void events.log.asEvent(level, message);
  return { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
}
