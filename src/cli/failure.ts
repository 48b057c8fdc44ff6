import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Problem } from '../core/errors.ts';
import { FcopsError, messageOf } from '../core/errors.ts';
import { count } from '../core/units.ts';
import { completeProblem } from './command-line.ts';
import { fileProblem } from './file-problem.ts';
import type { Session } from './session.ts';
import { copyProblem, problemLines } from './views/problem-text.ts';

/** Shows what kept a command from ending well: the one place that turns an error into text or JSON. */
export const showFailure = (error: unknown, session: Session): void => {
  const { output } = session;
  const problems = problemsIn(error, session).map((problem) => completeProblem(session, problem));
  if (output.format === 'json') {
    output.note(JSON.stringify({ type: 'error', problems: problems.map(copyProblem) }));
    return;
  }
  const paint = output.errorPaint;
  for (const problem of problems) {
    const lead = `${paint.bad('error:')} `;
    output.note(problemLines(problem, { paint, lead, width: output.errorWidth }).join('\n'));
  }
  if (problems.length > 1) output.note(paint.bad(count(problems.length, 'error')));
};

const problemsIn = (error: unknown, session: Session): readonly Problem[] => {
  if (error instanceof FcopsError) return error.problems;
  return [fileProblem(error) ?? defect(error, session)];
};

/** Anything but an FcopsError is a mistake of fcops' own: the user gets a sentence, the report a stack. */
const defect = (error: unknown, { world, output, options }: Session): Problem => {
  const { version } = world;
  const what = `this is a defect of fcops ${version}: ${messageOf(error)}`;
  const stack = output.redact(error instanceof Error ? (error.stack ?? error.message) : String(error));
  if (options.debug) return { what, why: stack, next: 'report it with these lines' };
  const file = join(tmpdir(), `fcops-defect-${process.pid}.log`);
  try {
    writeFileSync(file, `fcops ${version}\n${stack}\n`, { mode: 0o600, flag: 'wx' });
    return { what, next: `report it with ${file}` };
  } catch {
    return { what, why: stack, next: 'report it with the lines above' };
  }
};
