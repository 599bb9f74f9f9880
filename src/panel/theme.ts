import type { CurveStyle } from './curves/curve';

/** Colours and type of the editor's theme, for what is drawn on a canvas. */
export interface ChartTheme {
  readonly training: string;
  readonly validation: string;
  readonly baseline: string;
  /** Of runs that are laid over, in turn. */
  readonly runs: readonly string[];
  readonly text: string;
  readonly background: string;
  readonly grid: string;
  readonly error: string;
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
    runs: ['--run-0', '--run-1', '--run-2', '--run-3'].map(value),
    text: value('--quiet'),
    background: value('--background'),
    grid: value('--grid'),
    error: value('--error'),
    font: `11px ${getComputedStyle(document.body).fontFamily}`,
  };
}

export function colourOf(style: CurveStyle, theme: ChartTheme): string {
  if (style === 'training' || style === 'validation') return theme[style];
  return theme.runs[Number(style.slice('run'.length)) % theme.runs.length]!;
}

/** Tells when the editor's theme changes: it then sets other classes on the body and variables on the root. */
export function watchTheme(changed: () => void): void {
  const observer = new MutationObserver(changed);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['style', 'class'] });
  observer.observe(document.body, { attributes: true, attributeFilter: ['class', 'data-vscode-theme-kind'] });
}
