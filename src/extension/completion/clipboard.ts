import { extname } from 'node:path';
import * as vscode from 'vscode';
import { describeError } from '../../core/errors';
import { mostClipboardCharacters } from '../../corpus/clipboardRules';
import { createClipboardReading } from '../../editors/clipboardReading';
import type { EngineHost } from '../../editors/engineHost';
import { readSetting } from '../../editors/settings';
import type { ClipboardText } from '../../protocol/engine';
import { settingReader } from '../editor/editorSettings';

const key = 'completions.clipboard';

/** Tells the engine what lies on the clipboard, where the user wants completions to go on with it. */
export function watchClipboard(engines: EngineHost, log: vscode.LogOutputChannel): vscode.Disposable {
  const debug = (error: unknown): void => log.debug(`The clipboard is left alone: ${describeError(error)}`);
  /** Undefined: the engine was never told anything. */
  let current: ClipboardText | null | undefined;

  function tell(): void {
    if (current === undefined || engines.status.answers === null) return;
    engines.started().takeClipboard(current).catch(debug);
  }

  const reading = createClipboardReading({
    isWanted,
    isFocused: () => vscode.window.state.focused,
    read: () => vscode.env.clipboard.readText(),
    mostCharacters: mostClipboardCharacters,
    changed(text) {
      current = text === null ? null : { text, ending: endingAtHand() };
      tell();
    },
    failed: debug,
  });
  const look = (): void => reading.look();
  look();
  return vscode.Disposable.from(
    reading,
    // An engine that was started again, or has something to complete with only now, knows nothing of it.
    engines.onDidChangeStatus(tell),
    vscode.window.onDidChangeWindowState(look),
    vscode.window.onDidChangeTextEditorSelection(look),
    vscode.workspace.onDidChangeTextDocument(({ document }) => {
      if (document === vscode.window.activeTextEditor?.document) look();
    }),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration(`recur.${key}`)) look();
    }),
  );
}

/** In a browser the user would be asked by it, again and again. */
function isWanted(): boolean {
  if (vscode.env.uiKind === vscode.UIKind.Web || !vscode.workspace.isTrusted) return false;
  try {
    return readSetting(settingReader(), key);
  } catch {
    // What it must be is told where completions are asked for.
    return false;
  }
}

function endingAtHand(): string {
  return extname(vscode.window.activeTextEditor?.document.uri.fsPath ?? '');
}
