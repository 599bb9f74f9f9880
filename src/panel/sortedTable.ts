import { element, headedTable } from './element';
import { messages } from './messages';

/** A column of a table that can be sorted by it. */
export interface Column<Row> {
  readonly title: string;
  /** What it is sorted by: texts ascending, numbers descending at first; null comes last. */
  readonly value: (row: Row) => string | number | null;
  /** @param all what all rows together have, for shares */
  readonly cell: (row: Row, all: number) => Node | string;
}

export interface SortedTable<Row> {
  readonly root: HTMLElement;
  show(rows: readonly Row[], all: number): void;
}

/** So many rows are drawn at once. */
const pageRows = 200;

/** A table whose headings sort it. Rows stand in the order they are given until one is pressed. */
export function createSortedTable<Row>(name: string, columns: readonly Column<Row>[]): SortedTable<Row> {
  const { root: table, body } = headedTable(
    { class: 'files', 'data-table': name },
    columns.map(() => ''),
  );
  const more = element('button', { type: 'button', class: 'quiet' });
  const headings = [...table.querySelectorAll('th')];
  let shown: { rows: readonly Row[]; all: number } = { rows: [], all: 0 };
  let sorted: { column: Column<Row>; isDescending: boolean } | undefined;
  let most = pageRows;

  function draw(): void {
    const { rows, all } = shown;
    const ordered = sorted === undefined ? rows : sortedBy(rows, sorted.column, sorted.isDescending);
    const drawn = ordered
      .slice(0, most)
      .map((row) => element('tr', {}, ...columns.map((column) => element('td', {}, column.cell(row, all)))));
    body.replaceChildren(...drawn);
    const left = rows.length - drawn.length;
    more.hidden = left === 0;
    more.textContent = messages.corpus.more(Math.min(left, pageRows).toLocaleString('en'));
    columns.forEach((column, index) => {
      const order = sorted?.isDescending === true ? 'descending' : 'ascending';
      headings[index]!.setAttribute('aria-sort', sorted?.column === column ? order : 'none');
    });
  }

  columns.forEach((column, index) => {
    const button = element('button', { type: 'button', class: 'sort' }, column.title);
    button.addEventListener('click', () => {
      const isNumber = shown.rows.some((row) => typeof column.value(row) === 'number');
      sorted = { column, isDescending: sorted?.column === column ? !sorted.isDescending : isNumber };
      draw();
    });
    headings[index]!.append(button);
  });
  more.addEventListener('click', () => {
    most += pageRows;
    draw();
  });
  return {
    root: element('div', { class: 'scrolled' }, table, more),
    show(rows, all) {
      shown = { rows, all };
      most = pageRows;
      draw();
    },
  };
}

function sortedBy<Row>(rows: readonly Row[], { value }: Column<Row>, isDescending: boolean): Row[] {
  return [...rows].sort((first, second) => {
    const [a, b] = [value(first), value(second)];
    if (a === null || b === null) return Number(a === null) - Number(b === null);
    const order = a < b ? -1 : a > b ? 1 : 0;
    return isDescending ? -order : order;
  });
}
