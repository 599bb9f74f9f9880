import type { ConfidenceCurves } from '../offers/measuring/completionFigures';
import type { FromPanel } from '../protocol/panel';
import { createConfidenceTables } from './confidenceTables';
import { element } from './element';
import { messages } from './messages';
import { pointsOf, svg } from './svg';

/** What confidence is worth, as pictures and as tables, and the threshold that completions must reach. */
export interface ConfidenceView {
  readonly root: HTMLElement;
  show(curves: ConfidenceCurves | undefined, threshold: number): void;
}

type OperatingPoint = ConfidenceCurves['operatingPoints'][number];

const [width, height, margin] = [360, 240, 36];
const across = (share: number): number => margin + share * (width - margin - 8);
const up = (share: number): number => height - margin - share * (height - margin - 8);

export function createConfidenceView(send: (message: FromPanel) => void): ConfidenceView {
  const texts = messages.confidence;
  const tables = createConfidenceTables();
  const reliability = picture(texts.reliabilityInWords, texts.confidenceAxis);
  const coverage = picture(texts.coverageInWords, texts.coverageAxis);
  const slider = element('input', { type: 'range', min: '0', max: '0.95', step: '0.05', class: 'wide' });
  const value = element('output', {});
  const consequence = element('p', { class: 'consequence', role: 'status' });
  const empty = element('p', { class: 'empty' }, texts.empty);
  const pictures = element(
    'div',
    { class: 'pictures' },
    element('figure', {}, element('figcaption', {}, texts.reliability), reliability),
    element('figure', {}, element('figcaption', {}, texts.coverage), coverage),
  );
  const chooser = element(
    'div',
    { class: 'threshold' },
    element('label', { class: 'row' }, texts.threshold, slider, value),
    consequence,
  );
  let shown: ConfidenceCurves | undefined;
  /** The threshold that the setting has. */
  let set: number | undefined;

  function choose(threshold: number): void {
    slider.value = String(threshold);
    value.textContent = Number(slider.value).toFixed(2);
    consequence.textContent = shown === undefined ? '' : consequenceOf(shown.operatingPoints, Number(slider.value));
    if (shown !== undefined) drawCoverage(coverage, shown.operatingPoints, Number(slider.value));
    drawThreshold(reliability, Number(slider.value));
  }

  slider.addEventListener('input', () => choose(Number(slider.value)));
  slider.addEventListener('change', () => send({ type: 'threshold', value: Number(slider.value) }));
  followPointer(coverage, {
    moved: (share) => shown !== undefined && choose(nearest(shown.operatingPoints, share)),
    left: () => send({ type: 'threshold', value: Number(slider.value) }),
  });

  return {
    root: element('section', {}, empty, pictures, chooser, tables.root),
    show(curves, threshold) {
      // What happens in a training is told many times a second, also while somebody moves the slider.
      const [isNew, isSet] = [!isSame(curves, shown), threshold !== set];
      if (!isNew && !isSet) return;
      [shown, set] = [curves, threshold];
      if (isSet) slider.value = String(threshold);
      empty.hidden = curves !== undefined;
      pictures.hidden = chooser.hidden = curves === undefined;
      tables.show(curves);
      if (curves === undefined) return;
      if (isNew) drawReliability(reliability, curves);
      choose(Number(slider.value));
    },
  };
}

/** Each state brings a copy. */
function isSame(curves: ConfidenceCurves | undefined, shown: ConfidenceCurves | undefined): boolean {
  return curves === shown || JSON.stringify(curves) === JSON.stringify(shown);
}

/** What a threshold means, in a sentence. */
export function consequenceOf(points: readonly OperatingPoint[], threshold: number): string {
  const point = points.findLast((each) => each.threshold <= threshold + 1e-9);
  if (point?.precision === undefined || point.precision === null) return messages.confidence.nothing;
  const offered = Math.round(100 * point.shownShare);
  return messages.confidence.consequence(offered, Math.round(offered * point.precision));
}

