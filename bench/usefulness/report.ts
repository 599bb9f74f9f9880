import { defaultCompletions } from '../../src/core/configuration';
import type { CompletionFigures, SavedKeystrokes, TypistFigures } from '../../src/offers/measuring/completionFigures';
import type { Estimate } from '../../src/offers/measuring/standardError';
import { referenceOf, type Column } from './columns';
import { gainsOver, type Gains, type Measured } from './measurement';
import type { Project } from './projects';

/** What there is to know of the texts. */
export interface Texts {
  readonly testCharacters: number;
  readonly verbatim: number;
  /** Shares by how many characters before a place have to be the same. */
  readonly copyable: Readonly<Record<string, number>>;
  readonly zpaq: number | null;
  readonly words: { readonly free: SavedKeystrokes; readonly paying: SavedKeystrokes };
}

export type MeasuredColumn = Column & { readonly measured: Measured };

const percent = (share: number | null): string => (share === null ? '-' : (100 * share).toFixed(1));
const best = (typists: readonly TypistFigures[], of: (typist: TypistFigures) => number): string => {
  const highest = typists.reduce((a, b) => (of(b) > of(a) ? b : a));
  return `${percent(of(highest))} (${highest.threshold})`;
};

/** The largest share of places at which what is shown is right at least so often. */
function coverageAt({ curves }: CompletionFigures, precision: number): string {
  const enough = curves.operatingPoints.filter((point) => (point.precision ?? 1) >= precision);
  return percent(Math.max(0, ...enough.map(({ shownShare }) => shownShare)));
}

export function printTexts({ name, language, version }: Project, workspace: string, texts: Texts): void {
  const zpaq = texts.zpaq === null ? 'zpaq is not installed' : `zpaq -m5 ${texts.zpaq.toFixed(3)} bits per character`;
  const { free, paying } = texts.words;
  const of = workspace === 'whole' ? '' : `, ${workspace} KB of it`;
  console.log(
    `\n### ${name} ${version} (${language})${of}\n\n${texts.testCharacters} characters of test files; ${percent(texts.verbatim)} % of their lines over 20` +
      ` characters stand verbatim in the training part. The rest of a line stands there or above in the file at ${percent(texts.copyable[0]!)} %` +
      ` of the places, behind the same 4 characters at ${percent(texts.copyable[4]!)} %, behind the same 8 at ${percent(texts.copyable[8]!)} %;` +
      ` ${zpaq}. Words of the file as an editor lists them save` +
      ` ${percent(free.line)} % of the keystrokes, ${percent(paying.line)} % with half a one lost by each wrong first item.\n`,
  );
}

export function printColumns(columns: readonly MeasuredColumn[]): void {
  const row = (label: string, of: (column: MeasuredColumn) => string): void =>
    console.log(`| ${label} | ${columns.map(of).join(' | ')} |`);
  const figure = (label: string, of: (figures: CompletionFigures) => string): void =>
    row(label, ({ measured }) => of(measured.completions.figures));
  row('', ({ name }) => name);
  row('-', () => '-:');
  row('bits per character, network', ({ start, measured }) =>
    start === 'memory' ? '-' : measured.bits.network.bitsPerCharacter.toFixed(3),
  );
  row('bits per character', ({ start, measured }) =>
    measured.bits[start === 'memory' ? 'memory' : 'both'].bitsPerCharacter.toFixed(3),
  );
  figure('rest of line exactly right, %', ({ exactShare }) => percent(exactShare));
  figure(`shown at ${defaultCompletions.minimumConfidence}, %`, ({ shownShare }) => percent(shownShare));
  figure('of that right, %', ({ precision }) => percent(precision));
  figure('shown where 60 % of it is right, %', (figures) => coverageAt(figures, 0.6));
  figure('calibration error, all / shown, points', (figures) =>
    [figures.expectedCalibrationError, figures.shownCalibrationError].map(percent).join(' / '),
  );
  figure('keystrokes saved, whole suggestions, %', ({ keystrokesSaved }) => percent(keystrokesSaved.line));
  figure('word by word', ({ keystrokesSaved }) => percent(keystrokesSaved.word));
  figure('at the best threshold, whole', ({ curves }) => best(curves.typists, (at) => at.keystrokesSaved.line));
  figure('word by word', ({ curves }) => best(curves.typists, (at) => at.keystrokesSaved.word));
  figure('paying 0.5 for each wrong one, whole', ({ payingForWrong }) => percent(payingForWrong.line));
  figure('word by word', ({ payingForWrong }) => percent(payingForWrong.word));
  figure('at the best threshold, whole', ({ curves }) => best(curves.typists, (at) => at.payingForWrong.line));
  figure('word by word', ({ curves }) => best(curves.typists, (at) => at.payingForWrong.word));
  printGains(columns);
}

/** Paired: the same files, places and lines. */
function printGains(columns: readonly MeasuredColumn[]): void {
  const reference = referenceOf(columns);
  const others = columns.filter((column) => column !== reference && column.start !== 'memory');
  if (others.length === 0 || reference.start === 'memory') return;
  const gains = others.map(({ measured }) => gainsOver(reference.measured, measured));
  const row = (label: string, of: (gain: Gains) => string): void =>
    console.log(`| ${label} | ${gains.map(of).join(' | ')} |`);
  const points = ({ value, standardError }: Estimate): string =>
    `${signed(100 * value, 1)} ± ${(100 * standardError).toFixed(1)}`;
  const nats = reference.measured.bits.both.bitsPerCharacter;
  console.log(`\nAgainst ${reference.name}, with standard errors of the paired differences:\n`);
  console.log(`|  | ${others.map(({ name }) => name).join(' | ')} |\n| - |${' -: |'.repeat(others.length)}`);
  row('bits per character, %', ({ bits }) =>
    points({ value: -bits.value / nats, standardError: bits.standardError / nats }),
  );
  row('exactly right, points', ({ exact }) => points(exact));
  row('keystrokes saved, whole, points', ({ saved }) => points(saved.line));
  row('word by word', ({ saved }) => points(saved.word));
}

function signed(value: number, digits: number): string {
  return `${value < 0 ? '' : '+'}${value.toFixed(digits)}`;
}
