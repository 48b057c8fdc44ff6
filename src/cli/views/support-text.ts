import { groupBy } from '../../core/group-by.ts';
import { count, formatBytes } from '../../core/units.ts';
import type { Paint } from '../text/paint.ts';
import { printable, wrap } from '../text/width.ts';
import type { SupportDocument } from './support-document.ts';

/** What was written, and what is not in it. */
export const supportLines = (
  { file, bytes, files, missing }: SupportDocument,
  { paint, width }: { readonly paint: Paint; readonly width: number },
): string[] => [
  ...wrap(
    `${paint.strong(printable(file))}: ${count(files.length, 'file')}, ${formatBytes(bytes)}; no secret that is known is in it`,
    width,
    2,
  ),
  ...(missing.length === 0 ? [] : [`${count(missing.length, 'thing')} could not be had:`]),
  ...[...groupBy(missing, ({ why }) => why)].flatMap(([why, alike]) => {
    const names = alike.map(({ name }) => printable(name)).join(', ');
    return wrap(`${paint.careful('?')} ${names}: ${printable(why)}`, width, 4);
  }),
];
