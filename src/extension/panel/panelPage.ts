/** What the page of the panel is made of, as addresses that a webview may load. */
export interface PanelPageParts {
  readonly script: string;
  readonly style: string;
  /** Sources of styles that the webview allows. */
  readonly cspSource: string;
  /** Drawn anew for every page. */
  readonly nonce: string;
}

/** The page of the panel: nothing in it loads anything but our own script and style. */
export function panelPage({ script, style, cspSource, nonce }: PanelPageParts): string {
  const policy = `default-src 'none'; script-src 'nonce-${nonce}'; style-src ${cspSource};`;
  return `<!DOCTYPE html>
<html lang="en">
  <head>
    <meta charset="UTF-8" />
    <meta http-equiv="Content-Security-Policy" content="${policy}" />
    <meta name="viewport" content="width=device-width, initial-scale=1.0" />
    <link rel="stylesheet" href="${style}" />
    <title>Recur: perplexity</title>
  </head>
  <body>
    <main id="panel"></main>
    <script nonce="${nonce}" src="${script}"></script>
  </body>
</html>
`;
}
