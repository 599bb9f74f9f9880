import { formatPerplexity } from '../core/formatting';
import type { ValidationMeasurement } from '../store/files';
import { messages } from './messages';
import { element, headedTable, tableRow } from './element';

/** The validation curve as a table: to read out, to copy, to see exact numbers. */
export function createTable(): { root: HTMLElement; show(measurements: readonly ValidationMeasurement[]): void } {
  const { root: table, body } = headedTable({}, messages.measurements.columns);
  const root = element('details', {}, element('summary', {}, messages.measurements.title), table);
  let shown: readonly ValidationMeasurement[] = [];
  return {
    root,
    show(measurements) {
      root.hidden = measurements.length === 0;
      // Most renders bring training progress only.
      if (measurements.length === shown.length && measurements.at(-1)?.step === shown.at(-1)?.step) return;
      shown = measurements;
      body.replaceChildren(...measurements.map(row).reverse());
    },
  };
}

function row({ step, perplexity, bitsPerCharacter, nats }: ValidationMeasurement): HTMLElement {
  const cells = [step.toLocaleString('en'), formatPerplexity(perplexity), bitsPerCharacter.toFixed(3), nats.toFixed(4)];
  return tableRow({ 'data-step': String(step) }, cells);
}
