import { stripVTControlCharacters } from 'node:util';
import { escapeUnseen } from '../../core/invisible.ts';
import { onDemand } from '../../core/remember.ts';

const ASCII = /^[\x20-\x7e]*$/;
/** Made at the first text that is not ASCII: the tables of Unicode take 9 ms to set up. */
const unicode = onDemand(() => ({
  noWidth: /^[\p{M}\p{Cf}\p{Cc}]*$/u,
  /** Characters that take two columns (Unicode's East Asian Width: W and F), and pictures. */
  wide: /^[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1f64f}\u{1f680}-\u{1f6ff}\u{1f900}-\u{1f9ff}\u{20000}-\u{3fffd}]|^\p{Emoji_Presentation}/u,
  segmenter: new Intl.Segmenter(undefined, { granularity: 'grapheme' }),
}));

const characterWidth = (character: string): number => {
  const { noWidth, wide } = unicode();
  return noWidth.test(character) ? 0 : wide.test(character) ? 2 : 1;
};

/** Columns that a text takes in a terminal: Chinese counts two each, colours count nothing. */
export const displayWidth = (text: string): number => {
  const bare = text.includes('\u001b') ? stripVTControlCharacters(text) : text;
  if (ASCII.test(bare)) return bare.length;
  let width = 0;
  for (const { segment } of unicode().segmenter.segment(bare)) width += characterWidth(segment);
  return width;
};

/** The text, or its beginning with `…` where it takes more than `columns`. The text must not hold colours. */
export const truncate = (text: string, columns: number): string => {
  if (columns <= 0) return '';
  if (displayWidth(text) <= columns) return text;
  let width = 0;
  let kept = '';
  for (const { segment } of unicode().segmenter.segment(text)) {
    width += characterWidth(segment);
    if (width > columns - 1) break;
    kept += segment;
  }
  return `${kept}…`;
};

/** The beginning of a text that takes no more than `columns`, and at least one character of it. */
export const cut = (text: string, columns: number): string => {
  if (ASCII.test(text)) return text.slice(0, Math.max(1, columns));
  let width = 0;
  let kept = '';
  for (const { segment } of unicode().segmenter.segment(text)) {
    width += characterWidth(segment);
    if (width > columns && kept !== '') break;
    kept += segment;
  }
  return kept;
};

/** Fills up with blanks to `columns`, on the right. */
export const padEnd = (text: string, columns: number): string =>
  text + ' '.repeat(Math.max(0, columns - displayWidth(text)));

/** Fills up with blanks to `columns`, on the left. */
export const padStart = (text: string, columns: number): string =>
  ' '.repeat(Math.max(0, columns - displayWidth(text))) + text;

/**
 * A line that a host wrote, made safe for this terminal: no escape sequences, of a progress bar that repaints itself
 * only its last state, and control characters and marks of direction as they are written in JSON.
 */
export const printable = (line: string): string =>
  escapeUnseen(
    (stripVTControlCharacters(line).trimEnd().split('\r').at(-1) ?? '')
      .replaceAll('\t', '    ')
      // Lines that are shown as one must not grow together.
      .replaceAll('\n', ' '),
  );

/** A command with options: broken in two it could not be copied. Its value may be quoted, but holds no blank. */
const COMMAND =
  /\bfcops (?:(?:plan|deploy|render|trust|facts|inventory \w+)(?: [\w.:-]*\d[\w.:-]*)?(?: --?[a-z]\S*(?: (?!--)[^\s;]+)?)+|(?:resume|runs show) [\w-]+(?: --?[a-z]\S*(?: (?!--)[^\s;]+)?)*)/g;
/** A number and what it counts: `PC1 × 40`. */
const COUNT = / × (?=\d)/g;
const GLUE = '\u0000';

