import { execFile, execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { publishModel, readModel } from '../../src/store/modelDirectory';
import { cli, runCli } from '../cli/runCli';
import { recordRun } from '../engine/modelFolder';

const project = join(import.meta.dirname, '../..');
const pages = [
  ...['README.md', 'README.zh-CN.md'],
  ...readdirSync(join(project, 'docs')).flatMap((name) => (name.endsWith('.md') ? [`docs/${name}`] : [])),
];

/** Lines of the fenced blocks of a page that begin with a program, without their comments and the prompt. */
function commandsIn(page: string, program: string): string[] {
  const blocks = readFileSync(join(project, page), 'utf8').matchAll(/^```\w*\n(.*?)^```/gms);
  const lines = [...blocks].flatMap(([, block = '']) => block.split('\n')).map((line) => line.replace(/^ *(\$ )?/, ''));
  return lines.filter((line) => line.startsWith(`${program} `)).map((line) => line.replace(/\s+#.*$/, ''));
}

const shown = (program: string) => [...new Set(pages.flatMap((page) => commandsIn(page, program)))];
const names = [...new Set(shown('recur').map((line) => line.split(' ')[1]!))];

/** What is not run here, why not, and where the same is done. */
const notRun: readonly { readonly line: RegExp; readonly why: string; readonly where: string }[] = [
  { line: /^recur train /, why: 'takes minutes', where: 'test/cli/train.test.ts' },
  { line: /^recur replay$/, why: 'trains', where: 'test/cli/replay.test.ts' },
  { line: /^recur job run "\$/, why: 'needs a cluster', where: 'test/cli/job.test.ts' },
  { line: /^recur (job|pull) /, why: 'trains, and what was trained is pulled', where: 'test/cli/job.test.ts' },
  { line: /^recur doctor$/, why: 'tries every provider', where: 'test/cli/brokenOutput.test.ts' },
  { line: /^recur doctor --install-cuda$/, why: 'needs the network', where: 'test/cuda/installCuda.test.ts' },
  { line: /^npm start$/, why: 'trains for a minute', where: 'test/cli/train.test.ts' },
  { line: /^npm test$/, why: 'runs this', where: 'scripts/test.mjs' },
  { line: /^npm run package$/, why: 'takes a minute', where: 'scripts/host/freshPackage.mjs' },
  { line: /^npm run package -- /, why: 'takes a minute', where: 'test/scripts/package/targets.test.ts' },
  { line: /^npm run bench -- (gpu|inference)\b/, why: 'needs a GPU', where: 'test/bench' },
  { line: /^(npm run team:|node dist\/)/, why: 'starts servers', where: 'team/test' },
];

describe('commands that documentation shows', () => {
  it.each(names)('recur %s has every option that is shown', async (name) => {
    const lines = shown('recur').filter((line) => line.split(' ')[1] === name);
    const { code, stdout } = await runCli(name, '--help');
    expect(code).toBe(0);
    for (const line of lines) {
      for (const [, option] of line.matchAll(/(?<=[ [])(--[a-z-]+)/g)) expect(stdout, line).toContain(option);
    }
  });

  it('npm run … is a script of package.json', () => {
    const { scripts } = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8')) as { scripts: object };
    const run = shown('npm').map((line) => /^npm (?:run )?(?:-s )?([\w:]+)/.exec(line)![1]!);
    expect(run.filter((name) => !['ci', 'install', 'link'].includes(name) && !Object.hasOwn(scripts, name))).toEqual(
      [],
    );
  });

  it('are run below, or it is known why not and where the same is done', () => {
    const rest = [...shown('npm'), ...shown('node')].filter((line) => !notRun.some((each) => each.line.test(line)));
    expect(rest).toEqual([]);
    const all = [...shown('recur'), ...shown('npm'), ...shown('node')];
    for (const { line, where } of notRun) {
      expect(
        all.some((each) => line.test(each)),
        String(line),
      ).toBe(true);
      expect(existsSync(join(project, where)), where).toBe(true);
    }
  });
});

describe('recur, as documentation shows it,', () => {
  const lines = shown('recur').filter((line) => !notRun.some((each) => each.line.test(line)));
  let directory: string;
  let workspace: string;

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'recur-documented-'));
    workspace = join(directory, 'FOLDER');
    cpSync(join(project, 'test/fixtures/workspace/src/utils'), join(workspace, 'src/utils'), { recursive: true });
    for (const [name, text] of Object.entries(ownFiles)) writeFileSync(join(workspace, name), text);
    const git = (...args: string[]) =>
      execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...args], { cwd: workspace, stdio: 'pipe' });
    git('init', '--quiet', '--initial-branch=main');
    git('add', '.');
    git('commit', '--quiet', '--message', 'all');
    writeFileSync(
      join(workspace, 'src/added.ts'),
      'export function isAdded(value: any): boolean {\n  return !!value\n}\n',
    );
    await putModel(workspace);
  });
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  /** What a line names, as it is called here. */
  function filledIn(line: string): string[] {
    const [id] = line.includes(' ID') ? readdirSync(join(workspace, '.recur/models')) : [];
    return line
      .replace(/^recur /, '')
      .replaceAll(/\bFOLDER\b/g, workspace)
      .replace(' ID', ` ${id ?? ''}`)
      .replace('"$BASE"', 'main')
      .match(/"[^"]*"|\S+/g)!
      .map((word) => word.replace(/^"(.*)"$/, '$1'));
  }

  it.each(lines)('%s', async (line) => {
    const [name = '', ...args] = filledIn(line);
    const running = promisify(execFile)(
      process.execPath,
      [cli, name, ...args, ...(args.includes('--completions') ? ['--positions', '5'] : [])],
      {
        cwd: workspace,
        env: { ...process.env, RECUR_MACHINE_FOLDER: join(directory, 'machine') },
      },
    );
    // A server is told to end.
    if (name === 'lsp') running.child.stdin!.write(serverMessages);
    else running.child.stdin!.end(inputOf(line));
    const { stdout } = await running;
    expect(line.includes('--sarif') ? readFileSync(join(workspace, 'review.sarif'), 'utf8') : stdout).toMatch(
      outputs[name]!,
    );
  });
});

