import * as z from 'zod';
import type { Content } from '../../core/content.ts';
import type { Facts } from '../../core/facts.ts';

/** A variable that a process is to have in its environment. */
export interface Variable {
  readonly name: string;
  /** Null: with these facts there is no such variable. A function never holds a secret. */
  readonly value: Content | ((facts: Facts) => Content | null);
}

/** How the processes of a repository are told from all others of a host, never by their name alone. */
export const knownSchema = z.discriminatedUnion('by', [
  /** Workers: they have `--worker-repo REPOSITORY run` in their arguments. */
  z.strictObject({ by: z.literal('argument') }),
  /** Daemons: `lotus daemon`, with the repository in a flag, a variable, or by default below their home. */
  z.strictObject({
    by: z.literal('environment'),
    /** Last part of its program's path: `lotus`. */
    program: z.string(),
    /** Word after the flags; with another one (`lotus sync wait`) it is a short command. */
    command: z.string(),
    /** Flags with the repository, which win over the variables: `repo`. */
    flags: z.array(z.string()).readonly(),
    /** Variables with the repository; the first that is set counts. */
    variables: z.array(z.string()).readonly(),
    /** Repository below the home of its user where nothing says another: `.lotus`. */
    fallback: z.string(),
  }),
]);
export type Known = Readonly<z.infer<typeof knownSchema>>;

/** What is looked for of a process on a host. */
export interface SoughtProcess {
  /** Directory that it works on: `/opt/lotusworker/worker-3p1`. No other process of the host has the same. */
  readonly repository: string;
  readonly known: Known;
  /** Path of the program that a start would run; a link is followed. */
  readonly program: string;
  /** What profile and script export, as far as it follows from them without a shell. */
  readonly environment: readonly Variable[];
}

/** What `fcops_find_daemons` (daemons.sh) takes for a process; empty for one that is known by its arguments. */
export const daemonWords = ({
  known,
  repository,
}: Pick<SoughtProcess, 'known' | 'repository'>): readonly string[] =>
  known.by === 'argument'
    ? []
    : [
        known.program,
        known.command,
        known.flags.join(','),
        known.variables.join(','),
        known.fallback,
        repository,
      ];
