import { groupBy } from '../../core/group-by.ts';
import { momentOf } from '../../core/moment.ts';
import type { HostResult } from '../../engine/events.ts';
import { hostRanges } from '../text/host-ranges.ts';
import type { Numbered } from './own-number.ts';
import { alikeIn, asOne, ownNumber } from './own-number.ts';
import type { DocumentItem } from './plan-document.ts';
import type { RestartGroup } from './shown-items.ts';

/** Since when something runs, and so how much work of it a restart may end. */
export const runsSince = (
  {
    since,
    several = false,
    pid,
  }: { readonly since: number; readonly several?: boolean; readonly pid?: number },
  words: (stamp: string) => string,
): string => {
  const moment = momentOf(since);
  const when = moment === null ? 'a time that its host does not tell' : words(moment);
  const number = pid === undefined || pid === 0 ? '' : `, process ${pid}`;
  return `${several ? 'the oldest runs' : 'runs'} since ${when}${number}`;
};

type Restart = Extract<DocumentItem, { state: 'restart' }>;

interface Reasoned {
  readonly process: string;
  readonly reasons: readonly string[];
}

/** Reasons of a process, with its own number: each start script is another, and yet the same reason. */
const reasonsOf = ({ process, reasons }: Reasoned): Numbered => ({
  text: JSON.stringify(reasons),
  number: ownNumber(process),
});

/** The reasons of processes that lack the same, in the words of the first; their own numbers as a range. */
const reasonsOfAll = (processes: readonly Reasoned[]): string[] =>
  (processes[0]?.reasons ?? []).map((_, index) =>
    asOne(processes.map((one) => ({ ...reasonsOf(one), text: one.reasons[index] ?? '' }))),
  );

/** The processes of a host that lack the same, as one item each. */
export const groupRestarts = (items: readonly Restart[]): RestartGroup[] => {
  const groups = [...groupBy(items, ({ task }) => task).values()].flatMap((ones) => alikeIn(ones, reasonsOf));
  return groups.flatMap((group) => {
    const [first] = group;
    if (!first) return [];
    const { task, kind, resource } = first;
    const processes = group.map(({ process, pid, since }) => ({ process, pid, since }));
    const title = hostRanges(processes.map(({ process }) => process));
    const reasons = reasonsOfAll(group);
    return [{ state: 'restarts', task, kind, resource, title, reasons, processes }];
  });
};

/** Processes that lack the same, with the hosts that have the same of them. */
export interface OldProcesses {
  readonly hosts: readonly string[];
  readonly processes: readonly string[];
  readonly reasons: readonly string[];
  /** Seconds since 1970, of the oldest. */
  readonly since: number;
}

/** What runs with something older than what is there, folded by host, reasons and processes. */
export const oldProcesses = (results: readonly HostResult[]): OldProcesses[] => {
  const ofHosts = results.flatMap(({ host, restart }) => {
    return alikeIn(restart, reasonsOf).map((ones) => ({
      host,
      processes: ones.map(({ process }) => process),
      reasons: reasonsOfAll(ones),
      since: Math.min(...ones.map(({ since }) => since)),
    }));
  });
  const alike = new Map<string, OldProcesses>();
  for (const { host, processes, reasons, since } of ofHosts) {
    const key = JSON.stringify([processes, reasons]);
    const before = alike.get(key);
    alike.set(key, {
      hosts: [...(before?.hosts ?? []), host],
      processes,
      reasons,
      since: Math.min(since, before?.since ?? since),
    });
  }
  return [...alike.values()];
};
