import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { isAborted, isUserError } from '../../src/core/errors';
import { silentLogger } from '../../src/core/logger';
import { afterCrashVariable } from '../../src/ipc/afterCrash';
import { protocolVersion } from '../../src/ipc/channel';
import { startChild, type Child } from '../../src/ipc/childProcess';
import { startEngine, type EngineClient } from '../../src/ipc/client';
import { bundleEntry } from './bundle';
import type { EchoEvents, EchoFunctions } from './fixtures/echo';
import { patience } from '../patience';

const fixtures = join(import.meta.dirname, 'fixtures');
let directory: string;
let entry: string;
let child: Child<EchoFunctions>;
const told = vi.fn<(value: unknown) => void>();
const log = vi.fn<EchoEvents['log']>();

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'recur-processes-'));
  entry = await bundleEntry(join(fixtures, 'echoChild.ts'), directory);
});

afterAll(() => rm(directory, { recursive: true, force: true }));

beforeEach(() => {
  told.mockClear();
  child = startChild<EchoFunctions>({ entry, logger: silentLogger }, { told, log } satisfies EchoEvents);
});

afterEach(() => {
  vi.useRealTimers();
  child.dispose();
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe('a child process', () => {
  it.each([
    ['a text', 'Grüße, 世界 🙂'],
    ['binary numbers', new Float32Array([1.5, -0, Infinity])],
    ['a map', new Map([['a', new Uint8Array([1, 2])]])],
    ['undefined', undefined],
  ])('gives back %s as it was', async (_, value) => {
    expect(await child.remote.echo(value)).toEqual(value);
    expect(told).toHaveBeenCalledWith(value);
    expect(log).toHaveBeenCalledWith('info', 'echo');
  });

  it('hears of a signal that is aborted while it works, and what was aborted is rejected as such', async () => {
    const controller = new AbortController();
    const working = child.remote.waitForAbort('throw', controller.signal);
    const other = child.remote.waitForAbort('count', new AbortController().signal).catch(() => undefined);
    expect(await child.remote.aborted()).toBe(0);
    controller.abort();
    await expect(working).rejects.toSatisfy(isAborted);
    expect(await child.remote.aborted()).toBe(1);
    child.dispose();
    await other;
  });

  it('is given a signal that was aborted before, and answers though it is aborted afterwards', async () => {
    expect(await child.remote.waitForAbort('answer', AbortSignal.abort())).toBe(true);
    const controller = new AbortController();
    expect(await child.remote.waitForAbort('answer', controller.signal)).toBe(false);
    controller.abort();
    expect(await child.remote.aborted()).toBe(0);
  });

  it('passes an error for the user on with its remedy', async () => {
    const error: unknown = await child.remote.failForUser().catch((reason: unknown) => reason);
    expect(isUserError(error)).toBe(true);
    expect(error).toMatchObject({ message: 'It is broken.', remedy: 'Mend it.' });
  });

  it('passes a defect on with its stack', async () => {
    const error: unknown = await child.remote.failInside().catch((reason: unknown) => reason);
    expect(isUserError(error)).toBe(false);
    expect(error).toMatchObject({ message: 'out of range' });
    expect((error as Error).stack).toContain('echoChild');
  });

  it('passes on that something was aborted, which is no defect', async () => {
    const error: unknown = await child.remote.abort().catch((reason: unknown) => reason);
    expect(isAborted(error)).toBe(true);
    expect(isAborted(new Error('aborted'))).toBe(false);
  });

  it('rejects what waits when it crashes, and says how it ended', async () => {
    const waiting = child.remote.wait();
    child.remote.crash().catch(() => undefined);
    await expect(waiting).rejects.toThrow('exit code 7');
    expect(await child.exited).toBe('exit code 7');
  });

  it('runs an Electron binary as Node and takes no options from NODE_OPTIONS', async () => {
    const environment = await child.remote.environment();
    expect(environment.ELECTRON_RUN_AS_NODE).toBe('1');
    expect(environment.NODE_OPTIONS).toBe('');
  });

  it('ends when it is disposed of', async () => {
    const pid = await child.remote.pid();
    child.dispose();
    await child.exited;
    expect(isAlive(pid)).toBe(false);
  });

  it('ends itself when its parent is killed', async () => {
    const parentEntry = await bundleEntry(join(fixtures, 'orphanMaker.ts'), directory);
    const parent = spawn(process.execPath, [parentEntry, entry], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = (await once(parent.stdout, 'data')) as [Buffer];
    const pid = Number(line.toString());
    expect(isAlive(pid)).toBe(true);
    parent.kill('SIGKILL');
    await vi.waitFor(() => expect(isAlive(pid)).toBe(false), patience);
  });
});

describe('a process of another version', () => {
  it('is ended by its parent, and what waits for it is rejected in a sentence', async () => {
    const older = await bundleEntry(join(fixtures, 'olderChild.ts'), directory);
    const other = startChild<EchoFunctions>({ entry: older, logger: silentLogger }, { told, log });
    const error: unknown = await other.remote.echo(1).catch((reason: unknown) => reason);
    expect(isUserError(error)).toBe(true);
    expect(error).toMatchObject({ message: 'Parts of Recur are of different versions.' });
    expect(await other.exited).toBe('it is of another version of Recur');
  });

  it('is told by a child what that is, which then ends and says why', async () => {
    const own = fork(entry, { serialization: 'advanced', stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
    const answers: unknown[] = [];
    const said: Buffer[] = [];
    own.on('message', (message) => answers.push(message));
    own.stderr!.on('data', (data: Buffer) => said.push(data));
    own.send({ t: 'q', i: '1', m: 'echo', a: [1], version: protocolVersion + 1 });
    const [code] = (await once(own, 'close')) as [number];
    expect(code).toBe(1);
    expect(answers).toEqual([{ version: protocolVersion }]);
    expect(Buffer.concat(said).toString().trim()).toBe('Parts of Recur are of different versions.');
  });
});

describe('the engine client', () => {
  it('starts a crashed engine again, tells the user once and says so each time to whoever must load again', async () => {
    const onCrash = vi.fn();
    const onRestart = vi.fn();
    const events = { log: () => undefined, evaluated: () => undefined, told: () => undefined };
    const engine = startEngine({ entry, logger: silentLogger, onCrash, onRestart }, events);
    const remote = () => engine.remote as unknown as Child<EchoFunctions>['remote'];
    for (let crash = 1; crash <= 2; crash++) {
      remote()
        .crash()
        .catch(() => undefined);
      await vi.waitFor(() => expect(onRestart).toHaveBeenCalledTimes(crash), patience);
      expect(await remote().echo(crash)).toBe(crash);
      expect((await remote().environment())[afterCrashVariable]).toBe('1');
    }
    expect(onCrash).toHaveBeenCalledTimes(1);
    engine.dispose();
  });

  it('says that the engine has ended where it is asked before the next one runs', async () => {
    const onRestart = vi.fn();
    const started = new Promise<void>((resolve) => onRestart.mockImplementation(resolve));
    const engine = startEngine({ entry, logger: silentLogger, onRestart });
    const remote = () => engine.remote as unknown as Child<EchoFunctions>['remote'];
    const waiting: unknown = await remote()
      .crash()
      .catch((error: unknown) => error);
    expect(waiting).toMatchObject({ name: 'ProcessEnded', wasGone: false });
    expect(onRestart).not.toHaveBeenCalled();
    await expect(remote().echo(1)).rejects.toMatchObject({ name: 'ProcessEnded', wasGone: true });
    await started;
    expect(await remote().echo(1)).toBe(1);
    engine.dispose();
  });

  it('starts none any more when it was disposed of between a crash and the next start', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const onRestart = vi.fn();
    let engine: EngineClient | undefined;
    const ended = new Promise<string>((error) => {
      engine = startEngine({ entry, logger: { ...silentLogger, error }, onRestart });
    });
    (engine!.remote as unknown as Child<EchoFunctions>['remote']).crash().catch(() => undefined);
    expect(await ended).toContain('it is started again');
    engine!.dispose();
    vi.advanceTimersByTime(60_000);
    expect(onRestart).not.toHaveBeenCalled();
  });
});
