import { getL10nJson } from '@vscode/l10n-dev';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';

const languages = ['zh-cn'];
const placeholders = (text: string) => [...new Set(text.match(/\{\d+\}/g))].sort();

/** What the code marks as shown to users, wherever it stands; the tool of VS Code finds it. */
async function markedTexts(): Promise<string[]> {
  const names = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  const contents = names.map((name) => readFileSync(path.join('src', name), 'utf8'));
  return Object.keys(
    await getL10nJson(
      contents.filter((text) => text.includes('l10n')).map((text) => ({ extension: '.ts', contents: text })),
    ),
  );
}

describe.each(languages)('l10n/bundle.l10n.%s.json', (language) => {
  let marked: string[];
  const bundle = JSON.parse(readFileSync(`l10n/bundle.l10n.${language}.json`, 'utf8')) as Record<string, string>;

  beforeAll(async () => {
    marked = await markedTexts();
  });

  it('has every text that the code shows, and no other', () => {
    expect(marked.length).toBeGreaterThan(100);
    expect(Object.keys(bundle).sort()).toEqual(marked.sort());
  });

  it('keeps what is put into each of them', () => {
    for (const [text, translated] of Object.entries(bundle)) {
      expect([text, placeholders(translated)]).toEqual([text, placeholders(text)]);
    }
  });
});
