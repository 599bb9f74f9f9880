import { formatDuration, formatPerplexity } from '../core/formatting';
import type { FromPanel, RunSummary } from '../protocol/panel';
import { formatDate } from './dates';
import { element, headedTable, tableRow } from './element';
import { messages } from './messages';
import type { PageMemory } from './pageMemory';

/** Most runs that can be laid over the one shown: so many colours can be told apart. */
export const mostOverlaid = 4;

/** The trainings of this workspace, and what tells them apart. */
export interface RunsView {
  readonly root: HTMLElement;
  /** @param shown id of the run whose curves are shown */
  show(runs: readonly RunSummary[], shown: string | undefined): void;
}

/** @param overlaid told which runs are laid over the one shown */
export function createRunsView(
  send: (message: FromPanel) => void,
  overlaid: (runs: readonly string[]) => void,
  memory: PageMemory,
): RunsView {
  const texts = messages.runs;
  const { root: table, body } = headedTable({ class: 'runs', 'data-table': 'runs' }, texts.columns);
  const empty = element('p', { class: 'quiet' }, texts.empty);
  const explanation = element('p', { class: 'quiet' }, texts.explanation);
  const comparison = element('div', { class: 'comparison' });
  const ticked = memory.get('runs.ticked')?.split(' ') ?? [];
  let runs: readonly RunSummary[] = [];
  let isTold = false;
  let shown: string | undefined;
  let edited = memory.get('runs.edited');

  function tick(id: string, isTicked: boolean): void {
    if (isTicked) ticked.push(id);
    else ticked.splice(ticked.indexOf(id), 1);
    if (ticked.length > mostOverlaid) ticked.shift();
    layOver();
    draw();
  }

  function layOver(): void {
    memory.set('runs.ticked', ticked.length === 0 ? undefined : ticked.join(' '));
    overlaid(ticked);
  }

  function edit(id: string | undefined): void {
    edited = id;
    memory.set('runs.edited', id);
    memory.set('runs.name', undefined);
    memory.set('runs.note', undefined);
  }

  function draw(): void {
    empty.hidden = runs.length > 0;
    table.hidden = explanation.hidden = runs.length === 0;
    body.replaceChildren(...runs.flatMap((run) => (run.id === edited ? [rowOf(run), editor(run)] : [rowOf(run)])));
    const compared = runs.filter(({ id }) => id === shown || ticked.includes(id));
    comparison.replaceChildren(...(compared.length < 2 ? [] : compare(compared)));
  }

  function rowOf(run: RunSummary): HTMLElement {
    const tickBox = element('input', { type: 'checkbox', 'aria-label': texts.layOver(nameOf(run)) });
    tickBox.checked = ticked.includes(run.id);
    tickBox.disabled = run.id === shown;
    tickBox.addEventListener('change', () => tick(run.id, tickBox.checked));
    const states = [
      ...(run.id === shown ? [texts.shown] : []),
      ...(run.inUse ? [texts.inUse] : []),
      ...(run.hasModel ? [] : [texts.noModel]),
    ];
    const name = element(
      'td',
      { class: 'name' },
      element('strong', {}, nameOf(run)),
      ...(states.length === 0 ? [] : [element('span', { class: 'badge' }, states.join(', '))]),
      ...(run.note === '' ? [] : [element('p', { class: 'quiet' }, run.note)]),
    );
    const colour = element('i', { class: `swatch run${ticked.indexOf(run.id)}` });
    const figures = [run.perplexity === null ? messages.none : formatPerplexity(run.perplexity)];
    const row = tableRow({ 'data-run': run.id }, []);
    row.append(
      element('td', {}, tickBox, ...(ticked.includes(run.id) ? [colour] : [])),
      name,
      ...[...figures, formatDuration(run.seconds), run.steps.toLocaleString('en')].map((text) =>
        element('td', {}, text),
      ),
      element('td', { class: 'actions' }, ...actionsOf(run)),
    );
    return row;
  }

  function actionsOf(run: RunSummary): HTMLElement[] {
    const rename = quietButton(texts.edit, () => {
      edit(edited === run.id ? undefined : run.id);
      draw();
      body.querySelector<HTMLInputElement>('form input')?.focus();
    });
    const use = quietButton(texts.use, () => send({ type: 'useRun', run: run.id }));
    const remove = quietButton(texts.remove, () => {
      // Nothing brings it back: a second press is asked for.
      if (remove.textContent === texts.remove) remove.textContent = texts.removeForGood;
      else send({ type: 'deleteRun', run: run.id });
    });
    return [...(run.hasModel && !run.inUse ? [use] : []), rename, ...(run.inUse ? [] : [remove])];
  }

  function editor(run: RunSummary): HTMLElement {
    const name = element('input', { type: 'text', maxlength: '200', value: run.name });
    const note = element('textarea', { rows: '2', maxlength: '10000', class: 'wide' }, run.note);
    memory.keep('runs.name', name);
    memory.keep('runs.note', note);
    const form = element(
      'form',
      { class: 'toolbar' },
      element('label', {}, texts.name, name),
      element('label', { class: 'grow' }, texts.note, note),
      element('button', { type: 'submit', class: 'quiet' }, texts.save),
    );
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      edit(undefined);
      send({ type: 'noteRun', run: run.id, name: name.value.trim(), note: note.value.trim() });
    });
    return element('tr', {}, element('td', { colspan: String(texts.columns.length) }, form));
  }

  draw();
  return {
    root: element('section', {}, empty, explanation, element('div', { class: 'scrolled' }, table), comparison),
    show(next, nextShown) {
      // What somebody types stays.
      if (next === runs && nextShown === shown) return;
      [runs, shown] = [next, nextShown];
      const left = ticked.filter((id) => runs.some((run) => run.id === id));
      // Curves of a run that was deleted go with it; what was ticked before the page was hidden comes back.
      if (left.length < ticked.length || (!isTold && left.length > 0)) {
        ticked.splice(0, ticked.length, ...left);
        layOver();
      }
      isTold = true;
      draw();
    },
  };
}

