/** Calls a listener whenever something has happened, until what it returns is disposed of. */
export type Event<Value> = (listener: (value: Value) => void) => { dispose(): void };

/** Events as each editor's own interface has them: VS Code's `EventEmitter`, the language server's `Emitter`. */
export interface Emitter<Value> {
  readonly event: Event<Value>;
  fire(value: Value): void;
}

/** Makes one. */
export type NewEmitter = <Value>() => Emitter<Value>;
