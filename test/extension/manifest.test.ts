import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { keyOf, localizedManifest } from '../../scripts/docs/localizedManifest.mjs';
import { commands, panelViewType } from '../../src/extension/editor/commands';
import { settings } from '../../src/editors/settings';

interface Manifest {
  readonly engines: { readonly vscode: string };
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly activationEvents: readonly string[];
  readonly contributes: {
    readonly commands: readonly { command: string; category: string; title: string }[];
    readonly configuration: readonly { properties: Readonly<Record<string, Record<string, unknown>>> }[];
    readonly walkthroughs: readonly { steps: readonly { media: { markdown: string } }[] }[];
  };
}

const root = new URL('../../', import.meta.url);
const readJson = async (name: string): Promise<unknown> => JSON.parse(await readFile(new URL(name, root), 'utf8'));
const texts = (await readJson('package.nls.json')) as Record<string, string>;
const plain = (await readJson('package.json')) as Manifest;
const manifest = localizedManifest(plain, texts) as Manifest;
const properties = Object.assign({}, ...manifest.contributes.configuration.map((part) => part.properties)) as Record<
  string,
  Record<string, unknown>
>;

const schemaTypes = {
  number: { type: 'number' },
  optionalNumber: { type: ['number', 'null'] },
  integer: { type: 'integer' },
  optionalInteger: { type: ['integer', 'null'] },
  enum: { type: 'string' },
  boolean: { type: 'boolean' },
  string: { type: 'string' },
  switches: { type: 'object', additionalProperties: { type: 'boolean' } },
  globs: { type: 'array', items: { type: 'string' } },
} as const;

describe('package.json', () => {
  it('contributes the commands that the code registers, all under Recur', () => {
    expect(manifest.contributes.commands.map(({ command }) => command).sort()).toEqual(Object.values(commands).sort());
    expect(new Set(manifest.contributes.commands.map(({ category }) => category))).toEqual(new Set(['Recur']));
  });

  it('contributes the settings that the code reads', () => {
    expect(Object.keys(properties).sort()).toEqual(
      Object.keys(settings)
        .map((key) => `recur.${key}`)
        .sort(),
    );
  });

  it.each(Object.entries(settings))('has default, limits and scope of recur.%s', (key, { kind, ...setting }) => {
    const { choices, ...limits } = { choices: undefined, ...setting };
    const { markdownDescription, order, ...schema } = properties[`recur.${key}`]!;
    if (kind === 'enum') expect(schema.enumDescriptions).toHaveLength(choices!.length);
    delete schema.enumDescriptions;
    expect(schema).toEqual({ ...schemaTypes[kind], ...limits, ...(choices && { enum: choices }) });
    expect(markdownDescription).toMatch(/^[A-Z].*\.$/);
    expect(order).toBeTypeOf('number');
  });

  it('asks for the VS Code whose API the code is checked against', () => {
    expect(manifest.engines.vscode).toBe(`^${manifest.devDependencies['@types/vscode']}`);
  });

  it('is activated where a window comes back with a panel', () => {
    expect(manifest.activationEvents).toContain(`onWebviewPanel:${panelViewType}`);
  });

  it('names files that exist', async () => {
    const files = manifest.contributes.walkthroughs.flatMap(({ steps }) => steps.map(({ media }) => media.markdown));
    for (const file of [...files, 'media/icon.png'])
      expect((await readFile(new URL(file, root))).length).toBeGreaterThan(0);
  });

  describe.each(['', '.zh-cn'])('in package.nls%s.json', (language) => {
    it('has a text for everything that it shows, and no other', async () => {
      const own = (await readJson(`package.nls${language}.json`)) as Record<string, string>;
      expect(Object.keys(own).sort()).toEqual([...new Set(shownKeys(plain))].sort());
      expect(Object.values(own).filter((text) => text.trim() === '')).toEqual([]);
    });

    it('names the same commands and settings as in English', async () => {
      const own = (await readJson(`package.nls${language}.json`)) as Record<string, string>;
      const marks = (text: string) => (text.match(/`[^`]+`|\(command:[^)]+\)|\$\([^)]+\)/g) ?? []).sort();
      for (const [key, text] of Object.entries(texts)) expect([key, marks(own[key]!)]).toEqual([key, marks(text)]);
    });

    it('explains each step of the walkthrough', async () => {
      const files = manifest.contributes.walkthroughs.flatMap(({ steps }) => steps.map(({ media }) => media.markdown));
      const translated = files.map((file) => (language === '' ? file : file.replace(/\.md$/, `.nls${language}.md`)));
      for (const file of translated) expect((await readFile(new URL(file, root))).length).toBeGreaterThan(0);
    });
  });

  it('leaves no text that is shown untranslated', () => {
    const shown = /^(title|shortTitle|description|markdownDescription|enumDescriptions|name|contents|label)$/;
    const untranslated = textsBelow(plain.contributes).filter(
      ([name, text]) => shown.test(name) && keyOf(text) === undefined,
    );
    expect(untranslated).toEqual([]);
  });
});

/** Every text below a value, with the name of the member that it stands in. */
function textsBelow(value: unknown, name = ''): [string, string][] {
  if (typeof value === 'string') return [[name, value]];
  if (Array.isArray(value)) return value.flatMap((entry) => textsBelow(entry, name));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, entry]) => textsBelow(entry, key));
}

function shownKeys(value: unknown): string[] {
  return textsBelow(value).flatMap(([, text]) => keyOf(text) ?? []);
}
