import * as z from 'zod';
import type { HostExec } from '../../ops/exec/exec.ts';
import type { Outcome } from '../../ops/exec/outcome.ts';
import type { Words } from '../text/words.ts';
import { problemDocument, problemDocumentSchema } from './problem-document.ts';

/** Changes where a program that reads the old one would misread the new one. */
export const EXEC_FORMAT = 'fcops-exec/1';

const hostSchema = z.strictObject({
  host: z.string(),
  state: z
    .enum(['exited', 'killed', 'timed-out', 'hangs', 'lost', 'not-run', 'interrupted'])
    .describe(
      'exited: by itself. killed: by a signal. timed-out: it was ended after its time. hangs: its time is over, and it ' +
        'may still run there. lost: the connection ended first; nobody knows whether it ran to its end. not-run: ' +
        'nothing of it was run. interrupted: fcops was, before its end.',
    ),
  exit: z.int().nullable().describe('Its exit code; null where it is not known.'),
  signal: z.string().nullable().describe('SIGKILL and such; a shell tells it as 128 and its number.'),
  profile: z.string().nullable().describe('File on the host with the variables of its role.'),
  profileLoaded: z.boolean().nullable().describe('False: the file is not there. Null: not known.'),
  stdout: z.string(),
  stderr: z.string(),
  stdoutCut: z.boolean().describe('There was more than what is kept.'),
  stderrCut: z.boolean(),
  problems: z.array(problemDocumentSchema).describe('Why it was not run, or how the connection was lost.'),
});

export const execDocumentSchema = z.strictObject({
  format: z.literal(EXEC_FORMAT),
  miner: z.string(),
  command: z.array(z.string()).describe('Its words; a single one is a line of bash.'),
  timeout: z.int().describe('Seconds that it had on each host.'),
  counts: z.strictObject({
    hosts: z.int(),
    well: z.int().describe('Of them, those where it ended with 0.'),
  }),
  hosts: z.array(hostSchema),
});

export type ExecDocument = z.infer<typeof execDocumentSchema>;
export type ExecHostDocument = ExecDocument['hosts'][number];

/** What a command came to, as programs read it; the text is made of it. */
export const execDocument = (
  about: Pick<ExecDocument, 'miner' | 'command' | 'timeout'>,
  results: readonly HostExec[],
  words: Words,
): ExecDocument => {
  const hosts = results.map(
    ({ host, profile, loaded, outcome, stdout, stderr }): ExecHostDocument => ({
      host,
      ...stateOf(outcome),
      profile,
      profileLoaded: loaded,
      stdout: stdout.text,
      stderr: stderr.text,
      stdoutCut: stdout.cut,
      stderrCut: stderr.cut,
      problems: problemsOf(outcome).map((problem) => problemDocument(problem, words)),
    }),
  );
  return {
    format: EXEC_FORMAT,
    ...about,
    counts: { hosts: hosts.length, well: hosts.filter(isWell).length },
    hosts,
  };
};

/** Whether it ended by itself, and with 0. */
export const isWell = ({ state, exit }: Pick<ExecHostDocument, 'state' | 'exit'>): boolean =>
  state === 'exited' && exit === 0;

const stateOf = (outcome: Outcome): Pick<ExecHostDocument, 'state' | 'exit' | 'signal'> => {
  const unknown = { exit: null, signal: null };
  switch (outcome.type) {
    case 'exited':
      return { state: 'exited', exit: outcome.status, signal: null };
    case 'killed':
      return { state: 'killed', exit: outcome.status, signal: outcome.signal };
    case 'timed out':
      return { state: 'timed-out', ...unknown };
    case 'not run':
      return { state: 'not-run', ...unknown };
    case 'hangs':
    case 'lost':
    case 'interrupted':
      return { state: outcome.type, ...unknown };
  }
};

const problemsOf = (outcome: Outcome) => {
  switch (outcome.type) {
    case 'lost':
      return [outcome.problem];
    case 'not run':
      return outcome.problems;
    default:
      return [];
  }
};
