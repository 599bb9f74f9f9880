import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Ajv from 'ajv';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import schema from '../fixtures/sarif/sarif-schema-2.1.0.json';
import { runCli } from './runCli';

/** A file whose functions all do alike. */
const handlers = (names: readonly string[]): string =>
  names
    .map(
      (name) =>
        `export function ${name}Handler(request, response) {\n` +
        `  const ${name} = readBody(request);\n` +
        `  if (!isAllowed(request.user)) return refuse(response);\n` +
        `  respondWith(response, ${name});\n` +
        `}\n`,
    )
    .join('\n');

let directory: string;
let repository: string;
const git = (...args: string[]): void => {
  const identity = ['-c', 'user.name=a', '-c', 'user.email=a@example.org', '-c', 'commit.gpgsign=false'];
  execFileSync('git', ['-C', repository, ...identity, ...args], { stdio: 'pipe' });
};
const review = (...args: string[]) => runCli('review', repository, ...args);

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'recur-review-'));
  repository = join(directory, 'repository');
  await mkdir(repository);
  git('init', '--quiet');
  await writeFile(join(repository, 'users.js'), handlers(['user', 'account', 'session']));
  await writeFile(join(repository, 'orders.js'), handlers(['order', 'invoice', 'basket']));
  await writeFile(join(repository, 'same.js'), 'nothing changes here;\n');
  git('add', '.');
  git('commit', '--quiet', '-m', 'first');
  const slipped = handlers(['parcel', 'courier', 'address', 'label']).replace(
    '(response, courier)',
    '(request, courier)',
  );
  await writeFile(join(repository, 'parcels.js'), slipped);
  await writeFile(join(repository, 'orders.js'), `${handlers(['order', 'invoice', 'basket'])}\nlastOf(orders);\n`);
}, 60_000);

afterAll(() => rm(directory, { recursive: true, force: true }));

describe('recur review', () => {
  it('ranks every line of the changed and untracked files, the oddest one first', async () => {
    const { code, lines, stderr } = await review('--all', '--json');
    expect(stderr).toBe('');
    expect(code).toBe(0);
    for (const line of lines) {
      expect(Object.keys(line)).toEqual(['type', 'path', 'line', 'score', 'bits', 'expected']);
      expect(line.type).toBe('line');
    }
    const scores = lines.map(({ score }) => score as number);
    expect(scores).toEqual([...scores].sort((a, b) => b - a));
    const counted = (path: string): number => lines.filter((line) => line.path === path).length;
    expect(counted('parcels.js')).toBe(23);
    expect(counted('orders.js')).toBe(19);
    expect(counted('same.js')).toBe(0);
    const slip = lines.findIndex(({ path, line }) => path === 'parcels.js' && line === 10);
    expect(slip).toBeLessThan(3);
    expect(lines[slip]!.expected).toBe('response');
  });

  it('shows one in twenty of the changed lines, and one at least', async () => {
    const { lines } = await review('--json');
    expect(lines).toHaveLength(1);
    expect(lines[0]!.path).toBe('parcels.js');
    const people = await review();
    expect(people.stdout).toMatch(/^parcels\.js:\d+: [\d.]+/);
  });

  it('writes a SARIF log that its schema allows', async () => {
    const file = join(directory, 'log.sarif');
    expect((await review('--sarif', file)).stdout).toBe('');
    const log = JSON.parse(await readFile(file, 'utf8')) as { runs: { results: object[] }[] };
    // Without the name and the draft: it is of draft 4, which differs in nothing that it uses.
    const { title, definitions, type, properties, required, additionalProperties } = schema;
    const rules = { title, definitions, type, properties, required, additionalProperties };
    const validate = new Ajv({ strict: false, validateFormats: false }).compile(rules);
    validate(log);
    expect(validate.errors).toBeNull();
    expect(log.runs[0]!.results).toHaveLength(1);
  });

  it('fails above a score that is given, and only then', async () => {
    const [most] = (await review('--json')).lines as { score: number }[];
    expect((await review('--fail-above', String(most!.score + 1))).code).toBe(0);
    expect((await review('--fail-above', String(most!.score - 0.01))).code).toBe(1);
  });

  it('compares with a revision, and finds nothing where nothing has changed', async () => {
    git('add', '.');
    git('commit', '--quiet', '-m', 'second');
    expect((await review('--all', '--json')).lines).toEqual([]);
    const since = (await review('--all', '--base', 'HEAD~1', '--json')).lines;
    expect(new Set(since.map(({ path }) => path))).toEqual(new Set(['parcels.js', 'orders.js']));
    const { code, stderr } = await review('--base', 'nowhere');
    expect(code).toBe(1);
    expect(stderr).toContain('There is no revision nowhere');
  });
});

it('says where there is no repository', async () => {
  const outside = await mkdtemp(join(tmpdir(), 'recur-outside-'));
  const { code, stderr } = await runCli('review', outside);
  expect(code).toBe(1);
  expect(stderr).toContain('is not in a git repository');
  await rm(outside, { recursive: true });
});
