import type { Content } from '../../core/content.ts';

/** A variable that a process is to have in its environment. */
export interface Variable {
  readonly name: string;
  readonly value: Content;
}

/** What is looked for of a process on a host. */
export interface SoughtProcess {
  /** `/opt/lotusworker/worker-3p1`: the value of `--worker-repo` by which it is found. */
  readonly repository: string;
  /** Path of the program that a start would run; a link is followed. */
  readonly program: string;
  /** What profile and script export, as far as it follows from them without a shell. */
  readonly environment: readonly Variable[];
}
