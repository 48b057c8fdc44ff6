import type { Next } from './next.ts';
import { sayNext } from './next.ts';

/** Where a problem is, as far as it is known. Lines and columns count from 1. */
export interface Place {
  readonly host?: string;
  readonly task?: string;
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
}

/** What sort of thing went wrong: what code asks, in place of reading the words. */
export type ProblemKind =
  /** The command line: a word, an option, a question that nobody can answer. */
  | 'usage'
  /** What a cluster file, a profile or a file of saved facts says. */
  | 'inventory'
  /** A template, or the values that it is filled with. */
  | 'template'
  /** A secret that is not there, or that others can read. */
  | 'secret'
  /** A secret that could not be kept: its mask would give it away, or not cover it. */
  | 'weak-secret'
  /** Hugepages, cores or NUMA nodes that do not work out. */
  | 'layout'
  /** A file or directory on this machine. */
  | 'file'
  /** A host that cannot be reached, or that does not let in. */
  | 'connect'
  /** A host key that nobody has recorded: it has to be compared and trusted. */
  | 'unknown-host-key'
  /** A host key that is another one than was recorded, or revoked. */
  | 'refused-host-key'
  /** A host that cannot be looked at, or a part of it that could not be seen. */
  | 'unseen'
  /** A requirement that fcops does not meet by itself. */
  | 'check'
  /** A step of a change that failed. */
  | 'step'
  /** The steps did not arrive, or ended without a word. */
  | 'run'
  /** The connection was lost while the host was being changed. */
  | 'lost'
  /** Somebody else is changing the host. */
  | 'locked'
  /** Stopped because somebody asked for it, or because too many others failed. */
  | 'stopped'
  /** It is not as it was when its plan was saved. */
  | 'moved'
  /** It was changed, and is not as it shall be. */
  | 'verify'
  /** A mistake of fcops' own. */
  | 'defect';

/** Who is changing a host. What is not known is empty. */
export interface LockHolder {
  /** `alice@ops1` */
  readonly who: string;
  readonly run: string;
  /** `2026-11-22T10:30:00Z` */
  readonly since: string;
}

/** One thing that went wrong, in the order in which a reader wants it: what, where, why, what to do next. */
export interface Problem {
  readonly kind: ProblemKind;
  readonly what: string;
  readonly where?: Place;
  /** Of several hosts: all of them, which `where` says in short. */
  readonly hosts?: readonly string[];
  /** The reason; several lines where a program said it. */
  readonly why?: string;
  /** Of kind `locked`: by whom. */
  readonly holder?: LockHolder;
  /** What to do, in this order. */
  readonly next?: readonly Next[];
}

/**
 * A mistake that the user can mend: shown as its problems, never as a stack trace. Anything else that is
 * thrown is a defect of fcops.
 */
export class FcopsError extends Error {
  override readonly name = 'FcopsError';
  readonly problems: readonly Problem[];

  constructor(problems: Problem | readonly Problem[], options?: ErrorOptions) {
    const list: readonly Problem[] = 'what' in problems ? [problems] : problems;
    super(list.map(describeProblem).join('\n'), options);
    this.problems = list;
  }
}

/** `file:line:column`, then the host and the task, whichever are known. */
export const describePlace = ({ host, task, file, line, column }: Place): string => {
  const position = file && [file, line, column].filter((part) => part !== undefined).join(':');
  return [position, host, task && `task "${task}"`].filter(Boolean).join(', ');
};

/** `alice@ops1, run r-…, since …`, as far as it is known; `since` in the words of the caller. */
export const describeHolder = ({ who, run, since }: LockHolder): string =>
  [who || 'it does not say who', run && `run ${run}`, since && `since ${since}`].filter(Boolean).join(', ');

/** A problem as text: the place and what happened on the first line, the reason and the advice below. */
export const describeProblem = ({ what, where, why, holder, next }: Problem): string => {
  const place = where && describePlace(where);
  const reason = why ?? (holder && describeHolder(holder));
  return [
    place ? `${place}: ${what}` : what,
    reason && `  why:  ${reason}`,
    next && next.length > 0 && `  next: ${sayNext(next)}`,
  ]
    .filter(Boolean)
    .join('\n');
};

/** What happened and why, in one line: as the reason of something else. */
export const inShort = ({ what, why }: Pick<Problem, 'what' | 'why'>): string =>
  [what, why].filter(Boolean).join(': ');

/** Problems with the host that they are of, where they do not name it themselves. */
export const atHost = (problems: readonly Problem[], host: string): readonly Problem[] =>
  problems.map((problem) => ({ ...problem, where: { host, ...problem.where } }));

/** The problems of a user's or a host's mistake, with the host's name; anything else is thrown on as a defect. */
export const problemsOf = (error: unknown, host: string): readonly Problem[] => {
  if (!(error instanceof FcopsError)) throw error;
  return atHost(error.problems, host);
};

/** The message of anything that was thrown. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
