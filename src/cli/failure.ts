import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jsonText } from '../core/invisible.ts';
import { look } from '../core/next.ts';
import type { Problem } from '../core/problem.ts';
import { FcopsError, messageOf } from '../core/problem.ts';
import { count } from '../core/units.ts';
import { wordsOf } from './command-line.ts';
import type { Context } from './context.ts';
import { fileProblem } from './file-problem.ts';
import { problemDocument } from './views/problem-document.ts';
import { problemLines } from './views/problem-text.ts';

/** Shows what kept a command from ending well: the one place that turns an error into text or JSON. */
export const showFailure = (error: unknown, context: Context): void => {
  const { output } = context;
  const problems = problemsIn(error, context).map((problem) => problemDocument(problem, wordsOf(context)));
  if (output.format === 'json') {
    output.note(jsonText({ type: 'error', problems }));
    return;
  }
  const paint = output.errorPaint;
  for (const problem of problems) {
    const lead = `${paint.bad('error:')} `;
    output.note(problemLines(problem, { paint, lead, width: output.errorWidth }).join('\n'));
  }
  if (problems.length > 1) output.note(paint.bad(count(problems.length, 'error')));
};

const problemsIn = (error: unknown, context: Context): readonly Problem[] => {
  if (error instanceof FcopsError) return error.problems;
  return [fileProblem(error) ?? defect(error, context)];
};

/** Anything but an FcopsError is a mistake of fcops' own: the user gets a sentence, the report a stack. */
export const defect = (error: unknown, { world, output, options }: Context, host?: string): Problem => {
  const { version } = world;
  const what = `this is a defect of fcops ${version}: ${messageOf(error)}`;
  const about = { kind: 'defect', what, ...(host !== undefined && { where: { host } }) } as const;
  const stack = output.redact(error instanceof Error ? (error.stack ?? error.message) : String(error));
  if (options.debug) return { ...about, why: stack, next: [look('report it with these lines')] };
  const file = join(
    tmpdir(),
    ['fcops-defect', process.pid, ...(host ? [host] : [])].join('-').concat('.log'),
  );
  try {
    const lines = [`fcops ${version}`, ...(host ? [`host ${host}`] : []), stack, ''];
    writeFileSync(file, lines.join('\n'), { mode: 0o600, flag: 'wx' });
    return { ...about, next: [look(`report it with ${file}`)] };
  } catch {
    return { ...about, why: stack, next: [look('report it with the lines above')] };
  }
};
