import * as vscode from 'vscode';
import type { CompletionStatistics, CompletionSummary } from '../protocol/completionStatistics';
import type { EngineStatus } from '../protocol/engine';
import type { HeatedWord } from '../surprise/heatLevels';
import type { PanelState } from '../protocol/panel';
import { modelDirectory } from './editor/currentModel';
import { createRecurWindow } from './editor/recurWindow';
import { registerCompletion } from './completion/registerCompletion';
import { registerEngine } from './engine/registerEngine';
import { registerPanel } from './panel/registerPanel';
import { registerReview } from './review/registerReview';
import type { ShownLine } from './review/reviewTree';
import { registerSidebar, type Sidebar } from './sidebar/registerSidebar';
import { registerStatus } from './status/registerStatus';
import { registerSurprise } from './surprise/registerSurprise';
import { registerTraining } from './training/registerTraining';

/** What other extensions, and tests, may look at. */
export interface RecurApi {
  status(): {
    readonly training: PanelState;
    readonly engine: EngineStatus;
    readonly modelDirectory: string | undefined;
    readonly completions: CompletionSummary & Pick<CompletionStatistics, 'latenciesMs'>;
  };
  /** The surprising words of an open document whose heat map is on, once all of it is read; undefined where it cannot be. */
  surprisingWords(uri: string): Promise<readonly HeatedWord[] | undefined>;
  /** What the view of a review shows. */
  reviewedLines(): readonly ShownLine[];
  /** What the views in the side bar show. */
  sidebar(): Sidebar;
}

/** Registers everything, room by room, and starts nothing: processes come when they are first needed. */
export function activate(context: vscode.ExtensionContext): RecurApi {
  const window = createRecurWindow(context);
  const engines = registerEngine(window);
  const { offers, documents } = registerCompletion(window, engines);
  registerTraining(window, engines);
  registerPanel(window, engines);
  registerStatus(window, engines);
  const sidebar = registerSidebar(window, engines);
  const review = registerReview(window, engines);
  const heat = registerSurprise(window, engines, documents);
  return {
    status: () => ({
      training: window.run.state,
      engine: engines.status,
      modelDirectory: modelDirectory(context),
      completions: { ...offers.summary, latenciesMs: offers.statistics.latenciesMs },
    }),
    reviewedLines: () => review.lines,
    sidebar: () => ({ model: sidebar.model, runs: sidebar.runs }),
    async surprisingWords(uri) {
      const document = vscode.workspace.textDocuments.find((open) => open.uri.toString() === uri);
      return document && heat.wholeOf(document);
    },
  };
}
