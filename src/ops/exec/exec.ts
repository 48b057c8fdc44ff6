import { maskOutput } from '../../core/others-secrets.ts';
import type { Problem } from '../../core/problem.ts';
import { atHost, FcopsError } from '../../core/problem.ts';
import { redactor } from '../../core/secret.ts';
import { quote, withoutComments, words } from '../../core/shell.ts';
import { KiB } from '../../core/units.ts';
import { inParallel } from '../../engine/parallel.ts';
import type { Host } from '../../inventory/cluster.ts';
import { isDeployable } from '../../roles/roles.ts';
import { SHELL_ENVIRONMENTS } from '../../roles/shell-environment.ts';
import type { Exit, Target } from '../../transport/connection.ts';
import type { OpsDeps } from '../deps.ts';
import { profileSecrets } from '../host-secrets.ts';
import { interruptible } from '../interruptible.ts';
import secretsShell from '../profile-secrets.sh';
import type { RoleHosts } from '../role-work.ts';
import { roleOf } from '../role-work.ts';
import { sessionOf } from '../session-of.ts';
import type { CutText } from '../shown-part.ts';
import { BEYOND, cutText, shownPart } from '../shown-part.ts';
import type { Outcome } from './outcome.ts';
import { outcomeOf } from './outcome.ts';
import { OutputReader } from './output.ts';
import runShell from './run.sh';

/** Bytes of standard output that are kept of a host. */
export const OUTPUT_LIMIT = 256 * KiB;
/** Bytes of standard error; less than what a transport keeps of it. */
export const ERRORS_LIMIT = 32 * KiB;
/** Seconds after its time in which the host kills it, and says so. */
const GRACE = 15;
/** Milliseconds for what it has left running in the background to let go of its outputs. */
const LINGER = 500;

export interface ExecRequest {
  /** A line for bash: see `lineOf`. */
  readonly line: string;
  /** Seconds that it may take. */
  readonly seconds: number;
}

/** What came of a line on a host. */
export interface HostExec {
  readonly host: string;
  /** File whose variables it had. */
  readonly profile: string | null;
  /** Whether that was there; null: nobody knows. */
  readonly loaded: boolean | null;
  readonly outcome: Outcome;
  /** As it may be shown. */
  readonly stdout: CutText;
  readonly stderr: CutText;
}

/** One word is a line of bash; of several each is itself, whatever is in it: `echo "a  b"` stays what it was. */
export const lineOf = ([first = '', ...others]: readonly string[]): string =>
  others.length === 0 ? first : words(first, ...others);

/** Runs a line on every host, with the variables of its role. A host's trouble is its own outcome. */
export const execOnHosts = (
  hosts: RoleHosts,
  request: ExecRequest,
  targetOf: (host: Host) => Target,
  given: OpsDeps,
): Promise<HostExec[]> => {
  const deps = interruptible(given);
  const { emit, widths } = deps;
  emit({ type: 'run-begin', run: '', hosts: hosts.hosts.map(({ name }) => name), stages: ['run'] });
  return inParallel(hosts.hosts, widths.look, async (host) => {
    emit({ type: 'phase', host: host.name, phase: 'connect' });
    const result = await execOn(host, hosts, request, targetOf, deps);
    emit({ type: 'phase', host: host.name, phase: 'done' });
    return result;
  });
};

const NOTHING: CutText = { text: '', cut: false };

const execOn = async (
  host: Host,
  hosts: RoleHosts,
  request: ExecRequest,
  targetOf: (host: Host) => Target,
  deps: OpsDeps,
): Promise<HostExec> => {
  const { name } = host;
  const role = host.roles.some(isDeployable) ? roleOf(hosts, host) : null;
  const environment = role && SHELL_ENVIRONMENTS[role];
  const about = { host: name, profile: environment?.profile ?? null };
  const notRun = (problems: readonly Problem[]): HostExec => ({
    ...about,
    loaded: null,
    outcome: deps.signal.aborted
      ? { type: 'interrupted', begun: false }
      : { type: 'not run', problems: atHost(problems, name) },
    stdout: NOTHING,
    stderr: NOTHING,
  });
  if (deps.signal.aborted) return notRun([]);
  const session = sessionOf(targetOf(host), hosts, deps);
  try {
    await session.open();
    deps.emit({ type: 'phase', host: name, phase: 'run' });
    const mark = markOf(deps.random);
    const script = execScript(request, mark, environment);
    const { stdout, exit } = await session.stream(script);
    const reader = new OutputReader(mark, OUTPUT_LIMIT + BEYOND);
    let late = false;
    const timers = [
      deps.after((request.seconds + GRACE) * 1000, () => {
        late = true;
        void session.close();
      }),
    ];
    for await (const chunk of stdout) {
      reader.push(chunk);
      // What it has left running in the background may hold its outputs for ever.
      if (reader.frame('over') && timers.length === 1)
        timers.push(deps.after(LINGER, () => void session.close()));
    }
    const ended = await exit;
    for (const cancel of timers) cancel();
    const frame = (word: string) => reader.frame(word);
    const state = frame('began')?.rest;
    const secrets = profileSecrets(frame('env')?.rest ?? '');
    // Whatever shows them later, of whichever host.
    deps.hide(secrets);
    const masked = shownBy(hosts.redact, secrets);
    const interrupted = deps.signal.aborted;
    return {
      ...about,
      loaded: state === undefined ? null : state === 'loaded',
      outcome: outcomeOf({ host: name, frame, exit: ended, seconds: request.seconds, late, interrupted }),
      stdout: shownPart(reader.output(), masked, OUTPUT_LIMIT),
      stderr: shownPart(errorsIn(ended, mark), masked, ERRORS_LIMIT),
    };
  } catch (error) {
    return notRun(error instanceof FcopsError ? error.problems : [deps.defect(error, name)]);
  } finally {
    await session.close();
  }
};

/** Without secrets of ours, of the host's profile, and without what says that it is one of others. */
const shownBy = (
  redact: (text: string) => string,
  secrets: readonly string[],
): ((text: string) => string) => {
  const ofProfile = redactor(secrets);
  return (text) => maskOutput(ofProfile(redact(text)));
};

/** What stands behind the mark; before it login shells have spoken. */
const errorsIn = ({ stderr }: Exit, mark: string): CutText => {
  const at = stderr.indexOf(`${mark}\n`);
  return cutText(Buffer.from(at < 0 ? '' : stderr.slice(at + mark.length + 1)), ERRORS_LIMIT + BEYOND);
};

/** A word that no output has by chance. */
const markOf = (random: () => number): string => {
  const part = () =>
    Math.floor(random() * 2 ** 32)
      .toString(16)
      .padStart(8, '0');
  return `--fcops-exec-${part()}${part()}${part()}:`;
};

const execScript = (
  { line, seconds }: ExecRequest,
  mark: string,
  environment: { readonly profile: string; readonly programs: string } | null,
): string =>
  [
    `FCOPS_MARK=${quote(mark)}`,
    `FCOPS_LINE=${quote(line)}`,
    `FCOPS_SECONDS=${seconds}`,
    `FCOPS_PROFILE=${quote(environment?.profile ?? '')}`,
    `FCOPS_PROGRAMS=${quote(environment?.programs ?? '')}`,
    // One more, so that what is cut shows.
    `FCOPS_OUTPUT=${OUTPUT_LIMIT + BEYOND + 1}`,
    `FCOPS_ERRORS=${ERRORS_LIMIT + BEYOND + 1}`,
    withoutComments(secretsShell),
    withoutComments(runShell),
  ].join('\n');
