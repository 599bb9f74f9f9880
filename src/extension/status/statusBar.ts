import * as vscode from 'vscode';
import { commands, openSettings } from '../editor/commands';
import { completionSwitches } from '../editor/completionSwitches';
import type { EngineHost } from '../../editors/engineHost';
import type { RunState } from '../../editors/runState';
import { statusText } from './statusText';

/** A training tells several times a second; the status bar need not. */
const intervalMs = 250;

/** The item in the status bar: a training's progress, or the model in use. */
export function createStatusBar(run: RunState, engines: EngineHost): vscode.Disposable {
  const item = vscode.window.createStatusBarItem('recur.status', vscode.StatusBarAlignment.Right, 90);
  item.name = 'Recur';
  item.command = commands.showPanel;
  let timer: NodeJS.Timeout | undefined;

  function show(): void {
    timer = undefined;
    const { text, label, tooltip } = statusText({
      panel: run.state,
      engine: engines.status,
      completions: completionSwitches(),
    });
    item.text = text;
    item.tooltip = new vscode.MarkdownString(tooltip);
    item.tooltip.isTrusted = { enabledCommands: [...Object.values(commands), openSettings] };
    item.accessibilityInformation = { label, role: 'button' };
    item.show();
  }
  const later = () => (timer ??= setTimeout(show, intervalMs));

  show();
  return vscode.Disposable.from(
    item,
    run.onDidChange(later),
    engines.onDidChangeStatus(later),
    vscode.workspace.onDidChangeConfiguration((event) => event.affectsConfiguration('recur') && later()),
    vscode.window.onDidChangeActiveTextEditor(later),
    { dispose: () => clearTimeout(timer) },
  );
}
