import type { ConfidenceCurves } from '../core/completionFigures';
import { formatCount } from '../core/formatting';
import { element, headedTable, tableRow } from './element';

const percent = (share: number | null): string => (share === null ? '–' : `${(100 * share).toFixed(0)} %`);

/** What confidence is worth, in two tables: how often it is right, and what is shown when more of it is asked for. */
export function createConfidenceTables(): { root: HTMLElement; show(curves: ConfidenceCurves | undefined): void } {
  const reliability = createTable('reliability', ['Confidence', 'Suggestions', 'Mean', 'Right']);
  const coverage = createTable('coverage', ['At least', 'Shown at', 'Of these right']);
  const root = element(
    'details',
    { class: 'confidence' },
    element('summary', {}, 'What confidence is worth'),
    element(
      'p',
      {},
      'On files that the network never trains on. Where confidence is honest, mean and right are alike.',
    ),
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
          `${percent(shownShare)} of places`,
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
