import { describe, expect, it } from 'vitest';
import { defaultCompletions } from '../../src/core/configuration';
import {
  agreeingText,
  isCompletionWanted,
  isOtherProvider,
  switchesIn,
  type CompletionSituation,
} from '../../src/editors/completionPolicy';
import { isEditedScheme } from '../../src/editors/editorDocumentPath';
import { readCompletionSettings, type CompletionSettings } from '../../src/editors/settings';

const defaults: CompletionSettings = readCompletionSettings(() => undefined);
const typing: CompletionSituation = {
  languageId: 'typescript',
  invoked: false,
  cursors: 1,
  hasSelection: false,
  inDiff: false,
  hasOtherProvider: false,
};

describe('a completion is wanted', () => {
  it.each<{
    name: string;
    situation?: Partial<CompletionSituation>;
    settings?: Partial<CompletionSettings>;
    wanted: boolean;
  }>([
    { name: 'while typing', wanted: true },
    { name: 'not with several cursors', situation: { cursors: 2 }, wanted: false },
    { name: 'not with a selection', situation: { hasSelection: true }, wanted: false },
    { name: 'not in a diff', situation: { inDiff: true }, wanted: false },
    { name: 'not where it is off', settings: { enabled: false }, wanted: false },
    { name: 'not where all languages are off', settings: { languages: { '*': false } }, wanted: false },
    { name: 'where one language is on', settings: { languages: { '*': false, typescript: true } }, wanted: true },
    { name: 'not where one language is off', settings: { languages: { '*': true, typescript: false } }, wanted: false },
    { name: 'where another language is off', settings: { languages: { markdown: false } }, wanted: true },
    { name: 'only when asked for, by the setting', settings: { trigger: 'manual' }, wanted: false },
    { name: 'when asked for', situation: { invoked: true }, settings: { trigger: 'manual' }, wanted: true },
    { name: 'beside other providers', situation: { hasOtherProvider: true }, wanted: true },
    {
      name: 'not where the field is left to them',
      situation: { hasOtherProvider: true, invoked: true },
      settings: { yieldToOthers: true },
      wanted: false,
    },
    { name: 'where there are no others to leave it to', settings: { yieldToOthers: true }, wanted: true },
    {
      name: 'not by asking where it is off',
      situation: { invoked: true },
      settings: { enabled: false },
      wanted: false,
    },
  ])('$name', ({ situation, settings, wanted }) => {
    expect(isCompletionWanted({ ...typing, ...situation }, { ...defaults, ...settings })).toBe(wanted);
  });

  it.each([
    ['file', true],
    ['untitled', true],
    ['vscode-notebook-cell', true],
    ['vscode-scm', false],
    ['git', false],
    ['output', false],
    ['comment', false],
    ['vscode-settings', false],
  ])('in %s documents: %s', (scheme, edited) => {
    expect(isEditedScheme(scheme)).toBe(edited);
  });
});

it.each([
  { name: 'on as elsewhere', enabled: true, settings: {}, setting: undefined },
  { name: 'off as elsewhere', enabled: false, settings: { enabled: false }, setting: undefined },
  {
    name: 'off by the list of languages',
    ...{ enabled: true, settings: { languages: { markdown: false } }, setting: 'completions.languages' },
  },
  {
    name: 'off with all that are not in the list',
    ...{ enabled: true, settings: { languages: { '*': false } }, setting: 'completions.languages' },
  },
  { name: 'off by its own value', enabled: true, settings: { enabled: false }, setting: 'completions.enabled' },
  { name: 'on by its own value', enabled: false, settings: { enabled: true }, setting: 'completions.enabled' },
  {
    name: 'off by the list although on by its own value, as elsewhere',
    ...{ enabled: false, settings: { languages: { markdown: false } }, setting: undefined },
  },
])('completions are $name in a language: what decides is named', ({ enabled, settings, setting }) => {
  const exception = setting && { languageId: 'markdown', setting };
  expect(switchesIn('markdown', enabled, { ...defaults, ...settings })).toEqual({ enabled, exception });
});

it.each([
  { id: 'GitHub.copilot', isActive: true, other: true },
  { id: 'GitHub.copilot', isActive: false, other: false },
  { id: 'recur.recur', isActive: true, other: false },
  { id: 'vscode.typescript', isActive: true, other: false },
])('$id, active $isActive, completes inline: $other', ({ id, isActive, other }) => {
  expect(isOtherProvider({ id, isActive })).toBe(other);
});

describe('beside the list of suggestions', () => {
  it.each([
    { selected: 'length', typed: 'le', completion: 'ngth > 0;', text: 'length > 0;' },
    { selected: 'length', typed: 'le', completion: 'ngth', text: 'length' },
    { selected: 'length', typed: '', completion: 'length;', text: 'length;' },
    { selected: 'length', typed: 'le', completion: 'vel = 1', text: undefined },
    { selected: 'length', typed: 'le', completion: 'ng', text: undefined },
    { selected: 'length', typed: 'lgh', completion: 'ngth', text: undefined },
  ])("'$selected' with '$typed' typed and '$completion' to come: $text", ({ selected, typed, completion, text }) => {
    expect(agreeingText(completion, { text: selected, typed })).toBe(text);
  });
});

it('asks for as much as the command line does', () => {
  expect(defaults).toMatchObject(defaultCompletions);
});
