import type { Paint } from '../text/paint.ts';
import { table } from '../text/table.ts';
import { displayWidth, printable } from '../text/width.ts';

/** A host key and what became of it, as it is printed. */
export interface KeyRow {
  readonly host: string;
  readonly server: string;
  readonly type: string;
  readonly fingerprint: string;
  readonly file: string;
  readonly state: 'known' | 'new' | 'recorded';
}

/** One line per key where that fits into `width` columns, else the fingerprint on a line of its own. */
export const keyTable = (told: readonly KeyRow[], width: number, paint: Paint): string[] => {
  const rows = told.map((row) => ({ ...row, type: printable(row.type) }));
  if (rows.length === 0) return [];
  const columns = (...titles: string[]) => titles.map((title) => ({ title }));
  const wide = table(
    columns('host', 'server', 'type', 'fingerprint', 'state'),
    rows.map((row) => [row.host, row.server, row.type, row.fingerprint, row.state]),
    paint.quiet,
  );
  if (wide.every((line) => displayWidth(line) <= width)) return wide;
  const [titles = '', ...heads] = table(
    columns('host', 'server', 'type', 'state'),
    rows.map((row) => [row.host, row.server, row.type, row.state]),
    paint.quiet,
  );
  return [titles, ...heads.flatMap((head, index) => [head, `  ${rows[index]?.fingerprint ?? ''}`])];
};
