/** A text and the line of it, from 1. */
export interface LineOf<T> {
  readonly of: T;
  readonly line: number;
}

/**
 * The line of a template that a rendered line comes from, in the first of several templates that has it: of lines with
 * values in them the one with the most other text. Undefined where none has, or where it could be one of several.
 */
export const templateLine = <T extends { readonly text: string }>(
  templates: readonly T[],
  rendered: string,
): LineOf<T> | undefined => {
  if (rendered.trim() === '') return undefined;
  for (const of of templates) {
    const fitting = of.text
      .split('\n')
      .map((text, index) => ({ line: index + 1, fit: fitOf(text, rendered) }))
      .filter(({ fit }) => fit > 0)
      .toSorted((a, b) => b.fit - a.fit);
    const [best, next] = fitting;
    if (best) return next?.fit === best.fit ? undefined : { of, line: best.line };
  }
  return undefined;
};

/** Characters around the values of a template's line, where all of them stand in the rendered one; else 0. */
const fitOf = (line: string, rendered: string): number => {
  const parts = line.split(/\{\{\{?[^{}]*\}?\}\}/);
  if (parts.every((part) => part.trim() === '')) return 0;
  return standIn(parts, rendered) ? parts.join('').length : 0;
};

/** Whether a text begins and ends with the first and the last part, and has the others in their order between. */
const standIn = (parts: readonly string[], text: string): boolean => {
  const [first = '', ...others] = parts;
  const last = others.pop();
  if (last === undefined) return text === first;
  if (!text.startsWith(first) || !text.endsWith(last)) return false;
  let at = first.length;
  for (const part of others) {
    const found = text.indexOf(part, at);
    if (found === -1) return false;
    at = found + part.length;
  }
  return at + last.length <= text.length;
};
