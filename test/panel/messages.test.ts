import { readFileSync } from 'node:fs';
import * as l10n from '@vscode/l10n';
import { describe, expect, it } from 'vitest';

/** Every text below a value with the path to it; what is put into a text is a number. */
function textsOf(value: unknown, path = ''): [path: string, text: string][] {
  if (typeof value === 'string') return [[path, value]];
  if (typeof value === 'function') return [[path, String(Reflect.apply(value, undefined, ['1', '2', '3', '4']))]];
  return Object.entries(value as object).flatMap(([key, each]) => textsOf(each, `${path}.${key}`));
}

describe('texts of the panel', () => {
  it('are Chinese where the editor is, every one of them', async () => {
    l10n.config({ contents: readFileSync('l10n/bundle.l10n.zh-cn.json', 'utf8') });
    const { messages } = await import('../../src/panel/messages');
    const all = textsOf(messages);
    expect(all.length).toBeGreaterThan(100);
    // Signs, an example of code, a heading of buttons, and nothing but values.
    const alike = ['.none', '.curves.at.time', '.samples.prefixHint', '.runs.columns.5', '.figures.acceptedValue'];
    expect(all.filter(([, text]) => !/\p{Script=Han}/u.test(text)).map(([path]) => path)).toEqual(alike);
  });
});
