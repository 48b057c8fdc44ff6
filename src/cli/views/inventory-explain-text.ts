import { stringify } from 'yaml';
import type { Explained, Origin, Said } from '../../inventory/explain.ts';
import type { ExplainedHost } from '../../ops/explain-host.ts';
import type { Paint } from '../text/paint.ts';
import { table } from '../text/table.ts';
import { displayWidth, printable, truncate, wrap } from '../text/width.ts';

interface ExplainTextOptions {
  readonly paint: Paint;
  readonly width: number;
  /** Values are shown as a whole, however long. */
  readonly full: boolean;
}

/** Room that a value has at the least, and at the most unless it is shown as a whole. */
const LEAST = 16;
const MOST = 60;

/** Values under each other: key, value, where it comes from; below each what it counts more than. */
export const explainText = (
  { values }: ExplainedHost,
  { paint, width, full }: ExplainTextOptions,
): readonly string[] => {
  const cells = values.flatMap((row) => [
    { key: row.key, value: valueText(row), from: originText(row.from, row), isOver: false },
    ...row.over.map((said) => ({
      ...{ key: '', value: valueText(said), from: `over ${originText(said.from, row)}`, isOver: true },
    })),
  ]);
  const widest = (of: (cell: (typeof cells)[number]) => string) =>
    Math.max(0, ...cells.map((cell) => displayWidth(of(cell))));
  const left = width - widest(({ key }) => key) - widest(({ from }) => from) - 4;
  const longest = widest(({ value }) => value);
  const isWide = (full ? longest : Math.min(LEAST, longest)) > left;
  const room = Math.min(left, MOST);
  const shorten = (text: string, columns: number) => (full ? text : truncate(text, columns));
  if (isWide)
    return cells.flatMap(({ key, value, from, isOver }) => {
      const text = isOver ? `${from}: ${value}` : `${key} = ${value}`;
      const line = isOver ? paint.quiet(shorten(`  ${text}`, width)) : shorten(text, width);
      return isOver ? [line] : [line, ...wrap(`  ${from}`, width, 4).map(paint.quiet)];
    });
  return table(
    [{ title: 'key' }, { title: 'value' }, { title: 'from' }],
    cells.map(({ key, value, from, isOver }) => {
      const text = shorten(value, room);
      return isOver ? [key, paint.quiet(text), paint.quiet(from)] : [key, text, from];
    }),
    paint.quiet,
  );
};

/** As the file would have it; what is not shown, in words. */
const valueText = ({ value, from }: Said): string => {
  if (from.scope === 'unset') return '-';
  if (typeof value === 'string' && value.startsWith('(')) return printable(value);
  return printable(
    stringify(value, { collectionStyle: 'flow', flowCollectionPadding: false, lineWidth: 0 }).trim(),
  );
};

const originText = ({ scope, group, place }: Origin, { about }: Explained): string => {
  if (scope === 'unset') return `not set: ${about ?? ''}`;
  if (!place) return scope;
  const where = `${place.file ?? ''}:${place.line ?? 1}`;
  return `${where} (${group === null ? scope : `group ${group}`})`;
};