/** What its user calls it, or else when it began. */
export function nameOf({ name, createdAt }: RunSummary): string {
  return name === '' ? formatDate(new Date(createdAt)) : name;
}

/** Quality, and the settings that are not the same in all of them. */
function compare(runs: readonly RunSummary[]): HTMLElement[] {
  const texts = messages.runs;
  const keys = [...new Set(runs.flatMap(({ configuration }) => Object.keys(configuration)))];
  const differing = keys.filter((key) => new Set(runs.map(({ configuration }) => configuration[key])).size > 1);
  const { root, body } = headedTable({ 'data-table': 'comparison' }, [texts.property, ...runs.map(nameOf)]);
  const rowOf = (name: string, valueOf: (run: RunSummary) => string) => tableRow({}, [name, ...runs.map(valueOf)]);
  body.replaceChildren(
    rowOf(texts.perplexity, ({ perplexity }) => (perplexity === null ? messages.none : formatPerplexity(perplexity))),
    rowOf(texts.time, ({ seconds }) => formatDuration(seconds)),
    rowOf(texts.steps, ({ steps }) => steps.toLocaleString('en')),
    ...differing.map((key) => rowOf(key, ({ configuration }) => configuration[key] ?? messages.none)),
  );
  const same = differing.length === 0 ? [element('p', { class: 'quiet' }, texts.same)] : [];
  return [element('h2', {}, texts.compare), element('div', { class: 'scrolled' }, root), ...same];
}

function quietButton(title: string, pressed: () => void): HTMLButtonElement {
  const button = element('button', { type: 'button', class: 'quiet' }, title);
  button.addEventListener('click', pressed);
  return button;
}
