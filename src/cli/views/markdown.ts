import { escapeUnseen } from '../../core/invisible.ts';
import { printable } from '../text/width.ts';
import { content } from '../text/xml.ts';

/**
 * Characters of a comment. GitHub takes 65,536, GitLab and Gitea more; the rest is for the mark or heading that a pipeline
 * puts before it.
 */
export const COMMENT_LIMIT = 65_000;

/**
 * A text as prose of Markdown that shows as it is, in one line. Neither a name after an `@`, nor a number after a `#`, nor
 * an address becomes a link: a plan calls nobody.
 */
export const prose = (text: string): string =>
  oneLine(text)
    .replace(/[\\`*_{}[\]<>|~&!^$]/g, '\\$&')
    // At the begin of a line these make a heading, a list or a quote.
    .replace(/^(\s*)([-+=]|\d+(?=[.)]))/, (_, blanks: string, sign: string) =>
      /\d/.test(sign) ? `${blanks}${sign}\\` : `${blanks}\\${sign}`,
    )
    .replace(/[#@]|:(?=\/\/)|www(?=\.)/gi, '$&<!-- -->');

/** A text as code within a line. */
export const code = (text: string): string => {
  const shown = oneLine(text);
  if (shown.trim() === '') return '``` ```';
  const marks = '`'.repeat(longestRun(shown) + 1);
  const pad = /^`|`$/.test(shown) || (/^ .* $/.test(shown) && shown.trim() !== '') ? ' ' : '';
  return `${marks}${pad}${shown}${pad}${marks}`;
};

/** Lines as a block of code, whatever is in them. `language` colours it: `diff`. */
export const block = (lines: readonly string[], language = ''): string => {
  const shown = lines.map(printable);
  const marks = '`'.repeat(Math.max(3, longestRun(shown.join('\n')) + 1));
  return [`${marks}${language}`, ...shown, marks].join('\n');
};

/** A part that is opened by who wants to read it. `summary` is HTML: see `html` and `htmlCode`. */
export const details = (summary: string, body: string): string =>
  `<details><summary>${summary}</summary>\n\n${body}\n\n</details>`;

/** A text within HTML, as in the summary of `details`. */
export const html = (text: string): string => content(oneLine(text)).replace(/[#@]/g, '$&<!-- -->');

/** A text as code within HTML. */
export const htmlCode = (text: string): string => `<code>${content(oneLine(text))}</code>`;

/** A part of a comment in all its forms, the longest first; the last says what it is about in a line or two. */
export type Section = readonly [string, ...string[]];

/** What did not fit into a comment. */
export interface CutOff {
  /** Sections that are there in a shorter form. */
  readonly shortened: number;
  /** Sections that are not there at all. */
  readonly leftOut: number;
}

/**
 * A comment of at most `limit` characters: its head, as much of each section as there is room for, what was cut, and its
 * foot. What comes first keeps its longer form; that a section is there at all goes over the length of those before it.
 */
export const comment = (
  parts: { readonly head: string; readonly sections: readonly Section[]; readonly foot: string },
  cutWords: (cut: CutOff) => string,
  limit = COMMENT_LIMIT,
): string => {
  const { head, sections, foot } = parts;
  const whole = joined([head, ...sections.map(([form]) => form), foot]);
  if (whole.length <= limit) return whole;
  const widest = cutWords({ shortened: sections.length, leftOut: sections.length });
  let room = limit - joined([head, widest, foot]).length - GAP;
  const present = sections.filter((forms) => {
    const least = sizeOf(forms[forms.length - 1] ?? '');
    if (least > room) {
      // None that comes later is there in its place: what is missing is the end.
      room = Math.min(room, 0);
      return false;
    }
    room -= least;
    return true;
  });
  const shown = present.map((forms) => {
    const least = sizeOf(forms[forms.length - 1] ?? '');
    const form = forms.find((one) => sizeOf(one) <= room + least) ?? forms[forms.length - 1] ?? '';
    room -= sizeOf(form) - least;
    return form;
  });
  const shortened = shown.filter((form, index) => form !== present[index]?.[0]).length;
  const cut = cutWords({ shortened, leftOut: sections.length - present.length });
  return joined([head, ...shown, cut, foot]);
};

const GAP = 2;
const sizeOf = (text: string): number => text.length + GAP;
const joined = (parts: readonly string[]): string => `${parts.filter((part) => part !== '').join('\n\n')}\n`;

/** Without line ends, control characters and marks of direction: those are written as in JSON. */
const oneLine = (text: string): string => escapeUnseen(text.replace(/\r?\n|\t/g, ' '));

const longestRun = (text: string): number =>
  Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length));
