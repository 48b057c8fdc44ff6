import { formatBytes, formatSeconds } from '../../core/units.ts';
import type { Paint } from '../text/paint.ts';
import { table } from '../text/table.ts';
import { printable } from '../text/width.ts';
import type { BackupRow } from './backup-document.ts';

const SUMS = { good: 'good', differs: 'DIFFER', unchecked: 'not checked', none: 'none' } as const;

/** A table of backups, the newest first; one that is in both places has a row for each. */
export const backupLines = (rows: readonly BackupRow[], paint: Paint): string[] => {
  if (rows.length === 0) return ['  no backup'];
  const columns = [
    { title: 'backup' },
    { title: 'old', align: 'right' as const },
    { title: 'metadata', align: 'right' as const },
    { title: 'sums' },
    { title: 'where' },
  ];
  return table(
    columns,
    rows.map(({ name, age, bytes, sums, directory }) => [
      printable(name),
      age < 0 ? 'not yet' : formatSeconds(age),
      formatBytes(bytes),
      sums === 'differs' ? paint.bad(SUMS[sums]) : SUMS[sums],
      printable(directory.slice(0, directory.lastIndexOf('/'))),
    ]),
    paint.quiet,
  ).map((line) => `  ${line}`);
};
