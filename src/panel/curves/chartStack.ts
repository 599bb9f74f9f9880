import { messages } from '../messages';
import { element } from '../element';
import { readTheme } from '../theme';
import type { Range } from './axisRange';
import { createChart, type Chart, type ChartEvents } from './chart';
import { chartNames, type ChartName, type CurveOptions } from './chartContents';
import { valueAt, type ChartContent } from './curve';
import { formatValue, placeInWords } from './curveFormatting';
import { createLegend, type Legend } from './legend';

export type Contents = Readonly<Record<ChartName, ChartContent>>;

/** The charts under one another, with one horizontal axis, one zoom and one cursor. */
export interface ChartStack {
  readonly root: HTMLElement;
  show(contents: Contents, options: CurveOptions): void;
  /** Draws all anew: the theme has changed. */
  redraw(): void;
  resetZoom(): void;
  /** What is drawn, from top to bottom, also where it cannot be seen now. */
  pictures(): Promise<readonly ChartPicture[]>;
}

/** A chart as it is drawn, and its name. */
export interface ChartPicture {
  readonly name: ChartName;
  readonly canvas: HTMLCanvasElement;
}

/** Those whose values may differ by powers of ten. */
const logarithmicCharts: ReadonlySet<ChartName> = new Set(['perplexity', 'gradientNorm']);

const withoutEvents: ChartEvents = { pointed: () => undefined, zoomed: () => undefined, reset: () => undefined };

interface Place {
  readonly name: ChartName;
  readonly root: HTMLElement;
  readonly legend: Legend;
  readonly stage: HTMLElement;
  chart?: Chart;
}

