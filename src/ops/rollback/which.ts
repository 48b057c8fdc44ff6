import { edit, fcopsCommand } from '../../core/next.ts';
import { FcopsError } from '../../core/problem.ts';
import type { PastRun } from '../../engine/runs/history.ts';
import { plansOf } from '../../engine/runs/history.ts';
import type { RunRecord } from '../../engine/runs/record.ts';
import { historyOf, runNamed } from '../resume.ts';

/** A run that can be undone, with those that belong to it. */
export interface Undoable {
  readonly run: PastRun;
  /** It, what it took up, and what took it up: all of them are undone together. Oldest first. */
  readonly chain: readonly PastRun[];
  /** The newest run before it that changed something, which would be the next to undo; null: there is none. */
  readonly before: string | null;
}

/** Whether an operation replaces anything on hosts. */
const REPLACES: Readonly<Record<RunRecord['operation'], boolean>> = {
  deploy: true,
  upgrade: true,
  rollback: true,
  start: false,
  stop: false,
  restart: false,
  reboot: false,
};

/**
 * The run of that name, or of a part of it; where none is named the last one that changed something, rollbacks left
 * out. Throws where there is none, where it goes on, and where it is one that replaces nothing.
 */
export const runToUndo = (directory: string, name: string | undefined): Undoable => {
  const { runs, problems } = historyOf(directory);
  const isMeant = (run: PastRun) => isChange(run) && hasChanged(directory, run);
  const run = name === undefined || name === 'last' ? runs.find(isMeant) : runNamed(directory, name);
  if (!run)
    throw new FcopsError([
      {
        kind: 'usage',
        what: 'no run of this machine has changed anything: there is nothing to roll back',
        where: { file: directory },
        next: [fcopsCommand(['runs'], 'see which there are')],
      },
      ...problems,
    ]);
  const chain = chainOf(runs, run);
  checkUndoable(run, chain);
  const [oldest = run] = chain;
  const older = runs.filter(({ record }) => record.run < oldest.record.run);
  return { run, chain, before: older.find(isMeant)?.record.run ?? null };
};

const checkUndoable = (run: PastRun, chain: readonly PastRun[]): void => {
  const { operation, run: name } = run.record;
  if (!REPLACES[operation])
    throw new FcopsError({
      kind: 'usage',
      what: `${name} was a ${operation}: it replaced nothing, so there is nothing to put back`,
      next: [fcopsCommand(['runs'], 'see which runs there are')],
    });
  const alive = chain.find((one) => one.alive && one.result === null);
  if (alive)
    throw new FcopsError({
      kind: 'usage',
      what: `${alive.record.run} goes on, in process ${alive.record.process.pid} of this machine`,
      next: [edit('wait for it to end')],
    });
};

const isChange = ({ record }: PastRun): boolean =>
  record.operation !== 'rollback' && REPLACES[record.operation];

/** Of one that broke off it is not known; what was never agreed to has changed nothing. */
const hasChanged = (directory: string, { record, result }: PastRun): boolean =>
  result === null
    ? plansOf(directory, record.run).size > 0
    : result.results.some(({ changed }) => changed > 0);

/** A run with those that it took up and that took it up, oldest first. */
const chainOf = (runs: readonly PastRun[], run: PastRun): PastRun[] => {
  const named = new Map(runs.map((one) => [one.record.run, one]));
  const chain = [run];
  for (let older = named.get(run.record.resumes ?? ''); older; older = named.get(older.record.resumes ?? ''))
    chain.unshift(older);
  const latest = (one: PastRun) => named.get(named.get(one.record.run)?.resumedBy ?? '');
  for (let newer = latest(run); newer; newer = latest(newer)) chain.push(newer);
  return chain;
};

/** Whether runs have changed a host: null where nobody here can tell. */
export const haveChanged = (chain: readonly PastRun[], host: string): boolean | null => {
  const known = chain.map(({ record, result }) => {
    if (!record.hosts.includes(host)) return false;
    const own = result?.results.find((one) => one.host === host);
    if (!own) return result === null ? null : false;
    if (own.changed > 0) return true;
    // A step that failed may have come half-way.
    return own.state === 'failed' || own.state === 'unreachable' ? null : false;
  });
  if (known.includes(true)) return true;
  return known.includes(null) ? null : false;
};

/** All hosts that they were about. */
export const hostsOf = (chain: readonly PastRun[]): readonly string[] => [
  ...new Set(chain.flatMap(({ record }) => record.hosts)),
];
