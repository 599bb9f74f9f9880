import { config } from '@vscode/l10n';

/**
 * Texts are marked where they are written, by `t` of `@vscode/l10n`, in whatever process that is: the extension host, its
 * children, or (always in English) the command line. The editor's own `vscode.l10n` cannot be used by what does not know it.
 */
const variable = 'RECUR_LANGUAGE_BUNDLE';
let bundle = process.env[variable];

/** Speaks the language of a bundle from now on, here and in children started from now on. @param file absolute path */
export function useLanguage(file: string): void {
  bundle = file;
  config({ fsPath: file });
}

/** As the process that started this one does. */
export function useParentsLanguage(): void {
  if (bundle !== undefined) useLanguage(bundle);
}

/** The environment by which a child speaks the same language. */
export function languageEnvironment(): Readonly<Record<string, string>> {
  return bundle === undefined ? {} : { [variable]: bundle };
}
