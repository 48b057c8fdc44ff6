import { structuredPatch } from 'diff';
import { jsonText } from '../../core/invisible.ts';
import { count } from '../../core/units.ts';
import type { Paint } from '../text/paint.ts';
import { cut, displayWidth, printable } from '../text/width.ts';
import type { DocumentChange } from './plan-document.ts';

type TextChange = NonNullable<DocumentChange['text']>;

type LineChange = NonNullable<DocumentChange['lines']>[number];

const CONTEXT = 3;
/** Lines of a new file, and of a diff, that are shown without `--full`. */
const NEW_LINES = 4;
const DIFF_LINES = 60;

/**
 * A change of a file's text as the lines to show: a unified diff, or the beginning of a new file. Lines wider than
 * `width` are broken, further in than they begin.
 */
export const fileDiff = (
  text: TextChange,
  full: boolean,
  paint: Paint,
  width = Number.POSITIVE_INFINITY,
): string[] => {
  if (text.before === null) return newFile(text, full, paint, width);
  const lines = diffLines(text.before, text.after).map((line) => colourLine(line, paint, width));
  return shorten(lines, full ? Number.POSITIVE_INFINITY : DIFF_LINES, paint);
};

const newFile = ({ after, reason }: TextChange, full: boolean, paint: Paint, width: number): string[] => {
  const lines = linesOf(after).map((line) => broken(`+${printable(line)}`, width).map(paint.good));
  return [
    ...(reason === undefined ? [] : [paint.quiet(`(${reason})`)]),
    ...shorten(lines, full ? Number.POSITIVE_INFINITY : NEW_LINES, paint),
  ];
};

/** How far in the rest of a line stands that was broken. */
const REST_INDENT = '    ';

/** A line in pieces that fit, no letter of it changed. */
const broken = (line: string, width: number): string[] => {
  if (displayWidth(line) <= width) return [line];
  const pieces = [cutAfterBlank(line, width)];
  let rest = line.slice(pieces[0]?.length);
  while (rest !== '') {
    const piece = cutAfterBlank(rest, Math.max(1, width - REST_INDENT.length));
    pieces.push(`${REST_INDENT}${piece}`);
    rest = rest.slice(piece.length);
  }
  return pieces;
};

/** The beginning of a line that fits: whole words of it, unless one is so long that half of the room would stay empty. */
const cutAfterBlank = (line: string, width: number): string => {
  const piece = cut(line, width);
  if (piece.length === line.length) return piece;
  const words = piece.lastIndexOf(' ') + 1;
  return words > piece.length / 2 ? piece.slice(0, words) : piece;
};

/** Changes of single lines, under the place where they stand (0: nobody knows); new ones at one place are together. */
export const lineDiff = (
  changes: readonly LineChange[],
  paint: Paint,
  width = Number.POSITIVE_INFINITY,
): string[] =>
  changes
    .flatMap(({ line, before, after }, index) => [
      ...(line === 0 || (before === null && isNewAt(changes[index - 1], line)) ? [] : [`@@ line ${line} @@`]),
      ...(before === null ? [] : [`-${printable(before)}`]),
      ...(after === null ? [] : [`+${printable(after)}`]),
    ])
    .flatMap((line) => colourLine(line, paint, width));

const isNewAt = (change: LineChange | undefined, line: number): boolean =>
  change !== undefined && change.before === null && change.line === line;

/** The lines of a text, without the empty one after its last line end. */
export const linesOf = (text: string): string[] => {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines;
};

/** The lines that a change takes away and brings, with their signs. */
export const changedLines = (before: string, after: string): string[] =>
  diffLines(before, after).filter((line) => line.startsWith('+') || line.startsWith('-'));

/** The lines that a change brings, with their numbers in the new text. */
export const addedLines = (
  before: string,
  after: string,
): readonly { readonly line: number; readonly text: string }[] =>
  hunksOf(before, after).flatMap(({ newStart, lines }) =>
    lines
      .filter((line) => line.startsWith('+') || line.startsWith(' '))
      .flatMap((line, index) =>
        line.startsWith('+') ? [{ line: newStart + index, text: line.slice(1) }] : [],
      ),
  );

const hunksOf = (before: string, after: string) =>
  structuredPatch('', '', before, after, undefined, undefined, { context: CONTEXT }).hunks;

/** Unified diff without the header of names; every line printable. */
export const diffLines = (before: string, after: string): string[] =>
  hunksOf(before, after).flatMap(({ oldStart, oldLines, newStart, newLines, lines }) => [
    `@@ -${oldStart},${oldLines} +${newStart},${newLines} @@`,
    ...lines.map((line) => showInvisible(line, lines)),
  ]);

/** A line whose only difference is at its end, which nobody would see, shows that end. */
const showInvisible = (line: string, all: readonly string[]): string => {
  const sign = line[0];
  const shown = printable(line);
  const twin = (sign === '+' || sign === '-') && `${sign === '+' ? '-' : '+'}${shown.slice(1)}`;
  const hidden = twin !== false && all.some((other) => printable(other) === twin);
  return hidden
    ? `${sign}${jsonText(line.slice(1))
        .slice(1, -1)
        .replace(/ +$/, (s) => '·'.repeat(s.length))}`
    : shown;
};

const colourLine = (line: string, paint: Paint, width: number): string[] => {
  const pieces = broken(line, width);
  switch (line[0]) {
    case '+':
      return pieces.map(paint.good);
    case '-':
      return pieces.map(paint.bad);
    case '@':
      return pieces.map(paint.info);
    default:
      return pieces;
  }
};

/** The first `most` lines, each as the pieces that it was broken into. */
const shorten = (lines: readonly (readonly string[])[], most: number, paint: Paint): string[] => {
  // A note that says "1 more line" would take the place of that line.
  if (lines.length <= most + 1) return lines.flat();
  return [
    ...lines.slice(0, most).flat(),
    paint.quiet(`… ${count(lines.length - most, 'more line')} (--full shows all)`),
  ];
};
