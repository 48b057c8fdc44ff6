/** Where a problem is, as far as it is known. Lines and columns count from 1. */
export interface Place {
  readonly host?: string;
  readonly task?: string;
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
}

/** One thing that went wrong, in the order in which a reader wants it: what, where, why, what to do next. */
export interface Problem {
  readonly what: string;
  readonly where?: Place;
  readonly why?: string;
  readonly next?: string;
}

/**
 * A mistake that the user can mend: shown as its problems, never as a stack trace. Anything else that is
 * thrown is a defect of fcops.
 */
export class FcopsError extends Error {
  override readonly name = 'FcopsError';
  readonly problems: readonly Problem[];

  constructor(problems: Problem | readonly Problem[], options?: ErrorOptions) {
    const list: readonly Problem[] = Array.isArray(problems) ? problems : [problems];
    super(list.map(describeProblem).join('\n'), options);
    this.problems = list;
  }
}

/** `file:line:column`, then the host and the task, whichever are known. */
export const describePlace = ({ host, task, file, line, column }: Place): string => {
  const position = file && [file, line, column].filter((part) => part !== undefined).join(':');
  return [position, host, task && `task "${task}"`].filter(Boolean).join(', ');
};

/** A problem as text: the place and what happened on the first line, the reason and the advice below. */
export const describeProblem = ({ what, where, why, next }: Problem): string => {
  const place = where && describePlace(where);
  return [place ? `${place}: ${what}` : what, why && `  why:  ${why}`, next && `  next: ${next}`]
    .filter(Boolean)
    .join('\n');
};

/** The message of anything that was thrown. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