/** What may not begin a line, and what may not end one. */
const CLOSES = /^[、。，．：；！？）】》〉」』〕”’…—～％・,.;:!?)\]}%]/;
const OPENS = /[（【《〈「『〔“‘([{]$/;

/** The parts that a word may be broken in: Chinese between its characters, nothing else, and no path. */
const partsOf = (word: string): string[] => {
  if (ASCII.test(word) || word.includes('/')) return [word];
  const { wide, segmenter } = unicode();
  const parts: string[] = [];
  let before = '';
  for (const { segment } of segmenter.segment(word)) {
    const mayBreak =
      (wide.test(before) || wide.test(segment)) && !CLOSES.test(segment) && !OPENS.test(before);
    if (mayBreak && before !== '' && before !== GLUE && segment !== GLUE) parts.push(segment);
    else parts.push(`${parts.pop() ?? ''}${segment}`);
    before = segment;
  }
  return parts;
};

/**
 * A text in lines of at most `columns`, broken at blanks, and between Chinese characters; a longer word stays whole, and
 * so do a command and `PC1 × 40`.
 * Lines after the first begin as far in as it does, and `hang` columns further.
 */
export const wrap = (text: string, columns: number, hang = 0): string[] => {
  if (displayWidth(text) <= columns) return [text];
  const begin = /^ */.exec(text)?.[0] ?? '';
  const indent = begin + ' '.repeat(hang);
  const lines: string[] = [];
  let line = '';
  const glued = text
    .trim()
    .replace(COMMAND, (command) => command.replaceAll(' ', GLUE))
    .replace(COUNT, `${GLUE}×${GLUE}`);
  for (const word of glued.split(' '))
    for (const [index, part] of partsOf(word).entries()) {
      const longer = line === '' ? `${begin}${part}` : `${line}${index === 0 ? ' ' : ''}${part}`;
      if (line.trim() !== '' && displayWidth(longer) > columns) {
        lines.push(line.trimEnd());
        line = `${indent}${part}`;
      } else line = longer;
    }
  return [...lines, line].map((whole) => whole.replaceAll(GLUE, ' '));
};

/** As `wrap`, but a word that is longer than a line goes on in the next one. */
export const wrapInside = (text: string, columns: number): string[] =>
  wrap(text, columns).flatMap((line) => (line.trim().includes(' ') ? [line] : slices(line, columns)));

const slices = (word: string, columns: number): string[] => {
  if (displayWidth(word) <= columns) return [word];
  const first = cut(word, columns);
  return [first, ...slices(word.slice(first.length), columns)];
};

/** How much further in a command stands than the prose that leads to it. */
const COMMAND_INDENT = ' '.repeat(4);

/**
 * As `wrap`, for a text that holds commands to be typed, in their order. Where it does not fit into one line, each of
 * them stands on a line of its own, whole, however long that is: of a command in two lines the shell makes two others.
 * The first line is empty then where the text begins with a command.
 */
export const wrapAround = (
  text: string,
  commands: readonly string[],
  columns: number,
  hang = 0,
): string[] => {
  if (displayWidth(text) <= columns) return [text];
  const begin = /^ */.exec(text)?.[0] ?? '';
  const prose = (part: string): string[] => {
    const said = part.replace(/^;/, '').trim();
    return said === '' ? [] : wrap(`${begin}${said}`, columns, hang);
  };
  const lines: string[] = [];
  let rest = text;
  for (const command of commands) {
    const at = rest.indexOf(command);
    if (at === -1) continue;
    lines.push(...prose(rest.slice(0, at)));
    if (lines.length === 0) lines.push('');
    lines.push(`${begin}${COMMAND_INDENT}${command}`);
    rest = rest.slice(at + command.length);
  }
  return [...lines, ...prose(rest)];
};

/** Parts with a separator between, in lines of at most `columns` where a part is not wider by itself. */
export const flow = (parts: readonly string[], separator: string, columns: number): string[] => {
  const lines: string[] = [];
  for (const [index, part] of parts.entries()) {
    const piece = index < parts.length - 1 ? `${part}${separator}` : part;
    const line = lines.at(-1);
    if (line !== undefined && displayWidth(line) + displayWidth(piece.trimEnd()) <= columns)
      lines[lines.length - 1] = `${line}${piece}`;
    else lines.push(piece);
  }
  return lines.map((line) => line.trimEnd());
};
