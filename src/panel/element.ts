/** An element with attributes and children; texts are never taken for markup. */
export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Readonly<Record<string, string>>,
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[Name] {
  const created = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) created.setAttribute(key, value);
  created.append(...children);
  return created;
}

/** A table with a heading for each column, and its body to put rows into. */
export function headedTable(
  attributes: Readonly<Record<string, string>>,
  titles: readonly string[],
): { root: HTMLTableElement; body: HTMLTableSectionElement } {
  const body = element('tbody', {});
  const headings = titles.map((title) => element('th', { scope: 'col' }, title));
  return { root: element('table', attributes, element('thead', {}, element('tr', {}, ...headings)), body), body };
}

/** A row of a table, a text for each column. */
export function tableRow(attributes: Readonly<Record<string, string>>, cells: readonly string[]): HTMLTableRowElement {
  return element('tr', attributes, ...cells.map((cell) => element('td', {}, cell)));
}

/** A field for a number that must be given. */
export function numberInput(limits: Readonly<Record<'min' | 'max' | 'step' | 'value', number>>): HTMLInputElement {
  const attributes = Object.entries(limits).map(([name, value]) => [name, String(value)]);
  return element('input', {
    type: 'number',
    ...(Object.fromEntries(attributes) as Record<string, string>),
    required: '',
  });
}
