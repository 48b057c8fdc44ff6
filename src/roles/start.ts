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
 * Starts something that does not run, and waits until it does, 10 s at the most: long enough for a process
 * that cannot start to be gone again. Its log's last lines are in the failure.
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
      `if ! ${isRunning(quote(repository))}; then`,
      `  tail -n 5 ${quote(`${repository}/log.txt`)} >&2 || true`,
      `  echo ${quote(`${name} does not run`)} >&2`,
      '  exit 1',
      'fi',
    ].join('\n'),
  });
};
