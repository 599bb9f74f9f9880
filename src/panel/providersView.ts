import type { FromPanel } from '../protocol/panel';
import { timeTable } from '../protocol/providerTable';
import type { ProviderReport } from '../protocol/providers';
import { element, headedTable, tableRow } from './element';
import { messages } from './messages';

/** Which execution provider does what, and how long each of them takes. */
export interface ProvidersView {
  readonly root: HTMLElement;
  /** @param report null where nothing is known */
  show(report: ProviderReport | null): void;
}

/** Closed at first: what it shows is asked for when it is opened. */
export function createProvidersView(send: (message: FromPanel) => void): ProvidersView {
  const texts = messages.providers;
  const reason = element('p', { role: 'status' }, texts.empty);
  const times = element('div', {});
  const root = element('details', { class: 'providers' }, element('summary', {}, texts.title), reason, times);
  root.addEventListener('toggle', () => root.open && send({ type: 'providers' }));
  return {
    root,
    show(report) {
      reason.textContent = report?.reason ?? texts.empty;
      const [titles, ...rows] = timeTable(report?.trials ?? []);
      times.replaceChildren();
      if (titles === undefined) return;
      const { root: table, body } = headedTable({ 'data-table': 'providers' }, titles);
      body.append(...rows.map((row) => tableRow({}, row)));
      times.append(element('p', {}, texts.explanation), table);
    },
  };
}
