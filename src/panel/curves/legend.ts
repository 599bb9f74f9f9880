import { element } from '../element';
import type { Curve } from './curve';

/** Names a chart and its curves, with a value of each. */
export interface Legend {
  readonly root: HTMLElement;
  show(curves: readonly Curve[]): void;
  /** @param values texts, one for each curve that was shown */
  read(values: readonly string[]): void;
}

export function createLegend(title: string): Legend {
  const list = element('ul', {});
  const root = element('div', { class: 'legend' }, element('h2', {}, title), list);
  let readings: (HTMLElement | undefined)[] = [];
  let shownKey = '';
  return {
    root,
    show(curves) {
      // What stands behind its smoother self has no entry of its own.
      const key = curves.map(({ name, style, isBackground }) => `${style} ${isBackground} ${name}`).join('\n');
      if (key === shownKey) return;
      shownKey = key;
      readings = curves.map(({ isBackground }) => (isBackground ? undefined : element('span', { class: 'reading' })));
      const entries = curves.flatMap(({ name, style }, index) => {
        const reading = readings[index];
        return reading === undefined ? [] : [element('li', { class: style }, element('i', {}), name, reading)];
      });
      list.replaceChildren(...entries);
    },
    read(values) {
      readings.forEach((reading, index) => {
        if (reading !== undefined) reading.textContent = values[index] ?? '';
      });
    },
  };
}
