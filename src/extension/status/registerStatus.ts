import { commands } from '../editor/commands';
import type { EngineHost } from '../../editors/engineHost';
import type { RecurWindow } from '../editor/recurWindow';
import { createStatusBar } from './statusBar';

/** The item in the status bar, and the log behind it. */
export function registerStatus(window: RecurWindow, engines: EngineHost): void {
  window.keep(createStatusBar(window.run, engines));
  window.command(commands.showLog, () => window.log.show());
}
