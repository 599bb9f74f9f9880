import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { pathToFileURL } from 'node:url';
import {
  ConfigurationRequest,
  createProtocolConnection,
  DidChangeTextDocumentNotification,
  DidOpenTextDocumentNotification,
  ExecuteCommandRequest,
  ExitNotification,
  InitializedNotification,
  InitializeRequest,
  InlineCompletionRequest,
  InlineCompletionTriggerKind,
  LogMessageNotification,
  RegistrationRequest,
  ShowMessageNotification,
  ShutdownRequest,
  StreamMessageReader,
  StreamMessageWriter,
  WorkDoneProgress,
  WorkDoneProgressCreateRequest,
  type CancellationToken,
  type ClientCapabilities,
  type InitializeResult,
  type InlineCompletionItem,
  type ProtocolConnection,
  type Registration,
  type TextDocumentContentChangeEvent,
} from 'vscode-languageserver-protocol/node';
import type { ServerStatus } from '../../src/lsp/serverCommands';

/** On the CPU, without a trial of every provider. */
export const onCpu = { inference: { provider: 'cpu' } };

/** What a client is started with. */
export interface ClientOptions {
  /** The built command line. */
  readonly cli: string;
  readonly folders?: readonly string[];
  /** Its section `recur`. */
  readonly settings?: unknown;
  readonly capabilities?: ClientCapabilities;
  readonly initializationOptions?: unknown;
  readonly arguments?: readonly string[];
}

/** A language client over stdio, with the built server on the other end. */
export interface LanguageClient {
  readonly child: ChildProcess;
  readonly connection: ProtocolConnection;
  readonly initialized: InitializeResult;
  /** Changed by tests that change the settings. */
  settings: unknown;
  /** What the server said, in its order: `log …`, `show …`, `progress title`, `progress message`, `progress end`. */
  readonly said: string[];
  readonly registrations: Registration[];
  /** Resolves when the server has said something that matches. */
  until(said: RegExp): Promise<string>;
  open(uri: string, text: string, languageId?: string): void;
  change(uri: string, version: number, ...changes: TextDocumentContentChangeEvent[]): void;
  complete(uri: string, line: number, character: number, more?: AskOptions): Promise<InlineCompletionItem[]>;
  status(): Promise<ServerStatus>;
  command(name: string, ...given: unknown[]): Promise<unknown>;
  /** Says goodbye. @returns the exit code */
  end(): Promise<number | null>;
}

export interface AskOptions {
  readonly triggerKind?: InlineCompletionTriggerKind;
  readonly selected?: { readonly from: number; readonly text: string };
  readonly token?: CancellationToken;
}

/** All that the server makes use of. */
export const allCapabilities: ClientCapabilities = {
  workspace: {
    configuration: true,
    workspaceFolders: true,
    didChangeConfiguration: { dynamicRegistration: true },
    didChangeWatchedFiles: { dynamicRegistration: true },
  },
  window: { workDoneProgress: true },
};

export const uriOf = (file: string): string => pathToFileURL(file).href;

/** Starts a server and says hello. */
export async function startLanguageServer(options: ClientOptions): Promise<LanguageClient> {
  const child = spawn(process.execPath, [options.cli, 'lsp', '--stdio', ...(options.arguments ?? [])], {
    stdio: ['pipe', 'pipe', 'pipe'],
    // Within an editor the runtime is the editor's own.
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
  });
  const reader = new StreamMessageReader(child.stdout);
  const connection = createProtocolConnection(reader, new StreamMessageWriter(child.stdin));
  const listeners = new Set<() => void>();
  const [said, registrations]: [string[], Registration[]] = [[], []];
  const say = (text: string): void => {
    said.push(text);
    for (const listener of listeners) listener();
  };
  child.stderr.setEncoding('utf8').on('data', (text: string) => say(`stderr ${text}`));
  reader.onError((error) => say(`broken output ${error.message}`));
  connection.onError(([error]) => say(`connection error ${error.message}`));

  const client = { settings: options.settings ?? {} };
  connection.onRequest(ConfigurationRequest.type, ({ items }) => items.map(() => client.settings));
  connection.onRequest(RegistrationRequest.type, (params) => void registrations.push(...params.registrations));
  connection.onRequest(WorkDoneProgressCreateRequest.type, ({ token }) => {
    connection.onProgress(WorkDoneProgress.type, token, (value) => {
      const what = value.kind === 'begin' ? value.title : value.kind === 'end' ? 'end' : (value.message ?? '');
      say(`progress ${what}`);
    });
  });
  connection.onNotification(LogMessageNotification.type, ({ message }) => say(`log ${message}`));
  connection.onNotification(ShowMessageNotification.type, ({ message }) => say(`show ${message}`));
  connection.listen();

  const workspaceFolders = (options.folders ?? []).map((folder) => ({ uri: uriOf(folder), name: '' }));
  const initialized = await connection.sendRequest<InitializeResult>(InitializeRequest.method, {
    processId: process.pid,
    rootUri: null,
    capabilities: options.capabilities ?? allCapabilities,
    initializationOptions: options.initializationOptions,
    workspaceFolders,
  });
  await connection.sendNotification(InitializedNotification.type, {});

  const command = (name: string, ...given: unknown[]): Promise<unknown> =>
    connection.sendRequest(ExecuteCommandRequest.type, { command: name, arguments: given });
  return Object.assign(client, {
    ...{ child, connection, initialized, said, registrations, command },
    until: (pattern: RegExp) =>
      new Promise<string>((resolve, reject) => {
        const look = (): void => {
          const found = said.find((text) => pattern.test(text));
          if (found !== undefined) resolve(found);
        };
        listeners.add(look);
        child.once('exit', () => reject(new Error(`It has ended. It said: ${said.join('\n')}`)));
        look();
      }),
    open(uri: string, text: string, languageId = 'typescript') {
      const textDocument = { uri, languageId, version: 1, text };
      void connection.sendNotification(DidOpenTextDocumentNotification.type, { textDocument });
    },
    change(uri: string, version: number, ...contentChanges: TextDocumentContentChangeEvent[]) {
      const params = { textDocument: { uri, version }, contentChanges };
      void connection.sendNotification(DidChangeTextDocumentNotification.type, params);
    },
    async complete(uri: string, line: number, character: number, more: AskOptions = {}) {
      const { triggerKind = InlineCompletionTriggerKind.Invoked, selected, token } = more;
      const position = { line, character };
      const selectedCompletionInfo = selected && {
        range: { start: { line, character: selected.from }, end: position },
        text: selected.text,
      };
      const context = { triggerKind, ...(selectedCompletionInfo && { selectedCompletionInfo }) };
      const params = { textDocument: { uri }, position, context };
      const answer = await connection.sendRequest(InlineCompletionRequest.type, params, token);
      return Array.isArray(answer) ? answer : (answer?.items ?? []);
    },
    status: () => command('recur.status') as Promise<ServerStatus>,
    async end() {
      await connection.sendRequest(ShutdownRequest.type);
      const ended = once(child, 'exit');
      await connection.sendNotification(ExitNotification.type);
      const [code] = (await ended) as [number | null];
      return code;
    },
  });
}
