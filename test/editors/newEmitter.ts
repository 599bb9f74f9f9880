import { Emitter } from 'vscode-languageserver';

/** Events of the language server; an editor has its own. */
export function newEmitter<Value>(): Emitter<Value> {
  return new Emitter<Value>();
}
