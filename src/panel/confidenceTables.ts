import type { ConfidenceCurves } from '../offers/measuring/completionFigures';
import { formatCount } from '../core/formatting';
import { messages } from './messages';
import { element, headedTable, tableRow } from './element';

const percent = (share: number | null): string => (share === null ? messages.none : `${(100 * share).toFixed(0)} %`);

/** What confidence is worth, in two tables: how often it is right, and what is shown when more of it is asked for. */
export function createConfidenceTables(): { root: HTMLElement; show(curves: ConfidenceCurves | undefined): void } {
  const reliability = createTable('reliability', messages.confidence.reliabilityColumns);
  const coverage = createTable('coverage', messages.confidence.coverageColumns);
  const root = element(
    'details',
    { class: 'confidence' },
    element('summary', {}, messages.confidence.tables),
    element('p', {}, messages.confidence.explanation),
    element('div', { class: 'tables' }, reliability.root, coverage.root),
  );
  let shown: ConfidenceCurves | undefined;
  return {
    root,
    show(curves) {
      root.hidden = curves === undefined;
      // Most renders bring training progress only.
      if (curves === undefined || curves === shown) return;
      shown = curves;
      reliability.show(
        curves.reliability.map(({ from, to, count, confidence, right }) => [
          `${(100 * from).toFixed(0)} – ${percent(to)}`,
          formatCount(count),
          percent(confidence),
          percent(right),
        ]),
      );
      coverage.show(
        curves.operatingPoints.map(({ threshold, shownShare, precision }) => [
          percent(threshold),
          messages.confidence.ofPlaces(percent(shownShare)),
          percent(precision),
        ]),
      );
    },
  };
}

function createTable(name: string, titles: readonly string[]): { root: HTMLElement; show(rows: string[][]): void } {
  const { root, body } = headedTable({ 'data-table': name }, titles);
  return { root, show: (rows) => body.replaceChildren(...rows.map((row) => tableRow({}, row))) };
}
