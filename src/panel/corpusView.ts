import { formatCount, formatPerplexity } from '../core/formatting';
import { harmlessText } from '../core/harmlessText';
import type { FromPanel } from '../protocol/panel';
import type { CorpusReport, ReportedFile } from '../store/files';
import { element } from './element';
import { messages } from './messages';
import type { PageMemory } from './pageMemory';
import { createSortedTable, type Column } from './sortedTable';

/** What a training has read and left out. */
export interface CorpusView {
  readonly root: HTMLElement;
  /** @param report undefined: not known yet; null: it was not written down */
  show(report: CorpusReport | null | undefined): void;
}

type Language = CorpusReport['languages'][number];

export function createCorpusView(send: (message: FromPanel) => void, memory: PageMemory): CorpusView {
  const texts = messages.corpus;
  const empty = element('p', { class: 'empty' }, texts.empty);
  const summary = element('p', {});
  const searched = { type: 'search', class: 'wide', placeholder: texts.search, 'aria-label': texts.search };
  const search = memory.keep('corpus.search', element('input', searched));
  const languages = createSortedTable<Language>('languages', languageColumns());
  const files = createSortedTable<ReportedFile>(
    'files',
    fileColumns((path) => fileButton(path)),
  );
  const unlisted = element('p', { class: 'quiet' });
  const none = element('p', { class: 'quiet' }, texts.none);
  const leftOut = element('div', { class: 'left-out' });
  const content = element(
    'div',
    { class: 'corpus' },
    summary,
    element('p', { class: 'quiet' }, texts.explanation),
    element('h2', {}, texts.languages),
    languages.root,
    element('h2', {}, texts.files),
    search,
    files.root,
    none,
    unlisted,
    leftOut,
  );
  let shown: CorpusReport | null | undefined;

  function fileButton(path: string): HTMLElement {
    const button = element('button', { type: 'button', class: 'link' }, harmlessText(path));
    button.addEventListener('click', () => send({ type: 'openFile', path }));
    return button;
  }

  function drawFiles(): void {
    if (shown === undefined || shown === null) return;
    const wanted = search.value.trim().toLowerCase();
    const found = shown.listed.filter(({ path }) => path.toLowerCase().includes(wanted));
    files.show(found, shown.characters);
    files.root.hidden = found.length === 0;
    none.hidden = found.length > 0;
  }

  function drawLeftOut({ leftOut: groups }: CorpusReport): void {
    const lists = groups.map(({ reason, files: count, paths }) => {
      const rest = count - paths.length;
      return element(
        'details',
        { 'data-reason': reason },
        element('summary', {}, `${texts.reasons[reason] ?? reason}: ${formatCount(count)}`),
        element(
          'ul',
          {},
          ...paths.map((path) => element('li', {}, fileButton(path))),
          ...(rest > 0 && paths.length > 0 ? [element('li', {}, texts.unnamed(formatCount(rest)))] : []),
        ),
      );
    });
    leftOut.replaceChildren(...(lists.length === 0 ? [] : [element('h2', {}, texts.leftOut), ...lists]));
  }

  search.addEventListener('input', drawFiles);
  return {
    root: element('section', {}, empty, content),
    show(report) {
      empty.hidden = report !== null;
      content.hidden = report === null || report === undefined;
      if (report === shown) return;
      shown = report;
      if (report === null || report === undefined) return;
      summary.textContent = texts.summary(formatCount(report.files), formatCount(report.characters));
      languages.show(report.languages, report.characters);
      drawFiles();
      const isWhole = report.listed.length === report.files;
      unlisted.hidden = isWhole;
      unlisted.textContent = texts.unlisted(formatCount(report.listed.length), formatCount(report.files));
      drawLeftOut(report);
    },
  };
}

function languageColumns(): Column<Language>[] {
  const texts = messages.corpus;
  return [
    {
      title: texts.language,
      value: ({ language }) => language,
      cell: ({ language }) => (language === '' ? texts.plain : harmlessText(language)),
    },
    { title: texts.count, value: ({ files }) => files, cell: ({ files }) => formatCount(files) },
    ...measuredColumns<Language>(),
  ];
}

function fileColumns(button: (path: string) => HTMLElement): Column<ReportedFile>[] {
  const texts = messages.corpus;
  return [
    { title: texts.file, value: ({ path }) => path, cell: ({ path }) => button(path) },
    { title: texts.part, value: ({ part }) => texts.parts[part], cell: ({ part }) => texts.parts[part] },
    ...measuredColumns<ReportedFile>(),
  ];
}

function measuredColumns<Row extends { readonly characters: number; readonly nats: number | null }>(): Column<Row>[] {
  const texts = messages.corpus;
  return [
    {
      title: texts.characters,
      value: ({ characters }) => characters,
      cell: ({ characters }) => formatCount(characters),
    },
    {
      title: texts.share,
      value: ({ characters }) => characters,
      cell: ({ characters }, all) => `${((100 * characters) / Math.max(1, all)).toFixed(1)} %`,
    },
    {
      title: texts.perplexity,
      value: ({ nats }) => nats,
      cell: ({ nats }) => (nats === null ? messages.none : formatPerplexity(Math.exp(nats))),
    },
  ];
}
