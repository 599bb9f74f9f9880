import * as l10n from '@vscode/l10n';
import { fork, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { languageEnvironment } from '../core/language';
import type { Logger } from '../core/logger';
import { connect, type Remote } from './channel';
import { ProcessEnded } from './processEnded';

/** How to start a process of Recur. */
export interface ProcessOptions {
  /** Absolute path of its bundle. */
  readonly entry: string;
  readonly logger: Logger;
  /** Environment beside the parent's own, for instance the number of threads. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** A running child: calls to it, and its end. */
export interface Child<Functions extends object> {
  readonly remote: Remote<Functions>;
  /** Resolves when the process is gone, with a sentence that says how it ended. */
  readonly exited: Promise<string>;
  /** Ends the process; at once where it does not end by itself. */
  dispose(): void;
  /** Ends the process at once, whatever it does. */
  readonly kill: () => void;
}

/** Time that a child has to end by itself before it is killed. */
const graceMs = 3_000;

/**
 * Forks a child with the editor's own runtime (an Electron binary runs as plain Node).
 * Calls that wait for an answer when the process ends are rejected; one of another version of Recur is ended.
 */
export function startChild<Functions extends object>(options: ProcessOptions, events: object): Child<Functions> {
  const process = forkNode(options);
  const kill = (): void => void process.kill('SIGKILL');
  let refused = false;
  const remote = connect<Functions>(process, events, [], ({ message }) => {
    refused = true;
    options.logger.error(message);
    kill();
  });
  const exited = new Promise<string>((resolve) => {
    process.once('error', (error) => resolve(`it could not be started: ${error.message}`));
    process.once('exit', (code, signal) => {
      if (refused) resolve(l10n.t('it is of another version of Recur'));
      resolve(signal === null ? `exit code ${code ?? 0}` : `signal ${signal}`);
    });
  });
  void exited.then((how) => remote.$close(new ProcessEnded(how)));
  return { remote, exited, dispose: () => endChild(process), kill };
}

/** Under which the editor's own runtime is plain Node. */
export const runtimeEnvironment = { NODE_OPTIONS: '', ELECTRON_RUN_AS_NODE: '1', TF_CPP_MIN_LOG_LEVEL: '2' };

function forkNode({ entry, logger, environment }: ProcessOptions): ChildProcess {
  const child = fork(entry, [], {
    serialization: 'advanced',
    execArgv: [],
    env: { ...process.env, ...languageEnvironment(), ...runtimeEnvironment, ...environment },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  for (const stream of [child.stdout, child.stderr]) {
    if (stream !== null) createInterface({ input: stream }).on('line', (line) => logger.debug(line));
  }
  return child;
}

function endChild(child: ChildProcess): void {
  if (child.connected) child.disconnect();
  killUnlessEnded(child);
}

/** Gives a child that was told to end a while to do so. */
export function killUnlessEnded(child: ChildProcess): void {
  const timer = setTimeout(() => child.kill('SIGKILL'), graceMs);
  timer.unref();
  child.once('exit', () => clearTimeout(timer));
}
