/** Colours and type of the editor's theme, for what is drawn on a canvas. */
export interface ChartTheme {
  readonly training: string;
  readonly validation: string;
  readonly baseline: string;
  readonly text: string;
  readonly grid: string;
  /** As the CSS property `font` wants it. */
  readonly font: string;
}

/** What the theme says now; the variables of panel.css have a fallback each. */
export function readTheme(): ChartTheme {
  const style = getComputedStyle(document.documentElement);
  const value = (name: string) => style.getPropertyValue(name).trim();
  return {
    training: value('--training'),
    validation: value('--validation'),
    baseline: value('--baseline'),
    text: value('--quiet'),
    grid: value('--grid'),
    font: `11px ${getComputedStyle(document.body).fontFamily}`,
  };
}

/** Tells when the editor's theme changes: it then sets other classes on the body and variables on the root. */
export function watchTheme(changed: () => void): void {
  const observer = new MutationObserver(changed);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['style', 'class'] });
  observer.observe(document.body, { attributes: true, attributeFilter: ['class', 'data-vscode-theme-kind'] });
}
