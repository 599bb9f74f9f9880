import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const project = join(import.meta.dirname, '../../..');
const read = (file: string) => readFileSync(join(project, file), 'utf8');

/** What Recur says, and what loaders say, one text each. */
const said = [
  ...Object.keys(JSON.parse(read('l10n/bundle.l10n.zh-cn.json')) as object),
  ...['src/core/loadFailure.ts', 'src/store/modelLock.ts', 'test/core/loadFailure.test.ts'].flatMap((file) =>
    read(file).split('\n'),
  ),
];

/** The first cells of the table: what somebody sees. */
const seen = [...read('docs/troubleshooting.md').matchAll(/^\| ([^|]+) \|/gm)].map(([, cell]) => cell!);
const quoted = seen.flatMap((cell) => [...cell.matchAll(/"([^"]+)"/g)].map(([, text]) => text!));

it.each(quoted)('"%s" is really said', (text) => {
  const pieces = text.split('…').map((piece) => piece.trim().toLowerCase());
  expect(said.some((each) => pieces.every((piece) => each.toLowerCase().includes(piece)))).toBe(true);
});

it('settings and commands that are named exist', () => {
  const manifest = read('package.json') + read('package.nls.json');
  const page = read('docs/troubleshooting.md');
  const names = [...page.matchAll(/`(recur\.[a-zA-Z.]+)`|\*\*Recur: ([^*]+)\*\*/g)].map(
    ([, key, title]) => key ?? title!,
  );
  expect(names).toContain('Check installation');
  for (const name of names) expect(manifest).toContain(`"${name}"`);
});
