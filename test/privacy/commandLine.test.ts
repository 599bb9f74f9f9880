import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withoutNetwork } from '../../scripts/host/cutNetwork.mjs';
import { readTrace, traced, type TracedProgram } from '../../scripts/privacy/trace.mjs';
import { needsTracer } from './needsTracer';
import { lies, nameOf, system } from './tracedPrograms';

const project = join(import.meta.dirname, '../..');
const cli = join(project, 'dist/cli.js');
const folder = mkdtempSync(join(tmpdir(), 'recur-privacy-'));
const [workspace, home, temporary, traces] = ['workspace', 'home', 'temporary', 'traces'].map((name) =>
  join(folder, name),
) as [string, string, string, string];
const out = join(folder, 'out');
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeAll(() => {
  for (const made of [home, temporary, traces]) mkdirSync(made);
  cpSync(join(project, 'test/fixtures/workspace'), workspace, { recursive: true });
  const { problem } = withoutNetwork([]);
  if (problem !== undefined) console.log(`${problem}; the tracer watches all the same`);
});

const gitSettings = [join(home, '.gitconfig'), join(home, '.config/git')];
/** Where a provider is measured by onnxruntime's own profile; it is deleted at once. */
const profiles = join(temporary, 'recur-profile-');
/** What is known of execution providers. */
const machine = join(home, '.local/share/recur');
/** Linux names the threads of a program in a file. */
const threadNames = '/proc/self/task/';

/** What each program may write and read beside the system: as docs/security.md says it. */
const documented: Record<string, { readonly writes: readonly string[]; readonly reads: readonly string[] }> = {
  'dist/cli.js': { writes: [], reads: [workspace, out, machine] },
  'dist/trainer.js': { writes: [out, threadNames], reads: [workspace, out, ...gitSettings] },
  'dist/engine.js': {
    writes: [join(out, 'calibration'), join(home, '.local')],
    reads: [workspace, out, machine, ...gitSettings],
  },
  'dist/prober.js': { writes: [profiles], reads: [profiles] },
  git: { writes: [], reads: [workspace, ...gitSettings] },
  setpriv: { writes: [], reads: [] },
  true: { writes: [], reads: [] },
};

/** They start git where they are there. */
const helpers = ['setpriv', 'true'];

/** Started as a user would: what keeps a library quiet in tests and in CI is not set. */
function environment(): NodeJS.ProcessEnv {
  const { PATH, LD_LIBRARY_PATH } = process.env;
  return { PATH, LD_LIBRARY_PATH, HOME: home, TMPDIR: temporary };
}

function run(name: string, args: readonly string[], input = ''): TracedProgram[] {
  const log = mkdtempSync(join(traces, `${name}-`));
  const { command } = withoutNetwork(traced([process.execPath, cli, ...args], log));
  const { status, stderr } = spawnSync(command[0]!, command.slice(1), {
    ...{ cwd: folder, env: environment(), input, encoding: 'utf8' },
  });
  expect(status, stderr).toBe(0);
  return readTrace(log, folder);
}

function expectAsDocumented(programs: readonly TracedProgram[]): void {
  for (const program of programs) {
    const name = nameOf(program);
    const rows = documented[name];
    if (rows === undefined) throw new Error(`${name} is not documented: ${program.command.join(' ')}`);
    expect(program.internet, `${name} asks for no address`).toEqual([]);
    expect(program.unseen, `${name} does nothing unseen`).toBe(false);
    const written = program.written.filter((path) => path !== '/dev/null' && !lies(path, rows.writes));
    expect(written, `${name} writes`).toEqual([]);
    // The folder of the folder is looked at for a repository around it.
    const read = program.read.filter((path) => !lies(path, [...system, project, folder, ...rows.reads]));
    const readOfOthers = program.read.filter((path) => lies(path, [home, temporary]) && !lies(path, rows.reads));
    expect([...read, ...readOfOthers], `${name} reads`).toEqual([]);
  }
}

const small = ['--steps', '26', '--threads', '2', '--hidden', '64', '--batch', '16', '--first-batch', '8'];
const request = { id: 1, path: 'src/new.ts', text: 'import { isDraf', offset: 15 };

describe('Recur, cut off and traced', () => {
  it.for<[string, string[], string, string[]]>([
    ['train', ['train', workspace, '--out', out, ...small], '', ['dist/cli.js', 'dist/trainer.js', 'git']],
    [
      'complete',
      ['complete', '--requests', '--model', out],
      `${JSON.stringify(request)}\n`,
      ['dist/cli.js', 'dist/engine.js', 'git'],
    ],
    [
      'evaluate',
      ['evaluate', '--split', 'test', '--with-memory', '--model', out],
      '',
      // What is read goes to whatever scores fastest here, which is tried first.
      ['dist/cli.js', 'dist/engine.js', 'dist/prober.js', 'git'],
    ],
    ['generate', ['generate', '--length', '40', '--model', out], '', ['dist/cli.js', 'dist/engine.js']],
    ['models', ['models', '--model', out], '', ['dist/cli.js']],
    ['doctor', ['doctor', '--model', out], '', ['dist/cli.js', 'dist/engine.js', 'dist/prober.js', 'dist/trainer.js']],
  ])(
    'asks no address, and writes and reads what documentation says: %s',
    { timeout: 600_000 },
    ([name, args, input, programs], { skip }) => {
      needsTracer(skip);
      const found = run(name, args, input);
      const names = new Set(found.map(nameOf));
      expect([...names].filter((each) => !helpers.includes(each)).toSorted()).toEqual(programs);
      expectAsDocumented(found);
    },
  );

  it('leaves one file in the home and nothing in temporary folders', () => {
    expect(filesBelow(home).map((path) => join(home, path))).toEqual([join(machine, 'providers.json')]);
    expect(readdirSync(temporary, { recursive: true })).toEqual([]);
  });
});

const filesBelow = (directory: string) =>
  readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter((path) =>
    statSync(join(directory, path)).isFile(),
  );

it('is documented by program', () => {
  const text = readFileSync(join(project, 'docs/security.md'), 'utf8');
  for (const name of Object.keys(documented)) expect(text).toContain(`| \`${name}\``);
});
