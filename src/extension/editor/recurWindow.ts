import * as vscode from 'vscode';
import { harmlessText } from '../../core/harmlessText';
import { useLanguage } from '../../core/language';
import type { CommandId } from './commands';
import { newEmitter } from './newEmitter';
import type { Emitter } from '../../editors/emitter';
import { createRunState, type RunState } from '../../editors/runState';

/** What every room of the extension is given: this window of the editor, with what belongs to no single room. */
export interface RecurWindow {
  readonly context: vscode.ExtensionContext;
  readonly log: vscode.LogOutputChannel;
  /** How the training of this window stands. */
  readonly run: RunState;
  /** Told when runs were renamed, deleted or put into use. */
  readonly runsChanged: Emitter<undefined>;
  /** Kept until the extension ends. */
  readonly keep: (...disposables: readonly { dispose(): unknown }[]) => void;
  /** Registers a command; every one of them belongs to one room. */
  readonly command: (id: CommandId, handler: () => Promise<void> | void) => void;
}

export function createRecurWindow(context: vscode.ExtensionContext): RecurWindow {
  if (vscode.l10n.uri !== undefined) useLanguage(vscode.l10n.uri.fsPath);
  const channel = vscode.window.createOutputChannel('Recur', { log: true });
  const log = harmlessLog(channel);
  const keep = (...disposables: readonly { dispose(): unknown }[]) => void context.subscriptions.push(...disposables);
  keep(channel);
  return {
    context,
    log,
    run: createRunState(newEmitter),
    runsChanged: newEmitter(),
    keep,
    command: (id, handler) => keep(vscode.commands.registerCommand(id, handler)),
  };
}

/** The log is a document of the editor too, and messages name files. */
function harmlessLog(log: vscode.LogOutputChannel): vscode.LogOutputChannel {
  const write = (level: 'debug' | 'info' | 'warn') => (message: string) => log[level](harmlessText(message));
  const error = (problem: string | Error) => log.error(typeof problem === 'string' ? harmlessText(problem) : problem);
  const own = { debug: write('debug'), info: write('info'), warn: write('warn'), error };
  // The editor's object is frozen: what it says of a property would be said of one that is set here too.
  return Object.create(log, Object.getOwnPropertyDescriptors(own)) as vscode.LogOutputChannel;
}
