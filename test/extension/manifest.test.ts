import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { commands, panelViewType } from '../../src/extension/commands';
import { settings } from '../../src/extension/settings';

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
const manifest = JSON.parse(await readFile(new URL('package.json', root), 'utf8')) as Manifest;
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
});
