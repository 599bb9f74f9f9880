/** A row of the table: a job, and how far it is. */
export interface ProgressRow {
  readonly name: string;
  readonly state: string;
  readonly worker?: string | undefined;
  readonly step?: number | undefined;
  readonly validation?: number | null | undefined;
  readonly version?: number | null | undefined;
}

const columns = ['job', 'state', 'worker', 'step', 'perplexity', 'version'] as const;

/** The table as text, a line for each job below a head, columns aligned. */
export function progressTable(rows: readonly ProgressRow[]): string {
  const cells = [[...columns], ...rows.map(cellsOf)];
  const widths = columns.map((_, column) => Math.max(...cells.map((row) => row[column]!.length)));
  const isNumber = (column: number): boolean => column >= columns.indexOf('step');
  return cells
    .map((row) =>
      row
        .map((cell, column) => pad(cell, widths[column]!, isNumber(column)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function cellsOf({ name, state, worker = '', step, validation, version }: ProgressRow): string[] {
  const number = (value: number | null | undefined, digits: number): string => value?.toFixed(digits) ?? '';
  return [name, state, worker, number(step, 0), number(validation, 2), number(version, 0)];
}

function pad(cell: string, width: number, isNumber: boolean): string {
  return isNumber ? cell.padStart(width) : cell.padEnd(width);
}
