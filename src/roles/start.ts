import { quote } from '../core/shell.ts';
import { command } from '../resources/command.ts';
import type { Resource } from '../resources/resource.ts';
import type { RoleContext } from './role.ts';

interface Start {
  /** What is started: `APx`. */
  readonly name: string;
  /** Worker repository; its process is known by it. */
  readonly repository: string;
  /** A bash pattern of all repositories that count as running already, where that is not the one alone. */
  readonly running?: string;
  /** Bash that starts it, and comes back. */
  readonly run: string;
}

/**
 * Starts something that does not run, waits up to 10 s until it does, and looks again 2 s later: a worker that
 * finds its port taken or its miner gone has ended by then. The last lines of its log are in the failure.
 */
export const start = ({ render }: RoleContext, { name, repository, running, run }: Start): Resource => {
  const pids = render('partials/worker_pids.sh', {});
  const isRunning = (pattern: string) => `[[ -n $(worker_pids ${pattern}) ]]`;
  return command({
    name: `start ${name}`,
    guard: `${pids}\n${isRunning(quote(running ?? repository))}`,
    run: [
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
};
