import { toldRows } from '../../core/told-rows.ts';
import workersShell from '../process/workers.sh';
import shell from './others.sh';

/** What the question is called. */
export const WORKING = 'what is at work on the machine';

/** Bash that tells which workers and lotus-miner processes are at work on a host, whoever has started them. */
export const workingShell = `${workersShell}\n${shell}\nfcops_working\n`;

/** What of the processes of a host is known: repositories of its workers, and numbers of all that were seen of it. */
interface Own {
  readonly repositories: ReadonlySet<string>;
  readonly pids: ReadonlySet<string>;
}

/**
 * What is at work on a host besides its own, in words (`the worker of /opt/worker-9c2, process 2662`), from what
 * `workingShell` has printed; null where it has not told all of it.
 */
export const othersIn = (output: string, { repositories, pids }: Own): readonly string[] | null => {
  const told = toldRows(output);
  if (!told.ok) return null;
  const rows = told.value.slice(0, -1);
  // An error of the shell is among them where something could not be looked at.
  if (!rows.every(([kind]) => kind === 'worker' || kind === 'miner')) return null;
  return rows.flatMap(([kind, pid = '', of = '']) => {
    if (pids.has(pid) || (kind === 'worker' && repositories.has(of))) return [];
    return [`${kind === 'worker' ? `the worker of ${of}` : `a ${of}`}, process ${pid}`];
  });
};
