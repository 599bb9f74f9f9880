import type * as vscode from 'vscode';
import type { CompletionStatistics, CompletionSummary } from '../protocol/completionStatistics';
import type { EngineStatus } from '../protocol/engine';
import type { PanelState } from '../protocol/panel';
import { modelDirectory } from './editor/modelFolder';
import { createRecurWindow } from './editor/recurWindow';
import { registerCompletion } from './completion/registerCompletion';
import { registerEngine } from './engine/registerEngine';
import { registerPanel } from './panel/registerPanel';
import { registerStatus } from './status/registerStatus';
import { registerTraining } from './training/registerTraining';

/** What other extensions, and tests, may look at. */
export interface RecurApi {
  status(): {
    readonly training: PanelState;
    readonly engine: EngineStatus;
    readonly modelDirectory: string | undefined;
    readonly completions: CompletionSummary & Pick<CompletionStatistics, 'latenciesMs'>;
  };
}

/** Registers everything, room by room, and starts nothing: processes come when they are first needed. */
export function activate(context: vscode.ExtensionContext): RecurApi {
  const window = createRecurWindow(context);
  const engines = registerEngine(window);
  const offers = registerCompletion(window, engines);
  registerTraining(window, engines);
  registerPanel(window, engines);
  registerStatus(window, engines);
  return {
    status: () => ({
      training: window.run.state,
      engine: engines.status,
      modelDirectory: modelDirectory(context),
      completions: { ...offers.summary, latenciesMs: offers.statistics.latenciesMs },
    }),
  };
}
