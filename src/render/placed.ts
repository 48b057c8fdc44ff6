import { edit } from '../core/next.ts';
import { FcopsError, messageOf } from '../core/problem.ts';
import { TemplateProblem } from './template-problem.ts';

/** What a template threw, with its file and, where it is known, its line. An FcopsError has both already. */
export const placed = (
  error: unknown,
  file: string,
  lineOf: (variable: string) => number | undefined,
): FcopsError => {
  if (error instanceof FcopsError) return error;
  if (!(error instanceof TemplateProblem)) {
    const why = messageOf(error);
    return new FcopsError(
      { kind: 'template', what: 'the template cannot be used', where: { file, ...lineIn(error, why) }, why },
      { cause: error },
    );
  }
  const { at, message, next } = error;
  const line = 'line' in at ? at.line : lineOf(at.variable);
  const where = line === undefined ? { file } : { file, line };
  return new FcopsError(
    { kind: 'template', what: message, where, ...(next !== undefined && { next: [edit(next)] }) },
    { cause: error },
  );
};

/** Handlebars gives the line as a property of its own exceptions, or in the message of its parser's. */
const lineIn = (error: unknown, message: string): { line?: number } => {
  if (error instanceof Error && 'lineNumber' in error && typeof error.lineNumber === 'number') {
    return { line: error.lineNumber };
  }
  const line = /Parse error on line (\d+)/.exec(message)?.[1];
  return line === undefined ? {} : { line: Number(line) };
};
