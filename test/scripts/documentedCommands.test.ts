import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCli } from '../cli/runCli';

const project = join(import.meta.dirname, '../..');
const pages = [
  ...['README.md', 'README.zh-CN.md'],
  ...readdirSync(join(project, 'docs')).flatMap((name) => (name.endsWith('.md') ? [`docs/${name}`] : [])),
];

/** Lines of the fenced blocks of a page that begin with a program, without their comments. */
function commandsIn(page: string, program: string): string[] {
  const blocks = readFileSync(join(project, page), 'utf8').matchAll(/^```\w*\n(.*?)^```/gms);
  const lines = [...blocks].flatMap(([, block = '']) => block.split('\n'));
  return lines.filter((line) => line.startsWith(`${program} `)).map((line) => line.replace(/\s+#.*$/, ''));
}

const shown = (program: string) => [...new Set(pages.flatMap((page) => commandsIn(page, program)))];
const names = [...new Set(shown('recur').map((line) => line.split(' ')[1]!))];

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
});
