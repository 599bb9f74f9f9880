import { formatCount } from '../core/formatting';
import { harmlessText } from '../core/harmlessText';
import type { FromPanel } from '../protocol/panel';
import {
  replayModels,
  type ReplayGroup,
  type ReplayModel,
  type ReplayReport,
  type ReplayStatus,
} from '../protocol/replay';
import { element, headedTable, numberInput, tableRow } from './element';
import { messages } from './messages';
import type { PageMemory } from './pageMemory';
import { createSortedTable, type Column } from './sortedTable';

/** What completions would have saved in the last commits. */
export interface ReplayView {
  readonly root: HTMLElement;
  show(status: ReplayStatus): void;
}

const texts = messages.replay;
const percent = (share: number | null): string => (share === null ? messages.none : `${(100 * share).toFixed(1)} %`);

export function createReplayView(send: (message: FromPanel) => void, memory: PageMemory): ReplayView {
  const form = createForm(send, memory);
  const running = element('p', { class: 'quiet', role: 'status' });
  const problem = element('p', { role: 'alert' });
  const report = createReport(send);
  return {
    root: element(
      'section',
      { class: 'replay' },
      element('p', { class: 'quiet' }, texts.explanation),
      form.root,
      running,
      problem,
      report.root,
    ),
    show(status) {
      form.setRunning(status.running !== null);
      running.hidden = status.running === null;
      running.textContent = status.running ?? '';
      problem.hidden = status.problem === null;
      problem.textContent = status.problem ?? '';
      report.show(status.report);
    },
  };
}

/** What is replayed, and a button that starts and stops it. */
function createForm(
  send: (message: FromPanel) => void,
  memory: PageMemory,
): { root: HTMLElement; setRunning(runs: boolean): void } {
  const commits = memory.keep('replay.commits', numberInput({ min: 1, max: 100_000, step: 1, value: 200 }));
  const lines = memory.keep('replay.lines', numberInput({ min: 1, max: 1_000_000, step: 1, value: 300 }));
  const minutes = memory.keep('replay.minutes', numberInput({ min: 1, max: 1_440, step: 1, value: 3 }));
  const models = replayModels.map((value) => element('option', { value }, texts.models[value]));
  const model = memory.keep('replay.model', element('select', {}, ...models));
  const trained = element('label', {}, texts.minutes, minutes);
  const button = element('button', { type: 'submit', class: 'quiet' }, texts.start);
  const form = element(
    'form',
    { class: 'toolbar' },
    element('label', {}, texts.commits, commits),
    element('label', {}, texts.lines, lines),
    element('label', {}, texts.model, model),
    trained,
    button,
  );
  let runs = false;
  const showWhatApplies = (): void => void (trained.hidden = model.value !== 'trained');
  showWhatApplies();
  model.addEventListener('change', showWhatApplies);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    if (runs) send({ type: 'stopReplay' });
    else
      send({
        type: 'replay',
        model: model.value as ReplayModel,
        minutes: minutes.valueAsNumber,
        commits: commits.valueAsNumber,
        lines: lines.valueAsNumber,
      });
  });
  return {
    root: form,
    setRunning(next) {
      runs = next;
      button.textContent = runs ? texts.stop : texts.start;
      for (const input of [commits, lines, minutes, model]) input.disabled = runs;
    },
  };
}

function createReport(send: (message: FromPanel) => void): {
  root: HTMLElement;
  show(report: ReplayReport | null): void;
} {
  const heading = element('p', {});
  const others = element('p', { class: 'quiet' });
  const at = element('h2', {});
  const groups = createSortedTable<ReplayGroup>('replayGroups', groupColumns(texts.of));
  const files = createSortedTable<ReplayGroup>('replayFiles', groupColumns(messages.corpus.file));
  const advice = element('p', {});
  const use = element('button', { type: 'button', class: 'quiet' });
  const thresholds = headedTable({ 'data-table': 'replayThresholds' }, [
    texts.threshold,
    texts.shown,
    texts.right,
    texts.saved,
    texts.savedByWord,
    texts.paying,
  ]);
  const root = element(
    'div',
    { class: 'replay' },
    heading,
    others,
    at,
    groups.root,
    element('div', { class: 'row' }, advice, use),
    element('details', {}, element('summary', {}, texts.files), files.root),
    element('details', {}, element('summary', {}, texts.thresholds), thresholds.root),
  );
  let shown: ReplayReport | null = null;
  root.hidden = true;
  use.addEventListener('click', () => {
    if (shown !== null) send({ type: 'threshold', value: shown.recommended });
  });

  function advise({ threshold, recommended, groups: [all], thresholds: each }: ReplayReport): void {
    const best = each.find((point) => point.threshold === recommended);
    use.hidden = recommended === threshold;
    use.textContent = texts.use(String(recommended));
    advice.textContent = use.hidden
      ? texts.best(String(threshold))
      : texts.recommended(
          ...[String(recommended), percent(best?.payingForWrong.line ?? null)],
          ...[percent(all?.payingForWrong.line ?? null), String(threshold)],
        );
  }

  return {
    root,
    show(report) {
      root.hidden = report === null;
      // What happens now is told far more often.
      if (report === null || isSame(report, shown)) return;
      shown = report;
      const { commits, date, written, typed, moved, notTyped } = report.history;
      heading.textContent = texts.history(formatCount(commits), date, formatCount(written), formatCount(typed));
      others.textContent = texts.others(formatCount(moved), formatCount(notTyped));
      at.textContent = texts.at(String(report.threshold));
      groups.show(
        report.groups.filter(({ of }) => of !== 'file'),
        typed,
      );
      files.show(
        report.groups.filter(({ of }) => of === 'file'),
        typed,
      );
      advise(report);
      thresholds.body.replaceChildren(
        ...report.thresholds.map(({ threshold, shownShare, precision, keystrokesSaved, payingForWrong }) =>
          tableRow({}, [
            threshold.toFixed(2),
            ...[shownShare, precision, keystrokesSaved.line, keystrokesSaved.word, payingForWrong.line].map(percent),
          ]),
        ),
      );
    },
  };
}

/** Each message brings a copy. */
function isSame(report: ReplayReport, shown: ReplayReport | null): boolean {
  return JSON.stringify(report) === JSON.stringify(shown);
}

function groupColumns(title: string): Column<ReplayGroup>[] {
  const shares: readonly [string, (group: ReplayGroup) => number | null][] = [
    [texts.exact, ({ exactShare }) => exactShare],
    [texts.shown, ({ shownShare }) => shownShare],
    [texts.right, ({ precision }) => precision],
    [texts.saved, ({ keystrokesSaved }) => keystrokesSaved.line],
    [texts.savedByWord, ({ keystrokesSaved }) => keystrokesSaved.word],
  ];
  return [
    { title, value: nameOf, cell: nameOf },
    { title: texts.lines, value: ({ lines }) => lines, cell: ({ lines }) => formatCount(lines) },
    ...shares.map(([heading, value]): Column<ReplayGroup> => ({
      title: heading,
      value,
      cell: (group) => percent(value(group)),
    })),
  ];
}

function nameOf({ of, name }: ReplayGroup): string {
  if (of === 'all') return texts.all;
  return name === '' ? messages.corpus.plain : harmlessText(name);
}
