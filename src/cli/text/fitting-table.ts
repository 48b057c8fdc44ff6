import type { Column } from './table.ts';
import { table } from './table.ts';
import { displayWidth } from './width.ts';

/** A column that may go: where it says nothing, and where the table is too wide for the terminal. */
export interface FittingColumn extends Column {
  /** The highest goes first; left out: it stays. */
  readonly spare?: number;
}

/** A table without columns that are empty all along, and without spare ones that do not fit. */
export const fittingTable = (
  columns: readonly FittingColumn[],
  rows: readonly (readonly string[])[],
  width: number,
  title?: (text: string) => string,
): string[] => {
  const filled = columns.map((_, index) => index === 0 || rows.some((row) => (row[index] ?? '') !== ''));
  const only = <T>(cells: readonly T[], kept: readonly boolean[]) => cells.filter((_, index) => kept[index]);
  const [shown, cells] = [only(columns, filled), rows.map((row) => only(row, filled))];
  const lines = table(shown, cells, title);
  const spare = Math.max(0, ...shown.map((column) => column.spare ?? 0));
  if (spare === 0 || lines.every((line) => displayWidth(line) <= width)) return lines;
  const kept = shown.map((column) => column.spare !== spare);
  return fittingTable(
    only(shown, kept),
    cells.map((row) => only(row, kept)),
    width,
    title,
  );
};
