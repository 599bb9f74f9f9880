import * as l10n from '@vscode/l10n';
import type { CompletionSettings, SettingKey } from './settings';

/** What decides, before anything is asked of the engine, whether a completion is wanted. */
export interface CompletionSituation {
  /** The editor's id of the document's language. */
  readonly languageId: string;
  /** The user has asked by a command; otherwise the editor has, because something was typed. */
  readonly invoked: boolean;
  readonly cursors: number;
  readonly hasSelection: boolean;
  /** A diff shows a document to compare it; its right side may be an ordinary file. */
  readonly inDiff: boolean;
  /** Another extension that completes inline is active. */
  readonly hasOtherProvider: boolean;
}

type LanguageSettings = Pick<CompletionSettings, 'enabled' | 'languages'>;

/** Whether completions are on in a language: by its own switch, or else by that of `*`. */
export function isOnIn(languageId: string, { enabled, languages }: LanguageSettings): boolean {
  return enabled && (languages[languageId] ?? languages['*'] ?? true);
}

/** Whether completions are on in the window, and in the language of a document. */
export interface CompletionSwitches {
  readonly enabled: boolean;
  /** Where it is otherwise in the language. */
  readonly exception?: LanguageException;
}

export interface LanguageException {
  readonly languageId: string;
  /** What makes it so. */
  readonly setting: SettingKey;
}

/**
 * @param enabled in the window
 * @param settings as they hold in the language
 */
export function switchesIn(languageId: string, enabled: boolean, settings: LanguageSettings): CompletionSwitches {
  if (isOnIn(languageId, settings) === enabled) return { enabled };
  const setting = settings.enabled === enabled ? 'completions.languages' : 'completions.enabled';
  return { enabled, exception: { languageId, setting } };
}

/**
 * In a sentence.
 * @param named how a setting is named in it
 */
export function describeSwitches(
  { enabled, exception }: CompletionSwitches,
  named = ({ setting }: LanguageException): string => `recur.${setting}`,
): string {
  if (exception === undefined) {
    return enabled ? l10n.t('Inline completions are on.') : l10n.t('Inline completions are off.');
  }
  const { languageId } = exception;
  return enabled
    ? l10n.t`Inline completions are on, but off in ${languageId} by the setting ${named(exception)}.`
    : l10n.t`Inline completions are off, but on in ${languageId} by the setting ${named(exception)}.`;
}

export function isCompletionWanted(situation: CompletionSituation, settings: CompletionSettings): boolean {
  const { languageId, invoked, cursors, hasSelection, inDiff, hasOtherProvider } = situation;
  if (!isOnIn(languageId, settings) || inDiff || cursors !== 1 || hasSelection) return false;
  if (settings.yieldToOthers && hasOtherProvider) return false;
  return invoked || settings.trigger === 'automatic';
}

/**
 * Extensions that offer inline completions of their own, in lower case. The editor's API tells which extensions are active,
 * and not what they have registered or whether they are switched off.
 */
const completingExtensions = new Set([
  ...['github.copilot', 'github.copilot-chat', 'codeium.codeium', 'tabnine.tabnine-vscode', 'supermaven.supermaven'],
  ...['continue.continue', 'sourcegraph.cody-ai', 'amazonwebservices.amazon-q-vscode', 'tabbyml.vscode-tabby'],
  ...['google.geminicodeassist', 'augment.vscode-augment', 'blackboxapp.blackbox', 'rjmacarthy.twinny'],
  ...['visualstudioexptteam.vscodeintellicode-completions', 'huggingface.huggingface-vscode', 'ggml-org.llama-vscode'],
]);

export function isOtherProvider({ id, isActive }: { readonly id: string; readonly isActive: boolean }): boolean {
  return isActive && completingExtensions.has(id.toLowerCase());
}

/** What the editor's list of suggestions would insert, and where from. */
export interface SelectedSuggestion {
  readonly text: string;
  /** What its range holds up to the cursor. */
  readonly typed: string;
}

/**
 * The text that replaces the range of the selected suggestion: the editor shows a completion beside its open list only where
 * it goes on with what is selected there.
 * @returns undefined where the completion contradicts it
 */
export function agreeingText(completion: string, { text, typed }: SelectedSuggestion): string | undefined {
  const whole = typed + completion;
  return whole.startsWith(text) ? whole : undefined;
}
