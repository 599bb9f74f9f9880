import { readFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';
import { expect, it } from 'vitest';
import { localizedManifest } from '../../scripts/docs/localizedManifest.mjs';
import { settingsReference } from '../../scripts/docs/settingsReference.mjs';

it('docs/settings.md is what package.json says; npm run docs writes it', async () => {
  const texts = JSON.parse(readFileSync('package.nls.json', 'utf8')) as Record<string, string>;
  const manifest = localizedManifest(JSON.parse(readFileSync('package.json', 'utf8')), texts);
  const options = await resolveConfig('docs/settings.md');
  const written = await format(settingsReference(manifest), { ...options, parser: 'markdown' });
  expect(readFileSync('docs/settings.md', 'utf8')).toBe(written);
});

it('names values, limits and what each value means', () => {
  const properties = {
    'recur.a': { type: 'integer', default: 5, minimum: 1, maximum: 9, markdownDescription: 'How many.' },
    'recur.b': { enum: ['x', null], enumDescriptions: ['first', 'none'], default: 'x', scope: 'machine' },
  };
  const text = settingsReference({ contributes: { configuration: [{ title: 'General', properties }] } });
  expect(text).toContain('### `recur.a`\n\nHow many.\n\n_default `5`; integer from 1 to 9; scope window_');
  expect(text).toContain('_default `"x"`; one of `"x"`, `null`; scope machine_\n\n- `"x"`: first\n- `null`: none');
});
