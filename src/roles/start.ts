import { quote } from '../core/shell.ts';
import { command } from '../resources/command.ts';
import type { Diff, Resource } from '../resources/resource.ts';
import type { RoleContext } from './role.ts';
import { OPEN_FILES } from './session-limits.ts';

interface Start {
  /** What is started: `APx`. */
  readonly name: string;
  /** Worker repository; its process is known by it. */
  readonly repository: string;
  /** A bash pattern of all repositories that count as running already, where that is not the one alone. */
  readonly running?: string;
  /** How many processes there are of it, where that is more than one. */
  readonly processes?: number;
  /** Bash that starts it, and comes back. */
  readonly run: string;
}

/**
 * The session that brings the steps may be older than the limits which this run has set: a worker gets those of
 * /etc/security/limits.d as far as the kernel allows; in a container what its own limits allow.
 */
const LIMITS = `\
limit() {
  if ulimit "$1" "$2" 2>/dev/null; then return 0; fi
  ulimit -S "$1" "$(ulimit -H "$1")" || true
  echo "the limit $1 of what is started is $(ulimit "$1"): this host does not allow $2" >&2
}
read -r most </proc/sys/fs/nr_open
limit -n "$((most < ${OPEN_FILES} ? most : ${OPEN_FILES}))"
limit -u unlimited`;

/**
 * Starts something that does not run, waits up to 10 s until it does, and looks again 2 s later: a worker that
 * finds its port taken or its miner gone has ended by then. The last lines of its log are in the failure.
 * Where only some of its processes run it is left alone, with a warning.
 */
export const start = (context: RoleContext, spec: Start): Resource => {
  const { name, repository, running, processes = 1, run } = spec;
  const pids = context.render('partials/worker_pids.sh', {});
  const isRunning = (pattern: string) => `[[ -n $(worker_pids ${pattern}) ]]`;
  const id = `start ${name}`;
  const started = command({
    name: id,
    guard: `${pids}
mapfile -t pids < <(worker_pids ${quote(running ?? repository)})
echo "\${#pids[@]} of ${processes} run"
[[ \${#pids[@]} -gt 0 ]]`,
    run: [
      LIMITS,
      pids.trimEnd(),
      run,
      'for _ in {1..20}; do',
      `  if ${isRunning(quote(repository))}; then break; fi`,
      '  sleep 0.5',
      'done',
      'sleep 2',
      `if ! ${isRunning(quote(repository))}; then`,
      `  tail -n 5 ${quote(`${repository}/log.txt`)} >&2 || true`,
      `  echo ${quote(`${name} does not run`)} >&2`,
      '  exit 1',
      'fi',
    ].join('\n'),
  });
  return {
    ...started,
    diff: (seen, pending) => {
      const diff = started.diff(seen, pending);
      const count = Number.parseInt(seen.guards.get(id)?.output ?? '', 10);
      return diff.state === 'same' && count < processes ? partly(spec, count, processes) : diff;
    },
  };
};

/** To start the others means to stop those that run, and hours of their work: that is for an operator to decide. */
const partly = ({ name, run }: Start, count: number, processes: number): Diff => ({
  state: 'violated',
  violation: {
    message: `${count} of ${processes} ${name} tasks run`,
    next: `if no more of them are coming up: ${run}   (stops those that run, and starts all)`,
    severity: 'warn',
  },
});
