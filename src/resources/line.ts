import type { Resource } from './resource.ts';

export interface LineSpec {
  readonly path: string;
  /** The whole line, without a line end. */
  readonly line: string;
  /** Source of a regular expression that finds the lines which `line` stands for, commented ones included. */
  readonly match: string;
  /** Adds the line where none matches, and makes the file where there is none. Without it that is a violation. */
  readonly whenAbsent?: 'append';
  /** Section header (`[Manager]`) that an added line belongs under. */
  readonly section?: string;
}

export const line = (spec: LineSpec): Resource => ({
  id: `line:${spec.path}:${spec.match}`,
  probes: [],
  diff: () => ({ state: 'unknown', reason: 'not implemented yet' }),
});
