import * as vscode from 'vscode';
import type { Emitter } from '../../editors/emitter';

/** Events of VS Code: a listener that throws stops no other. */
export function newEmitter<Value>(): Emitter<Value> {
  return new vscode.EventEmitter<Value>();
}
