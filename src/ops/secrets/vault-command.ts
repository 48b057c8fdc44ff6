import { spawn } from 'node:child_process';
import { codeOf } from '../../core/error-code.ts';
import { look } from '../../core/next.ts';
import { messageOf, type Problem } from '../../core/problem.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { LONGEST_SECRET, redactor, SHORTEST_SECRET } from '../../core/secret.ts';
import { quote } from '../../core/shell.ts';
import { KiB } from '../../core/units.ts';

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
}

/**
 * What the command of a vault prints: the secret. It runs without a shell, with no standard input, in the environment
 * of fcops. What it printed is in no problem, also where it failed.
 */
export const askVault = (
  { argv, directory }: VaultCommand,
  { env, deadline }: Running,
): Promise<Result<string, Problem>> => {
  const [program, ...words] = argv;
  const name = argv.map(quote).join(' ');
  const failed = (what: string, why?: string): Result<string, Problem> =>
    err({
      kind: 'secret',
      what: `${name} ${what}`,
      ...(why !== undefined && why !== '' && { why }),
      next: [look(`run it by hand in ${directory}`)],
    });
  return new Promise((resolve) => {
    const child = spawn(program, words, { cwd: directory, env, stdio: ['ignore', 'pipe', 'pipe'] });
    const printed: Buffer[] = [];
    const said: Buffer[] = [];
    let bytes = 0;
    let saidBytes = 0;
    let hasEnded = false;
    const end = (result: Result<string, Problem>): void => {
      hasEnded = true;
      clearTimeout(timer);
      // What it has started may hold them open for longer than itself.
      child.stdout.destroy();
      child.stderr.destroy();
      resolve(result);
    };
    const kill = (result: Result<string, Problem>): void => {
      child.kill('SIGKILL');
      end(result);
    };
    const timer = setTimeout(() => kill(failed(`did not end within ${deadline} s`)), deadline * 1000);
    child.stdout.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      printed.push(chunk);
      if (bytes > MOST_BYTES) kill(failed(`printed more than ${MOST_BYTES / KiB} KiB, which is no secret`));
    });
    child.stderr.on('data', (chunk: Buffer) => {
      saidBytes += chunk.length;
      if (saidBytes <= MOST_BYTES) said.push(chunk);
    });
    child.once('error', (error) =>
      end(
        failed(
          codeOf(error) === 'ENOENT' ? 'was not found' : 'could not be started',
          codeOf(error) === 'ENOENT' ? undefined : messageOf(error),
        ),
      ),
    );
    child.once('close', (status, signal) => {
      if (hasEnded) return;
      const value = Buffer.concat(printed).toString('utf8').trim();
      const words = lastLines(Buffer.concat(said).toString('utf8'), value);
      if (signal !== null) end(failed(`was ended by ${signal}`, words));
      else if (status !== 0) end(failed(`ended with exit code ${status}`, words));
      else if (value === '') end(failed('printed nothing', words));
      else end(ok(value));
    });
  });
};

/** What it said last, without what it printed. */
const lastLines = (text: string, value: string): string =>
  // What is no secret by its length could not be masked either.
  value.length > LONGEST_SECRET || (value !== '' && value.length < SHORTEST_SECRET)
    ? ''
    : redactor([value])(text.trim().split(/\r?\n/).slice(-MOST_LINES).join('\n'));
