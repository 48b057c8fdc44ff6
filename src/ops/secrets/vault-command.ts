import { closeSync, openSync } from 'node:fs';
import { codeOf } from '../../core/error-code.ts';
import { look } from '../../core/next.ts';
import { messageOf, type Problem } from '../../core/problem.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { LONGEST_SECRET, redactor, SHORTEST_SECRET } from '../../core/secret.ts';
import { quote } from '../../core/shell.ts';
import { KiB } from '../../core/units.ts';
import { childOutput } from '../child-output.ts';

/** Seconds that the command of a vault may take: one that waits for a person on its own terminal has that long. */
export const VAULT_DEADLINE = 30;

/** A secret is a line; a command that prints more than this prints something else. */
const MOST_BYTES = 64 * KiB;

/** Lines of what it says on standard error that are told. */
const MOST_LINES = 4;

interface VaultCommand {
  readonly argv: readonly [string, ...string[]];
  /** Where it is run. */
  readonly directory: string;
}

interface Running {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Seconds. */
  readonly deadline: number;
  /** Whether it may ask a person on the terminal; left out: where there is one. */
  readonly asks?: boolean;
}

/**
 * What the command of a vault prints: the secret. It runs without a shell, with no standard input, in the environment
 * of fcops. What it printed is in no problem, also where it failed.
 */
export const askVault = async (
  { argv, directory }: VaultCommand,
  { env, deadline, asks = hasTerminal() }: Running,
): Promise<Result<string, Problem>> => {
  const ended = await childOutput({ argv, directory, env, asks }, { deadline, most: MOST_BYTES });
  const failed = (what: string, why?: string): Result<string, Problem> =>
    err({
      kind: 'secret',
      what: `${argv.map(quote).join(' ')} ${what}`,
      ...(why !== undefined && why !== '' && { why }),
      next: [look(`run it by hand in ${directory}`)],
    });
  switch (ended.type) {
    case 'late':
      return failed(`did not end within ${deadline} s`);
    case 'too much':
      return failed(`printed more than ${MOST_BYTES / KiB} KiB, which is no secret`);
    case 'not started':
      return codeOf(ended.error) === 'ENOENT'
        ? noProgram(argv[0])
        : failed('could not be started', messageOf(ended.error));
    case 'ended': {
      const { status, signal } = ended;
      const value = ended.stdout.toString('utf8').trim();
      const words = lastLines(ended.stderr, value);
      if (signal !== null) return failed(`was ended by ${signal}`, words);
      if (status !== 0) return failed(`ended with exit code ${status}`, words);
      return value === '' ? failed('printed nothing', words) : ok(value);
    }
  }
};

/** Whether there is a terminal on which it could ask a person. */
const hasTerminal = (): boolean => {
  try {
    closeSync(openSync('/dev/tty', 'r'));
    return true;
  } catch {
    return false;
  }
};

const noProgram = (program: string): Result<string, Problem> =>
  err({
    kind: 'secret',
    what: `${quote(program)} was not found`,
    why: 'a secret of `exec` is what this command prints',
    next: [look('see whether it is installed here, and in the PATH')],
  });

/** What it said last, without what it printed. */
const lastLines = (text: string, value: string): string =>
  // What is no secret by its length could not be masked either.
  value.length > LONGEST_SECRET || (value !== '' && value.length < SHORTEST_SECRET)
    ? ''
    : redactor([value])(text.trim().split(/\r?\n/).slice(-MOST_LINES).join('\n'));
