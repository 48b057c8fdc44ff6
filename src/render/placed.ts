import { edit } from '../core/next.ts';
import { FcopsError, messageOf, type Problem } from '../core/problem.ts';
import { didYouMean } from '../core/suggest.ts';
import { HELPER_NAMES } from './compile.ts';
import { TemplateProblem } from './template-problem.ts';

/** What a template threw, with its file and, where it is known, its line. An FcopsError has both already. */
export const placed = (
  error: unknown,
  file: string,
  lineOf: (variable: string) => number | undefined,
): FcopsError => {
  if (error instanceof FcopsError) return error;
  if (!(error instanceof TemplateProblem)) {
    const message = messageOf(error);
    return new FcopsError(
      { kind: 'template', where: { file, ...lineIn(error, message) }, ...saidBy(message) },
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

/** What Handlebars says, in words for who writes templates and knows nothing of its grammar. */
const saidBy = (message: string): Pick<Problem, 'what' | 'why' | 'next'> => {
  const helper = /unknown helper (\S+)/.exec(message)?.[1];
  if (helper !== undefined)
    return { what: `there is no helper "${helper}"`, next: [edit(didYouMean(helper, HELPER_NAMES))] };
  const [first = '', ...excerpt] = message.split('\n');
  if (first.startsWith('Parse error'))
    return {
      what: message.endsWith("got 'EOF'")
        ? 'the template ends before a tag or a block of it does'
        : 'this is no tag of a template',
      why: excerpt.filter((line) => !line.startsWith('Expecting ')).join('\n'),
    };
  return { what: `the template cannot be used: ${message.replace(/ - \d+:\d+$/, '')}` };
};

/** Handlebars gives the line as a property of its own exceptions, or in the message of its parser's. */
const lineIn = (error: unknown, message: string): { line?: number } => {
  if (error instanceof Error && 'lineNumber' in error && typeof error.lineNumber === 'number') {
    return { line: error.lineNumber };
  }
  const line = /Parse error on line (\d+)/.exec(message)?.[1];
  return line === undefined ? {} : { line: Number(line) };
};