/** @param zoomChanged told whether only a part is shown */
export function createChartStack(zoomChanged: (isZoomed: boolean) => void): ChartStack {
  const where = element('p', { class: 'where', role: 'status' });
  const places = chartNames.map(createPlace);
  const root = element(
    'div',
    { class: 'charts', tabindex: '0', role: 'group', 'aria-label': messages.curves.help },
    where,
    ...places.map(({ root: own }) => own),
  );
  let shown: { contents: Contents; options: CurveOptions } | undefined;
  let zoomed: Range | undefined;
  let cursor: number | null = null;

  const full = (): Range => fullRange(shown!.contents, shown!.options);
  const range = (): Range => zoomed ?? full();

  function zoom(next: Range | undefined): void {
    zoomed = next;
    zoomChanged(next !== undefined);
    for (const { chart } of places) chart?.zoom(range());
  }

  function point(place: number | null, from?: Place): void {
    cursor = place;
    for (const each of places) if (each !== from) each.chart?.point(place);
    read();
  }

  function read(): void {
    where.textContent = cursor === null ? '' : placeInWords(shown!.options.axis, cursor);
    for (const { name, legend } of places) {
      const { curves } = shown!.contents[name];
      const readings = curves.map((curve) => (cursor === null ? curve.y.at(-1) : valueAt(curve, cursor)));
      legend.read(readings.map((value) => (value === undefined ? '' : formatValue(name, value))));
    }
  }

  function create(name: ChartName, stage: HTMLElement, events: ChartEvents): Chart {
    const { contents, options } = shown!;
    const look = {
      ...options,
      logY: options.logY && logarithmicCharts.has(name),
      hasPlaces: name === chartNames.at(-1),
      showsLevels: () => zoomed === undefined,
      theme: readTheme(),
    };
    return createChart(stage, contents[name], range(), look, events);
  }

  function draw(): void {
    const { contents } = shown!;
    for (const place of places) {
      const { name, root: own, stage, legend } = place;
      const content = contents[name];
      legend.show(content.curves);
      stage.setAttribute('aria-label', inWords(name, content));
      own.hidden = content.curves.every(({ x }) => x.length === 0);
      if (place.chart !== undefined) {
        place.chart.show(content, range());
        continue;
      }
      place.chart = create(name, stage, {
        pointed: (at) => point(at, place),
        zoomed: (next) => zoom(next),
        reset: () => zoom(undefined),
      });
    }
    read();
  }

  /** A canvas on a part of the page that is hidden has no size. */
  async function drawnOffThePage(names: readonly ChartName[]): Promise<readonly ChartPicture[]> {
    const page = element('div', { class: 'off-page', 'aria-hidden': 'true' });
    document.body.append(page);
    const charts = names.map((name) => {
      const stage = element('div', { class: `stage ${name}` });
      page.append(element('div', { 'data-chart': name }, stage));
      return { name, chart: create(name, stage, withoutEvents) };
    });
    // uPlot draws once what runs now has ended.
    await Promise.resolve();
    for (const { chart } of charts) chart.dispose();
    page.remove();
    return charts.map(({ name, chart: { canvas } }) => ({ name, canvas }));
  }

  function discard(): void {
    for (const place of places) {
      place.chart?.dispose();
      delete place.chart;
    }
  }

  root.addEventListener('keydown', (event) => {
    if (shown === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    const action = keyAction(event.key, range(), full(), cursor);
    if (action === undefined) return;
    event.preventDefault();
    if ('cursor' in action) point(action.cursor);
    else zoom(action.zoom);
  });

  return {
    root,
    show(contents, options) {
      const isSame = shown !== undefined && hasSameCharts(shown, { contents, options });
      if (shown !== undefined && hasOtherPlaces(shown.options, options)) zoom(undefined);
      shown = { contents, options };
      if (!isSame) discard();
      draw();
    },
    redraw() {
      if (shown === undefined) return;
      discard();
      draw();
    },
    resetZoom: () => zoom(undefined),
    async pictures() {
      const drawn = places.flatMap(({ name, root: { hidden }, chart }) =>
        hidden || chart === undefined ? [] : [{ name, canvas: chart.canvas }],
      );
      return root.clientWidth > 0 ? drawn : drawnOffThePage(drawn.map(({ name }) => name));
    },
  };
}

function createPlace(name: ChartName): Place {
  const legend = createLegend(messages.curves.charts[name]);
  const stage = element('div', { class: `stage ${name}`, role: 'img' });
  return { name, legend, stage, root: element('div', { class: 'chart', 'data-chart': name }, legend.root, stage) };
}

/** A part of one axis is no part of another; a logarithmic one has no place for 0. */
function hasOtherPlaces(before: CurveOptions, after: CurveOptions): boolean {
  return before.axis !== after.axis || before.logX !== after.logX;
}

/** uPlot takes new data, but neither other curves nor other axes. */
function hasSameCharts(
  before: { contents: Contents; options: CurveOptions },
  after: { contents: Contents; options: CurveOptions },
): boolean {
  const looks = ({ contents, options: { axis, logX, logY } }: typeof before): string =>
    JSON.stringify([
      ...[axis, logX, logY],
      ...chartNames.map((name) =>
        contents[name].curves.map((curve) => [curve.style, curve.isBackground, curve.hasPoints]),
      ),
    ]);
  return looks(before) === looks(after);
}

function fullRange(contents: Contents, { axis, logX }: CurveOptions): Range {
  const isDrawn = (place: number): boolean => (logX ? place > 0 : !Number.isNaN(place));
  let [least, most] = [axis === 'time' || logX ? Infinity : 0, -Infinity];
  for (const name of chartNames) {
    for (const { x } of contents[name].curves) {
      for (const place of [x.find(isDrawn), x.at(-1)]) {
        if (place === undefined || !isDrawn(place)) continue;
        [least, most] = [Math.min(least, place), Math.max(most, place)];
      }
    }
  }
  if (least === Infinity || most === -Infinity) return logX ? [1, 10] : [0, 1];
  return [least, most > least ? most : least + 1];
}

type KeyAction = { readonly cursor: number } | { readonly zoom: Range | undefined };

/** What a key does to the cursor or the zoom; undefined where it means nothing here. */
function keyAction(key: string, [least, most]: Range, full: Range, cursor: number | null): KeyAction | undefined {
  const middle = cursor ?? (least + most) / 2;
  const step = (most - least) / 50;
  const within = (place: number): number => Math.min(most, Math.max(least, place));
  const zoomBy = (factor: number): Range | undefined => {
    const [from, to] = [middle - (middle - least) * factor, middle + (most - middle) * factor];
    return from <= full[0] && to >= full[1] ? undefined : [Math.max(full[0], from), Math.min(full[1], to)];
  };
  const actions: Readonly<Record<string, () => KeyAction>> = {
    ArrowLeft: () => ({ cursor: within(middle - step) }),
    ArrowRight: () => ({ cursor: within(middle + step) }),
    Home: () => ({ cursor: least }),
    End: () => ({ cursor: most }),
    '+': () => ({ zoom: zoomBy(0.5) }),
    '=': () => ({ zoom: zoomBy(0.5) }),
    '-': () => ({ zoom: zoomBy(2) }),
    Escape: () => ({ zoom: undefined }),
  };
  return actions[key]?.();
}

/** The last value of a chart in a sentence, for those who do not see it. */
function inWords(name: ChartName, { curves }: ChartContent): string {
  const last = curves.findLast(({ style }) => style === 'validation' || style === 'training')?.y.at(-1);
  if (last === undefined) return messages.curves.inWords.none;
  return messages.curves.inWords.last(messages.curves.charts[name], formatValue(name, last));
}
