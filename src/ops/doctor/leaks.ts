import type { Next } from '../../core/next.ts';
import { fcopsCommand, shellOnHost } from '../../core/next.ts';
import { words } from '../../core/shell.ts';
import { count, formatBytes, GiB, KiB } from '../../core/units.ts';
import { MOUNT_POINT } from '../../roles/p1-hugepages.ts';
import type { Diagnosis } from './finding.ts';
import { finding, NOTHING_FOUND, unknown } from './finding.ts';
import type { HeldPages } from './host-look.ts';

/** A P1 task of a host, as far as its huge pages go. */
export interface PagesOfTask {
  /** `P1-3` */
  readonly name: string;
  /** Its directory below the mount: `3p1`. */
  readonly directory: string;
  /** Pages of 1 GiB that it has to have at its start. */
  readonly pages: number;
  /** Null: it cannot be told. */
  readonly runs: boolean | null;
}

/** A directory of a P1 task that the layout may know or not: nothing else is ever named for removal. */
const OF_A_TASK = /^[1-9]\d{0,3}p1$/;

/**
 * Huge pages that dead tasks hold, and which starts fail for them: fcops empties the directory of a task before it is
 * started (handbook 2.2.6.4), and no other. `free`: free pages of 1 GiB; null: not known.
 */
export const leakDiagnosis = (
  host: string,
  held: readonly HeldPages[] | { readonly why: string },
  tasks: readonly PagesOfTask[],
  free: number | null,
): Diagnosis => {
  if ('why' in held)
    return {
      findings: [],
      unknowns: [unknown(host, 'it is not known whether dead tasks hold huge pages', held.why)],
    };
  // What a task has that runs, or that may, is its own.
  const alive = new Set(tasks.filter(({ runs }) => runs !== false).map(({ directory }) => directory));
  const dead = held.filter(({ name, kib }) => kib > 0 && !alive.has(name));
  if (dead.length === 0) return NOTHING_FOUND;
  const sum = dead.reduce((all, { kib }) => all + kib, 0) * KiB;
  const ofTasks = tasks.filter(({ directory }) => dead.some(({ name }) => name === directory));
  const known = new Set(ofTasks.map(({ directory }) => directory));
  const others = dead.filter(({ name }) => !known.has(name));
  const fails = failingStarts(tasks, dead, free);
  const severity = fails !== null && fails.length > 0 ? 'critical' : others.length > 0 ? 'warn' : 'note';
  return {
    findings: [
      finding(
        severity,
        'leak',
        host,
        `${formatBytes(sum)} of huge pages are held by files that no process uses`,
        {
          processes: ofTasks.map(({ name }) => name),
          evidence: [
            dead
              .map(
                ({ name, files, kib }) =>
                  `${pathOf(name)}: ${count(files, 'file')}, ${formatBytes(kib * KiB)}`,
              )
              .join('; '),
            ...(free === null ? [] : [`${count(free, 'page')} of 1 GiB are free`]),
          ],
          cost: costOf(fails, tasks),
          next: [...startOf(host, ofTasks), ...removalOf(others)],
        },
      ),
    ],
    unknowns: [],
  };
};

const pathOf = (name: string): string => (name === '.' ? MOUNT_POINT : `${MOUNT_POINT}/${name}`);

/** Tasks that do not run and would not start, one after the other; null: the free pages are not known. */
export const failingStarts = (
  tasks: readonly PagesOfTask[],
  held: readonly HeldPages[],
  free: number | null,
): readonly string[] | null => {
  if (free === null) return null;
  let left = free;
  return tasks.flatMap(({ name, directory, pages, runs }) => {
    if (runs !== false) return [];
    const own = held.find((one) => one.name === directory);
    left += Math.floor(((own?.kib ?? 0) * KiB) / GiB);
    if (left < pages) return [name];
    left -= pages;
    return [];
  });
};

const costOf = (fails: readonly string[] | null, tasks: readonly PagesOfTask[]): string | null => {
  if (fails === null) return 'it is not known which starts would fail for them';
  if (fails.length === 0)
    return tasks.some(({ runs }) => runs === false)
      ? 'a start by the script of one task alone fails for them; fcops and start_p1.sh empty the directory of a task before its start'
      : null;
  const [first] = fails;
  const pages = tasks.find(({ name }) => name === first)?.pages ?? 0;
  return `the start of ${fails.join(', ')} would fail: ${fails.length === 1 ? 'it takes' : 'each takes'} ${pages} pages`;
};

const startOf = (host: string, tasks: readonly PagesOfTask[]): readonly Next[] =>
  tasks.length === 0
    ? []
    : [
        fcopsCommand(
          ['start', 'p1', '--limit', host, '--process', tasks.map(({ name }) => name).join(',')],
          'empties their directories, and no other, and starts them',
        ),
      ];

const removalOf = (others: readonly HeldPages[]): readonly Next[] => {
  const ofTasks = others.filter(({ name }) => OF_A_TASK.test(name)).map(({ name }) => pathOf(name));
  const strange = others.filter(({ name }) => !OF_A_TASK.test(name) && name !== '?');
  return [
    ...(ofTasks.length > 0
      ? [
          shellOnHost(
            words('find', ...ofTasks, '-xdev', '-mindepth', '1', '-delete'),
            'no task of this layout has these directories; where nobody else uses them, on the host',
          ),
        ]
      : []),
    ...(strange.length > 0
      ? [
          shellOnHost(
            words('ls', '-la', ...strange.map(({ name }) => pathOf(name))),
            'of no P1 task: find out whose they are',
          ),
        ]
      : []),
  ];
};
