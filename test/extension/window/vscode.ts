/**
 * What the extension takes from the editor's API, without a window: vitest puts this file in the place of the module
 * `vscode`. Its events are fired by the tests themselves (`fakeWindow.ts`).
 */

type Listener<T> = (event: T) => unknown;

export class Disposable {
  constructor(readonly dispose: () => unknown) {}
  static from(...parts: { dispose(): unknown }[]): Disposable {
    return new Disposable(() => parts.forEach((part) => part.dispose()));
  }
}

export class EventEmitter<T> {
  readonly #listeners = new Set<Listener<T>>();
  readonly event = (listener: Listener<T>): Disposable => {
    this.#listeners.add(listener);
    return new Disposable(() => this.#listeners.delete(listener));
  };
  fire(event: T): void {
    for (const listener of [...this.#listeners]) listener(event);
  }
  dispose(): void {
    this.#listeners.clear();
  }
}

export class Position {
  constructor(
    readonly line: number,
    readonly character: number,
  ) {}
}

export class Range {
  constructor(
    readonly start: Position,
    readonly end: Position,
  ) {}
}

export class InlineCompletionItem {
  constructor(
    readonly insertText: string,
    readonly range: Range,
    readonly command: unknown,
  ) {}
}

export enum InlineCompletionTriggerKind {
  Invoke,
  Automatic,
}
export enum CompletionItemKind {
  Text,
  Method,
  Keyword = 13,
  Snippet,
  File = 16,
  Folder = 18,
}
export enum EndOfLine {
  LF = 1,
  CRLF,
}
export enum ConfigurationTarget {
  Global = 1,
  Workspace,
  WorkspaceFolder,
}
export enum UIKind {
  Desktop = 1,
  Web,
}
export class TabInputTextDiff {
  readonly isDiff = true;
}
export class TabInputNotebookDiff {
  readonly isDiff = true;
}

/** The events of the window, by name; a test fires them. */
export const emitters = {
  changed: new EventEmitter<unknown>(),
  saved: new EventEmitter<unknown>(),
  closed: new EventEmitter<unknown>(),
  moved: new EventEmitter<unknown>(),
  opened: new EventEmitter<unknown>(),
  configured: new EventEmitter<unknown>(),
  shown: new EventEmitter<unknown>(),
  scrolled: new EventEmitter<unknown>(),
  focused: new EventEmitter<unknown>(),
};

/** Settings that are not at their defaults, with their sections. */
export const settings = new Map<string, unknown>();
/** The providers of inline completions that are registered now, by language. */
export const providers = new Map<string, unknown>();

export const languages = {
  registerInlineCompletionItemProvider(
    selector: readonly { readonly language: string }[],
    provider: unknown,
  ): Disposable {
    const { language } = selector[0]!;
    providers.set(language, provider);
    return new Disposable(() => providers.delete(language));
  },
};

export const commands = {
  executeCommand: (command: string, ...rest: unknown[]): Promise<unknown> =>
    Promise.reject(new Error(`There is no command ${command} for ${rest.length} arguments.`)),
};

export const env = { uiKind: UIKind.Desktop, clipboard: { readText: () => Promise.resolve('') } };

export const extensions = { all: [] as unknown[] };

export const workspace = {
  isTrusted: true,
  textDocuments: [] as unknown[],
  getConfiguration: (section: string) => ({ get: (key: string) => settings.get(`${section}.${key}`) }),
  onDidOpenTextDocument: emitters.opened.event,
  onDidChangeConfiguration: emitters.configured.event,
  workspaceFolders: [] as { readonly uri: { readonly scheme: string; readonly fsPath: string }; name: string }[],
  onDidChangeTextDocument: emitters.changed.event,
  onDidSaveTextDocument: emitters.saved.event,
  onDidCloseTextDocument: emitters.closed.event,
};

export const window = {
  state: { focused: true },
  onDidChangeWindowState: emitters.focused.event,
  visibleTextEditors: [] as unknown[],
  activeTextEditor: undefined as unknown,
  tabGroups: { activeTabGroup: { activeTab: undefined as unknown } },
  onDidChangeTextEditorSelection: emitters.moved.event,
  onDidChangeVisibleTextEditors: emitters.shown.event,
  onDidChangeTextEditorVisibleRanges: emitters.scrolled.event,
  /** The user chooses the first. */
  showQuickPick: (items: readonly unknown[]) => Promise.resolve(items[0]),
  /** The user takes note. */
  showInformationMessage: (message: string) => Promise.resolve(message === '' ? message : undefined),
};