/** Files that the commands name. */
const ownFiles: Readonly<Record<string, string>> = {
  'README.md': '# Values\n\nHow values are made and compared.\n',
  'src/main.ts': 'export function isKnown(value: any): boolean {\n  return !!value\n}\n',
  'src/app.ts': `${'export const value = makeValue(first, second)\n'.repeat(11)}export c`,
};

/** Puts the base model where a training would leave its own, with a file to measure it by. */
async function putModel(workspace: string): Promise<void> {
  const models = join(workspace, '.recur');
  const { manifest, graphs } = await readModel(join(project, 'media/base'));
  await publishModel(models, { ...manifest, run: 'run-1' }, graphs);
  const parts = { 'src/main.ts': 'training', 'src/utils/env.ts': 'test' } as const;
  const files = Object.entries(parts).map(([path, part]) => ({
    ...{ path, part },
    text: readFileSync(join(workspace, path), 'utf8'),
  }));
  await recordRun(models, { name: 'workspace', directory: workspace }, files);
}

/** Something of what each of them says. */
const outputs: Readonly<Record<string, RegExp>> = {
  evaluate: /\S/,
  complete: /\S/,
  lsp: /"result":\{"capabilities"/,
  generate: /^export function /,
  models: /^\* \S+ /,
  review: /added\.ts/,
};

function inputOf(line: string): string {
  if (line.includes(' --requests')) {
    const text = 'export function add(a: number, b: number): number {\n  ret';
    return `${JSON.stringify({ id: 1, path: 'src/add.ts', text, offset: text.length })}\n`;
  }
  return '';
}

const serverMessages = [
  { id: 1, method: 'initialize', params: { processId: null, rootUri: null, capabilities: {} } },
  { id: 2, method: 'shutdown' },
  { method: 'exit' },
]
  .map((message) => JSON.stringify({ jsonrpc: '2.0', ...message }))
  .map((message) => `Content-Length: ${message.length}\r\n\r\n${message}`)
  .join('');
