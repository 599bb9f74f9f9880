import type { FromPanel } from '../protocol/panel';
import type { RunCurves } from '../protocol/runCurves';
import type { ChartPicture, Contents } from './curves/chartStack';
import { element } from './element';
import { messages } from './messages';
import { readTheme } from './theme';
import { contentsPicture } from './exportedPicture';

/** What can be taken out of the panel. */
export interface Exported {
  readonly run: RunCurves;
  readonly contents: Contents;
  readonly pictures: () => Promise<readonly ChartPicture[]>;
  /** Names and values of the figures above. */
  readonly figures: readonly { readonly label: string; readonly value: string }[];
}

/** A list of what can be saved. @param exported undefined: there is nothing yet */
export function createExports(send: (message: FromPanel) => void, exported: () => Exported | undefined): HTMLElement {
  const texts = messages.exporting;
  const save = (name: string, content: string | Uint8Array): void => send({ type: 'save', name, content });
  const withRun = (work: (found: Exported) => void) => () => {
    const found = exported();
    if (found !== undefined) work(found);
  };
  const actions: readonly (readonly [string, () => void])[] = [
    [texts.csv, withRun(({ run }) => save('recur-curves.csv', csvOf(run)))],
    [texts.json, withRun(({ run }) => save('recur-curves.json', jsonOf(run)))],
    [
      texts.png,
      withRun(
        ({ pictures }) =>
          void pictures()
            .then(pngOf)
            .then((data) => save('recur-curves.png', data)),
      ),
    ],
    [texts.svg, withRun(({ contents }) => save('recur-curves.svg', contentsPicture(contents, readTheme())))],
    [texts.html, withRun((found) => save('recur-report.html', reportOf(found)))],
    [texts.onnx, () => send({ type: 'exportModel' })],
  ];
  const buttons = actions.map(([title, act]) => {
    const button = element('button', { type: 'button', class: 'quiet' }, title);
    button.addEventListener('click', () => {
      act();
      root.open = false;
    });
    return button;
  });
  const root = element(
    'details',
    { class: 'exports' },
    element('summary', {}, texts.title),
    element('div', {}, ...buttons),
  );
  return root;
}

const progressKeys = [
  ...(['characters', 'seconds', 'charactersPerSecond', 'nats', 'gradientNorm', 'learningRate', 'at'] as const),
];

/** Every measurement as a line: its kind, its step, and what was measured; empty where it was not, or not finite. */
export function csvOf({ progress, validation }: RunCurves): string {
  const text = (value: number): string => (Number.isFinite(value) ? String(value) : '');
  const lines = [
    ['type', 'step', ...progressKeys].join(','),
    ...Array.from(progress.step, (step, index) =>
      ['progress', step, ...progressKeys.map((key) => text(progress[key][index]!))].join(','),
    ),
    ...Array.from(validation.step, (step, index) =>
      ['validation', step, '', '', '', text(validation.nats[index]!), '', '', text(validation.at[index]!)].join(','),
    ),
  ];
  return `${lines.join('\n')}\n`;
}

/** The same as columns, with what the training began with; null for what is not finite. */
export function jsonOf({ run, name, start, progress, validation }: RunCurves): string {
  const plain = (columns: Readonly<Record<string, Float64Array>>) =>
    Object.fromEntries(Object.entries(columns).map(([key, values]) => [key, [...values]]));
  return JSON.stringify({ run, name, start, progress: plain(progress), validation: plain(validation) });
}

/** The charts under one another, each below its name. */
async function pngOf(pictures: readonly ChartPicture[]): Promise<Uint8Array> {
  const scale = devicePixelRatio;
  const heading = 26 * scale;
  const theme = readTheme();
  const whole = document.createElement('canvas');
  whole.width = Math.max(1, ...pictures.map(({ canvas }) => canvas.width));
  whole.height = Math.max(
    1,
    pictures.reduce((sum, { canvas }) => sum + canvas.height + heading, 0),
  );
  const context = whole.getContext('2d')!;
  context.fillStyle = theme.background;
  context.fillRect(0, 0, whole.width, whole.height);
  context.fillStyle = theme.text;
  context.font = theme.font.replace(/^\d+/, (size) => String(Number(size) * scale));
  let top = 0;
  for (const { name, canvas } of pictures) {
    context.fillText(messages.curves.charts[name], 8 * scale, top + 18 * scale);
    context.drawImage(canvas, 0, top + heading);
    top += canvas.height + heading;
  }
  const blob = await new Promise<Blob | null>((resolve) => whole.toBlob(resolve));
  return new Uint8Array(await blob!.arrayBuffer());
}

/** A page that needs nothing but itself. */
function reportOf({ run, contents, figures }: Exported): string {
  const title = messages.exporting.reportTitle;
  const rows = figures.map(({ label, value }) => element('tr', {}, element('th', {}, label), element('td', {}, value)));
  const settings = Object.entries(run.start?.training ?? {}).map(([key, value]) =>
    element(
      'tr',
      {},
      element('th', {}, key),
      element('td', {}, typeof value === 'object' ? JSON.stringify(value) : String(value)),
    ),
  );
  const body = element('body', {}, element('h1', {}, title), element('p', {}, run.name), element('table', {}, ...rows));
  const picture = contentsPicture(contents, readTheme());
  const table = element('table', {}, ...settings);
  const style =
    'body{font-family:system-ui,sans-serif;max-width:980px;margin:2em auto;padding:0 1em}' +
    'th{text-align:left;font-weight:400;color:#555;padding-right:2em}td{font-variant-numeric:tabular-nums}svg{width:100%;height:auto;margin:1.5em 0}';
  // What stands in a run's name or settings was escaped by the browser.
  return (
    `<!DOCTYPE html>\n<html lang="${document.documentElement.lang}"><head><meta charset="UTF-8"><title>${title}</title><style>${style}</style></head>` +
    `<body>${body.innerHTML}${picture}${table.outerHTML}` +
    `<script type="application/json" id="curves">${jsonOf(run).replaceAll('<', '\\u003c')}</script></body></html>\n`
  );
}