/** The threshold whose share of places is nearest. */
function nearest(points: readonly OperatingPoint[], share: number): number {
  const distance = ({ shownShare }: OperatingPoint): number => Math.abs(shownShare - share);
  return points.reduce((best, point) => (distance(point) < distance(best) ? point : best)).threshold;
}

function followPointer(
  picture: SVGElement,
  { moved, left }: { moved: (share: number) => void; left: () => void },
): void {
  let isDown = false;
  const tell = (event: PointerEvent): void => {
    const box = picture.getBoundingClientRect();
    const x = ((event.clientX - box.left) / box.width) * width;
    moved((x - across(0)) / (across(1) - across(0)));
  };
  picture.addEventListener('pointerdown', (event) => {
    isDown = true;
    picture.setPointerCapture(event.pointerId);
    tell(event);
  });
  picture.addEventListener('pointermove', (event) => {
    if (isDown) tell(event);
  });
  picture.addEventListener('pointerup', () => {
    if (isDown) left();
    isDown = false;
  });
}

function picture(label: string, axis: string): SVGElement {
  const ticks = [0, 0.25, 0.5, 0.75, 1].flatMap((share) => [
    svg('line', { class: 'grid', x1: across(0), x2: across(1), y1: up(share), y2: up(share) }),
    svg('text', { x: across(0) - 6, y: up(share) + 4, 'text-anchor': 'end' }, `${100 * share}`),
    svg('text', { x: across(share), y: up(0) + 14, 'text-anchor': 'middle' }, `${100 * share}`),
  ]);
  return svg(
    'svg',
    { viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-label': label },
    ...ticks,
    svg('text', { x: across(1), y: height - 4, 'text-anchor': 'end' }, `${axis} (%)`),
    svg('text', { x: across(0), y: 8, class: 'axis' }, `${messages.confidence.rightAxis} (%)`),
    svg('g', { class: 'drawn' }),
    svg('g', { class: 'chosen' }),
  );
}

function drawReliability(picture: SVGElement, { reliability }: ConfidenceCurves): void {
  const bins = reliability.filter(({ count }) => count > 0);
  const most = Math.max(...bins.map(({ count }) => count));
  picture.querySelector('.drawn')!.replaceChildren(
    svg('line', { class: 'ideal', x1: across(0), y1: up(0), x2: across(1), y2: up(1) }),
    svg('polyline', { points: pointsOf(bins.map(({ confidence, right }) => [across(confidence), up(right)])) }),
    ...bins.map(({ confidence, right, count }) =>
      // As large as it is certain.
      svg('circle', { cx: across(confidence), cy: up(right), r: 2.5 + 4 * Math.sqrt(count / most) }),
    ),
  );
}

function drawThreshold(picture: SVGElement, threshold: number): void {
  picture
    .querySelector('.chosen')!
    .replaceChildren(svg('line', { x1: across(threshold), x2: across(threshold), y1: up(0), y2: up(1) }));
}

function drawCoverage(picture: SVGElement, points: readonly OperatingPoint[], threshold: number): void {
  const known = points.flatMap(({ shownShare, precision }) =>
    precision === null ? [] : [[across(shownShare), up(precision)] as const],
  );
  picture
    .querySelector('.drawn')!
    .replaceChildren(
      svg('polyline', { points: pointsOf(known) }),
      ...known.map(([cx, cy]) => svg('circle', { cx, cy, r: 2.5 })),
    );
  const chosen = points.findLast((each) => each.threshold <= threshold + 1e-9);
  const place =
    chosen === undefined || chosen.precision === null
      ? []
      : [[across(chosen.shownShare), up(chosen.precision)] as const];
  picture
    .querySelector('.chosen')!
    .replaceChildren(
      ...place.flatMap(([x, y]) => [
        svg('line', { x1: x, x2: x, y1: up(0), y2: up(1) }),
        svg('circle', { cx: x, cy: y, r: 6 }),
      ]),
    );
}
