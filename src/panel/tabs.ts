import { element } from './element';
import type { PageMemory } from './pageMemory';

/** One part of the page. */
export interface Tab {
  readonly key: string;
  readonly title: string;
  readonly content: HTMLElement;
  /** Called whenever it comes to the front. */
  readonly shown?: () => void;
}

export interface Tabs {
  readonly root: HTMLElement;
  readonly selected: string;
  select(key: string): void;
}

/** Tabs as the ARIA patterns have them: arrows, Home and End go from one to the next, and what has the focus is shown. */
export function createTabs(label: string, memory: PageMemory, tabs: readonly Tab[]): Tabs {
  const buttons = tabs.map(({ key, title }) =>
    element('button', { type: 'button', role: 'tab', id: `tab-${key}`, 'aria-controls': `part-${key}` }, title),
  );
  const parts = tabs.map(({ key, content }) =>
    element('div', { role: 'tabpanel', id: `part-${key}`, 'aria-labelledby': `tab-${key}`, class: 'part' }, content),
  );
  const list = element('div', { role: 'tablist', 'aria-label': label, class: 'tabs' }, ...buttons);
  let selected = -1;

  function indexOf(wanted: string | undefined): number {
    const index = tabs.findIndex(({ key }) => key === wanted);
    return Math.max(0, index);
  }

  function select(index: number): void {
    if (index === selected) return;
    selected = index;
    memory.set('tab', tabs[index]!.key);
    buttons.forEach((button, each) => {
      button.setAttribute('aria-selected', String(each === index));
      button.tabIndex = each === index ? 0 : -1;
      parts[each]!.hidden = each !== index;
    });
    tabs[index]!.shown?.();
  }

  buttons.forEach((button, index) => button.addEventListener('click', () => select(index)));
  list.addEventListener('keydown', (event) => {
    const targets: Readonly<Record<string, number>> = {
      ArrowLeft: (selected + tabs.length - 1) % tabs.length,
      ArrowRight: (selected + 1) % tabs.length,
      Home: 0,
      End: tabs.length - 1,
    };
    const target = targets[event.key];
    if (target === undefined) return;
    event.preventDefault();
    select(target);
    buttons[target]!.focus();
  });
  select(indexOf(memory.get('tab')));
  return {
    root: element('div', { class: 'tabbed' }, list, ...parts),
    get selected() {
      return tabs[selected]!.key;
    },
    select: (key) => select(indexOf(key)),
  };
}
