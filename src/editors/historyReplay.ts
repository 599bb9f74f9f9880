import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { constants, setPriority, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import * as l10n from '@vscode/l10n';
import * as v from 'valibot';
import { describeError, UserError } from '../core/errors';
import { formatDuration } from '../core/formatting';
import type { Logger } from '../core/logger';
import { killUnlessEnded, runtimeEnvironment } from '../ipc/childProcess';
import { replayLineSchema, type ReplayModel, type ReplayReport, type ReplayStatus } from '../protocol/replay';
import type { Emitter, Event, NewEmitter } from './emitter';

/** What is replayed, and by which network. */
export interface HistoryReplayRequest {
  /** A folder of a git repository. */
  readonly folder: string;
  readonly model: ReplayModel;
  /** Where the model in use lies; needed for that one only. */
  readonly models: string | undefined;
  readonly minutes: number;
  readonly commits: number;
  readonly lines: number;
  readonly minimumConfidence: number;
}

/** Replays of this window, one at a time: `recur replay` in a process of its own, behind everything else. */
export interface HistoryReplay {
  readonly status: ReplayStatus;
  readonly onDidChange: Event<ReplayStatus>;
  /**
   * Replays to the end, or until it is stopped; how it goes is told by the status.
   * @throws UserError where one runs already, or no model is there
   */
  replay(request: HistoryReplayRequest): Promise<void>;
  /** Ends the one that runs. */
  stop(): void;
  dispose(): void;
}

interface HistoryReplayOptions {
  /** Absolute path of the command line's bundle. */
  readonly entry: string;
  readonly logger: Logger;
  readonly newEmitter: NewEmitter;
}

export function createHistoryReplay({ entry, logger, newEmitter }: HistoryReplayOptions): HistoryReplay {
  const changed: Emitter<ReplayStatus> = newEmitter();
  let status: ReplayStatus = { running: null, report: null, problem: null };
  let child: ChildProcess | undefined;
  let isStopped = false;

  function update(change: Partial<ReplayStatus>): void {
    status = { ...status, ...change };
    changed.fire(status);
  }

  async function run(request: HistoryReplayRequest): Promise<Partial<ReplayStatus>> {
    // What it writes for a while is removed however it ends.
    const temporary = await mkdtemp(join(tmpdir(), 'recur-history-'));
    try {
      const started = startCommand(entry, argumentsOf(request), temporary);
      child = started;
      if (isStopped) stop();
      const reading = readReport(started, request, (running) => update({ running }));
      const problem = await endOf(started, logger);
      if (isStopped) return {};
      const report = await reading;
      return report === undefined ? { problem: problem ?? l10n.t('The replay has ended early.') } : { report };
    } finally {
      child = undefined;
      await rm(temporary, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    }
  }

  function stop(): void {
    isStopped = true;
    if (child === undefined) return;
    child.kill();
    killUnlessEnded(child);
  }

  return {
    get status() {
      return status;
    },
    onDidChange: changed.event,
    async replay(request) {
      if (status.running !== null)
        throw new UserError(l10n.t('A replay runs already.'), l10n.t('Stop it first, or wait for its end.'));
      isStopped = false;
      update({ running: l10n.t('Reading the history…'), problem: null });
      const outcome = await run(request).catch((error: unknown) => ({ problem: describeError(error) }));
      update({ running: null, ...outcome });
    },
    stop,
    dispose: stop,
  };
}

function argumentsOf(request: HistoryReplayRequest): string[] {
  const { folder, commits, lines, minutes, minimumConfidence } = request;
  const numbers = { commits, lines, 'minimum-confidence': minimumConfidence };
  const options = Object.entries(numbers).flatMap(([name, value]) => [`--${name}`, String(value)]);
  return ['replay', folder, '--json', ...options, ...modelArguments(request.model, request.models, minutes)];
}

function modelArguments(model: ReplayModel, models: string | undefined, minutes: number): string[] {
  if (model === 'trained') return ['--minutes', String(minutes)];
  if (model === 'base') return ['--without-training'];
  if (models !== undefined) return ['--model', models];
  throw new UserError(l10n.t('The model of this workspace cannot be found.'), l10n.t('Train one first.'));
}

function startCommand(entry: string, args: readonly string[], temporary: string): ChildProcess {
  const folders = { TMPDIR: temporary, TEMP: temporary, TMP: temporary };
  const child = spawn(process.execPath, [entry, ...args], {
    env: { ...process.env, ...runtimeEnvironment, ...folders },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  if (child.pid !== undefined) lowerPriority(child.pid);
  return child;
}

/** Whoever types comes first. */
function lowerPriority(pid: number): void {
  try {
    setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // It is gone already, or may not be touched: it runs like everything else.
  }
}

/** @returns what it has printed, once it has printed all */
async function readReport(
  child: ChildProcess,
  request: HistoryReplayRequest,
  tell: (what: string) => void,
): Promise<ReplayReport | undefined> {
  const groups: ReplayReport['groups'] = [];
  const thresholds: ReplayReport['thresholds'] = [];
  let history: ReplayReport['history'] | undefined;
  for await (const text of createInterface({ input: child.stdout! })) {
    const line = v.safeParse(replayLineSchema, parsed(text));
    if (!line.success) continue;
    switch (line.output.type) {
      case 'history':
        history = line.output;
        tell(request.model === 'trained' ? l10n.t('Reading what there was before…') : typing(0, history.typed));
        break;
      case 'progress':
        tell(training(60 * request.minutes - line.output.seconds));
        break;
      case 'typed':
        tell(typing(line.output.lines, history?.typed ?? request.lines));
        break;
      case 'group':
        groups.push(line.output);
        break;
      case 'threshold':
        thresholds.push(line.output);
        break;
      case 'replay': {
        const { threshold, recommended } = line.output;
        return history && { history, groups, thresholds, threshold, recommended };
      }
    }
  }
  return undefined;
}

function typing(lines: number, all: number): string {
  return l10n.t`Typing: ${lines} of ${all} lines`;
}

function training(secondsLeft: number): string {
  return l10n.t`Training on what there was before: ${formatDuration(Math.max(0, secondsLeft))} left`;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** @returns the last sentence of a command that has failed */
async function endOf(child: ChildProcess, logger: Logger): Promise<string | undefined> {
  let last = '';
  createInterface({ input: child.stderr! }).on('line', (line) => {
    logger.debug(line);
    if (line.startsWith(prefix)) last = line.slice(prefix.length);
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  return code === 0 ? undefined : last === '' ? undefined : last;
}

/** Before what the command line says of itself. */
const prefix = 'recur: ';
