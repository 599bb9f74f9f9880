import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { silentLogger } from '../../src/core/logger';
import { createHistoryReplay, type HistoryReplay, type HistoryReplayRequest } from '../../src/editors/historyReplay';
import { newEmitter } from './newEmitter';

let directory: string;
let temporary: string;
let repository: string;
let replay: HistoryReplay;
/** What was told to be going on. */
let told: (string | null)[];
const systems = process.env.TMPDIR;

const request = (): HistoryReplayRequest => ({
  ...{ folder: repository, model: 'base', models: undefined, minutes: 1, commits: 10, lines: 20 },
  minimumConfidence: 0.5,
});

function commit(name: string, text: string): void {
  writeFileSync(join(repository, name), text);
  const git = ['-C', repository, '-c', 'user.name=Test', '-c', 'user.email=test@example.org'];
  execFileSync('git', [...git, 'add', '-A']);
  execFileSync('git', [...git, 'commit', '-q', '-m', 'change']);
}

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'recur-histories-'));
  [temporary, repository] = [join(directory, 'temporary'), join(directory, 'repository')];
  for (const folder of [temporary, repository]) mkdirSync(folder);
  execFileSync('git', ['-C', repository, 'init', '-q']);
  const lineOf = (name: string) => `const ${name} = await ${name}From(question, answers);\n`;
  commit('first.ts', ['apple', 'birch', 'cedar', 'elder', 'grape'].map(lineOf).join(''));
  commit('second.ts', ['apple', 'cedar', 'grape'].map(lineOf).join(''));
  process.env.TMPDIR = temporary;
});
afterAll(() => {
  if (systems === undefined) delete process.env.TMPDIR;
  else process.env.TMPDIR = systems;
  rmSync(directory, { recursive: true, force: true });
});

beforeEach(() => {
  replay = createHistoryReplay({ entry: resolve('dist/cli.js'), logger: silentLogger, newEmitter });
  told = [];
  replay.onDidChange(({ running }) => told.push(running));
});
afterEach(() => {
  replay.dispose();
  expect(readdirSync(temporary)).toEqual([]);
});

// It runs behind everything else.
describe('the replay of a window', { timeout: 600_000 }, () => {
  it('tells how it goes, and what completions would have saved', async () => {
    await replay.replay(request());
    const { running, report, problem } = replay.status;
    expect([running, problem]).toEqual([null, null]);
    expect(report?.history).toMatchObject({ commits: 1, written: 3, typed: 3 });
    expect(report?.groups.map(({ of, name, lines }) => [of, name, lines])).toEqual([
      ['all', '', 3],
      ['language', 'typescript', 3],
      ['file', 'second.ts', 3],
    ]);
    expect(report?.groups[0]?.keystrokesSaved.line).toBeGreaterThan(0.3);
    expect(report?.thresholds).toHaveLength(20);
    expect(told).toEqual(['Reading the history…', 'Typing: 0 of 3 lines', null]);
    // What fails afterwards is told beside it, in a sentence.
    await replay.replay({ ...request(), folder: temporary });
    expect(replay.status.report).toEqual(report);
    expect(replay.status.problem).toMatch(/git.*\.$/);
    expect(replay.status.problem).not.toMatch(/^recur:/);
  });

  it('needs a model where the one in use is asked for', async () => {
    await replay.replay({ ...request(), model: 'inUse' });
    expect(replay.status.problem).toBe('The model of this workspace cannot be found. Train one first.');
  });

  it('is alone, and stopped without a report', async () => {
    const running = replay.replay(request());
    await expect(replay.replay(request())).rejects.toThrow('A replay runs already.');
    replay.stop();
    await running;
    expect(replay.status).toEqual({ running: null, report: null, problem: null });
  });
});
