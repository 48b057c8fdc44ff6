import { words } from '../../core/shell.ts';
import { toldRows } from '../../core/told-rows.ts';
import { askGuard, guardLook } from '../../resources/guard/look.ts';
import { listOf } from '../../resources/init/storage.ts';
import type { Ask, Observation } from '../../resources/look.ts';
import { askText } from '../../resources/path/look.ts';
import { logOf } from '../../resources/process/log.ts';
import { REPOSITORIES } from '../../roles/miner-places.ts';
import { MOUNT_POINT } from '../../roles/p1-hugepages.ts';
import type { StatusHost } from '../status/host-status.ts';
import shell from './host-look.sh';

/** Files in a directory of huge pages that no process has mapped or open. */
export interface HeldPages {
  /** Below the mount: `3p1`; `.` is the mount itself, `?` a name that cannot be said. */
  readonly name: string;
  readonly files: number;
  /** Of the pages that they hold. */
  readonly kib: number;
}

/** Programs of lotus with the GPUs that they are bound to, and the locks of the GPU code. Users are numbers, 0 is root. */
export interface GpuUsers {
  /** Decimal bus ids (handbook 2.1.5.3, 2.3.4.3), by the variable of the program's environment that says so. */
  readonly bound: readonly { readonly pid: number; readonly name: string; readonly busId: string }[];
  readonly users: readonly { readonly pid: number; readonly user: number; readonly directory: string }[];
  readonly locks: readonly { readonly directory: string; readonly name: string; readonly user: number }[];
}

const HELD = 'huge pages that nobody uses';
const LOCKS = 'who uses GPUs';
const SAID = 'last words of daemons';
const SAID_BY_WORKERS = 'last words of workers';

/** Seconds that one log has. */
const LOG_DEADLINE = 2;

const script = (...call: readonly string[]): string => `${shell}\n${words(...call)}`;

/** What is looked at for a diagnosis, in the same look as all else. */
export const doctorAsks = ({ roles, processes }: StatusHost): readonly Ask[] => {
  const daemons = processes.filter(({ process }) => process.known.by !== 'argument');
  const workers = processes.filter(({ process }) => process.known.by === 'argument');
  const logs = (of: StatusHost['processes'], asked: (repository: string) => string) =>
    of.flatMap(({ process }) => {
      const log = logOf(process);
      return [process.name, asked(process.repository), log.type === 'file' ? log.path : log.unit];
    });
  return [
    ...(roles.includes('p1') ? [askGuard(HELD, script('fcops_held_pages', MOUNT_POINT))] : []),
    ...(processes.length > 0 ? [askGuard(LOCKS, script('fcops_gpu_users'))] : []),
    ...(daemons.length > 0
      ? [
          askGuard(
            SAID,
            // They are not known by their arguments: what they have said last is told in any case.
            script('fcops_last_words', `${LOG_DEADLINE}`, '3', ...logs(daemons, () => '')),
          ),
        ]
      : []),
    ...(workers.length > 0
      ? [
          askGuard(
            SAID_BY_WORKERS,
            script('fcops_last_words', `${LOG_DEADLINE}`, '1', ...logs(workers, (own) => own)),
          ),
        ]
      : []),
    ...(roles.includes('miner') ? [askText(listOf(REPOSITORIES.lotusMiner))] : []),
  ];
};

/** Rows of one of these; why there are none where it was not seen, or broke off. */
const rowsOf = (
  seen: Observation,
  name: string,
): readonly (readonly string[])[] | { readonly why: string } => {
  const guard = guardLook.seen(seen, name);
  if (guard === undefined) return { why: guardLook.unseen(seen, name).reason };
  const told = toldRows(guard.output);
  return told.ok ? told.value : { why: told.error };
};

const NUMBER = /^\d{1,15}$/;

/** Pages that nobody uses; why nobody knows. */
export const heldPages = (seen: Observation): readonly HeldPages[] | { readonly why: string } => {
  const rows = rowsOf(seen, HELD);
  if ('why' in rows) return rows;
  return rows.flatMap(([tag, name = '', files = '', kib = '']) =>
    tag === 'held' && NUMBER.test(files) && NUMBER.test(kib)
      ? [{ name, files: Number(files), kib: Number(kib) }]
      : [],
  );
};

/** Who uses GPUs; why nobody knows. */
export const gpuUsers = (seen: Observation): GpuUsers | { readonly why: string } => {
  const rows = rowsOf(seen, LOCKS);
  if ('why' in rows) return rows;
  return {
    bound: rows.flatMap(([tag, pid = '', name = '', busId = '']) =>
      tag === 'bound' && NUMBER.test(pid) && NUMBER.test(busId) ? [{ pid: Number(pid), name, busId }] : [],
    ),
    users: rows.flatMap(([tag, pid = '', user = '', directory = '']) =>
      tag === 'user' && NUMBER.test(pid) && NUMBER.test(user)
        ? [{ pid: Number(pid), user: Number(user), directory }]
        : [],
    ),
    locks: rows.flatMap(([tag, directory = '', name = '', user = '']) =>
      tag === 'lock' && NUMBER.test(user) ? [{ directory, name, user: Number(user) }] : [],
    ),
  };
};

/** The last lines of a process as they stand in its log; none where it runs (daemons: told in any case), or nobody knows. */
export const lastWords = (seen: Observation, process: string): readonly string[] =>
  [SAID, SAID_BY_WORKERS].flatMap((name) => {
    const rows = rowsOf(seen, name);
    // What was cut at its end has its first lines all the same.
    const known = 'why' in rows ? cutRows(seen, name) : rows;
    return known.flatMap(([tag, one, text = '']) => (tag === 'said' && one === process ? [text] : []));
  });

const cutRows = (seen: Observation, name: string): readonly (readonly string[])[] =>
  (guardLook.seen(seen, name)?.output ?? '')
    .split('\n')
    .slice(0, -1)
    .map((line) => line.split('\t'));
