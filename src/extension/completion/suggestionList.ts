import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import { openSettings } from '../editor/commands';
import { inform } from '../editor/notices';

/** The editor's values of `editor.quickSuggestions` for one kind of text. */
type Choice = 'on' | 'inline' | 'off' | 'offWhenInlineCompletions';
const kinds = ['other', 'comments', 'strings'] as const;
export type QuickSuggestions = Readonly<Record<(typeof kinds)[number], Choice>>;

/** The setting as the editor understands it: one value stands for all kinds of text. */
export function quickSuggestionsOf(value: unknown): QuickSuggestions {
  const given = (typeof value === 'object' && value !== null ? value : {}) as Readonly<Record<string, unknown>>;
  const choice = (kind: (typeof kinds)[number]): Choice => {
    const own = typeof value === 'object' ? given[kind] : value;
    if (typeof own === 'boolean') return own ? 'on' : 'off';
    if (own === 'on' || own === 'inline' || own === 'off' || own === 'offWhenInlineCompletions') return own;
    return kind === 'other' ? 'offWhenInlineCompletions' : 'off';
  };
  return { other: choice('other'), comments: choice('comments'), strings: choice('strings') };
}

/** The same with the list open beside suggestions wherever it is now closed by them; undefined where it is nowhere. */
export function withListBeside(value: QuickSuggestions): QuickSuggestions | undefined {
  const closed = kinds.filter((kind) => value[kind] === 'offWhenInlineCompletions');
  if (closed.length === 0) return undefined;
  return { ...value, ...Object.fromEntries(closed.map((kind) => [kind, 'on' as const])) };
}

/**
 * Sets the editor's own setting so that its list of suggestions opens while a completion is shown too, where the value in
 * force was set, or else for the user.
 */
export async function keepListOpen(): Promise<void> {
  const configuration = vscode.workspace.getConfiguration('editor');
  const next = withListBeside(quickSuggestionsOf(configuration.get('quickSuggestions')));
  if (next === undefined) {
    inform(l10n.t('The list of suggestions is not closed by completions: editor.quickSuggestions stays as it is.'));
    return;
  }
  const found = configuration.inspect('quickSuggestions');
  const target =
    found?.workspaceValue === undefined ? vscode.ConfigurationTarget.Global : vscode.ConfigurationTarget.Workspace;
  await configuration.update('quickSuggestions', next, target);
  inform(
    l10n.t(
      'editor.quickSuggestions now is "on": the list of suggestions opens while a completion is shown too. The completion stays where it goes on with what is selected in the list.',
    ),
    { title: l10n.t('Open setting'), command: openSettings, argument: 'editor.quickSuggestions' },
  );
}
