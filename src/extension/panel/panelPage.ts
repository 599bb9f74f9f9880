import * as l10n from '@vscode/l10n';

/** What the page of the panel is made of, as addresses that a webview may load. */
export interface PanelPageParts {
  readonly script: string;
  readonly style: string;
  /** Sources of styles that the webview allows. */
  readonly cspSource: string;
  /** Drawn anew for every page. */
  readonly nonce: string;
  /** Of the editor, as HTML names languages. */
  readonly language: string;
  /** What texts are called in that language; undefined where it is theirs. */
  readonly translations: Readonly<Record<string, string>> | undefined;
}

/** The page of the panel: nothing in it loads anything but our own script and style. */
export function panelPage({ script, style, cspSource, nonce, language, translations }: PanelPageParts): string {
  const policy = `default-src 'none'; script-src 'nonce-${nonce}'; style-src ${cspSource};`;
  // Data that runs nothing: no policy is asked about it, and no text ends it early.
  const texts = translations === undefined ? '' : JSON.stringify(translations).replaceAll('<', '\\u003c');
  return `<!DOCTYPE html>
<html lang="${language}">
  <head>
    <meta charset="UTF-8" />
    <meta http-equiv="Content-Security-Policy" content="${policy}" />
    <meta name="viewport" content="width=device-width, initial-scale=1.0" />
    <link rel="stylesheet" href="${style}" />
    <title>${l10n.t('Recur: perplexity')}</title>
  </head>
  <body>
    <main id="panel"></main>
    <script type="application/json" id="texts">${texts}</script>
    <script nonce="${nonce}" src="${script}"></script>
  </body>
</html>
`;
}
