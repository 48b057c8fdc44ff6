import { groupBy } from '../../core/group-by.ts';
import { count } from '../../core/units.ts';
import { stageOrder } from '../../lotus/stage-durations.ts';
import { hostRanges } from '../text/host-ranges.ts';
import type { Paint } from '../text/paint.ts';
import { printable, wrap, wrapAround } from '../text/width.ts';
import { adviceAsOne, adviceForAll } from './advice-for-all.ts';
import { SYMBOLS } from './item-text.ts';
import { alikeIn, asOne, ownNumber } from './own-number.ts';
import { withoutMeasured, withoutOwn } from './own-words.ts';
import { paragraph } from './problem-text.ts';
import type { StatusDocument, StatusHostDocument, StatusProcess, StatusTrouble } from './status-document.ts';
import { hostLines } from './status-host-text.ts';

export interface StatusTextOptions {
  readonly paint: Paint;
  /** Columns. */
  readonly width: number;
  /** Every process of every host. */
  readonly full: boolean;
  /** A moment (`2026-11-22T10:30:00Z`) as short as it can be told: `11-22 10:30`. */
  readonly moment: (stamp: string) => string;
}

/** A status as lines: how much runs, what is wrong, then host by host what is alike once. */
export const statusLines = (document: StatusDocument, options: StatusTextOptions): string[] => {
  const { paint, width } = options;
  const trouble = [...troubleLines(document, options), ...uncomparedLines(document, options)];
  const says = saysLines(document, options);
  return [
    ...wrap(`${paint.strong(document.miner)}: ${summary(document)}`, width, 2),
    ...(trouble.length + says.length > 0 ? ['', ...trouble, ...says] : []),
    ...sections(document, options),
  ];
};

const summary = ({ counts }: StatusDocument): string => {
  const { hosts, unseen, pending, processes, running, bad, warn } = counts;
  return [
    count(hosts, 'host'),
    ...(pending > 0 ? [`${pending} not looked at yet`] : []),
    ...(unseen > 0 ? [`${unseen} could not be looked at`] : []),
    // Of hosts that nobody could look at no process is known.
    ...(processes === 0 && unseen + pending > 0
      ? []
      : [`${running} of ${count(processes, 'process', 'processes')} ${processes === 1 ? 'runs' : 'run'}`]),
    ...(bad + warn > 0 ? [count(bad + warn, 'trouble')] : pending > 0 ? [] : ['no trouble']),
  ].join(', ');
};

/** What could not be compared: whether a restart is owed for it is not known. */
const uncomparedLines = ({ hosts }: StatusDocument, { paint, width }: StatusTextOptions): string[] => {
  const names = hosts.flatMap(({ processes }) => processes.flatMap(({ uncompared }) => uncompared));
  if (names.length === 0) return [];
  const text = `not compared, since the secret in it is not known here: ${[...new Set(names)].join(', ')}`;
  return wrap(`${paint.careful('?')} ${text}`, width, 2);
};

/** Where the miner could not be asked, nothing is known of what is registered. */
const saysLines = ({ says, hosts }: StatusDocument, { paint, width }: StatusTextOptions): string[] => {
  const workers = hosts.some((host) => host.processes.some(({ miner }) => miner !== null));
  if (!workers) return [];
  const at = says.host === null ? '' : `${says.host}: `;
  const line = (what: string, why: string) =>
    wrap(`${paint.careful('?')} ${what}: ${at}${printable(why)}`, width, 2);
  return [
    ...(says.workers.state === 'unknown'
      ? line('it is not known which workers are registered', says.workers.why)
      : []),
    ...(says.jobs.state === 'unknown' && JSON.stringify(says.jobs) !== JSON.stringify(says.workers)
      ? line('it is not known which tasks they have', says.jobs.why)
      : []),
  ];
};

/** The signs of a plan. */
const signOf = ({ severity, kind }: StatusTrouble, paint: Paint): string => {
  if (kind === 'restart-owed') return paint.careful(SYMBOLS.restart.sign);
  return severity === 'bad' ? paint.bad(SYMBOLS.enforce.sign) : paint.careful(SYMBOLS.warn.sign);
};

interface HostTrouble extends StatusTrouble {
  readonly host: string;
  readonly address: string;
}

/** What is wrong, the worst first; what is alike once, with all of its processes and hosts. */
const troubleLines = ({ hosts }: StatusDocument, { paint, width, full }: StatusTextOptions): string[] => {
  const ofHosts = hosts.flatMap((host) => likeTroubles(host));
  const alike = [...groupBy(ofHosts, keyOf).values()];
  const sorted = [
    ...alike.filter(([first]) => first?.severity === 'bad'),
    ...alike.filter(([first]) => first?.severity === 'warn'),
  ];
  return sorted.flatMap((group) => {
    const [first] = group;
    if (!first) return [];
    const { severity, processes, message, why } = first;
    const names = group.map(({ host }) => host);
    const about = [hostRanges(names), ...(processes.length > 0 ? [hostRanges(processes)] : [])].join(': ');
    const own = new Set(group.map(saidBy)).size > 1 ? `, as ${first.host} says it` : '';
    const mark = signOf(first, paint);
    const next = full || severity === 'bad' ? adviceForAll(group) : undefined;
    return [
      ...wrap(`${mark} ${paint.strong(printable(about))}${own}: ${printable(message)}`, width, 2),
      ...(why === undefined ? [] : paragraph('    why: ', why, width)),
      ...(next === undefined ? [] : wrapAround(`    next: ${next.text}`, next.commands, width, 10)),
    ];
  });
};

const keyOf = (trouble: HostTrouble): string => {
  const { severity, kind, processes } = trouble;
  const said = saidBy(trouble);
  // Hosts that cannot be looked at name themselves, and how long it took.
  const alike = kind === 'unseen' ? withoutMeasured(withoutOwn(trouble)(said)) : said;
  return JSON.stringify([severity, kind, processes, alike]);
};

const saidBy = ({ message, why }: HostTrouble): string => JSON.stringify([message, why]);

/** The troubles of a host: processes that differ only by their number are one. */
const likeTroubles = ({ host, address, troubles }: StatusHostDocument): HostTrouble[] =>
  alikeIn(troubles, numbered).flatMap((ones): HostTrouble[] => {
    const [first] = ones;
    if (!first) return [];
    if (ones.length === 1) return [{ ...first, host, address }];
    const nexts = ones.map((one) => ({ ...numbered(one), text: one.next ?? '' }));
    return [
      {
        ...{ ...first, host, address },
        processes: ones.flatMap((one) => one.processes),
        message: asOne(ones.map(numbered)),
        ...(first.next !== undefined && { next: adviceAsOne(nexts) }),
      },
    ];
  });

/** What is about a host, or several processes of it, has no number of its own. */
const numbered = ({ processes, message }: StatusTrouble) => {
  const [only, second] = processes;
  return { text: message, number: second === undefined ? ownNumber(only ?? '') : '' };
};

/** The hosts by their roles: those that are alike as one line, or process by process. */
const sections = (document: StatusDocument, options: StatusTextOptions): string[] => {
  const { paint } = options;
  const seen = document.hosts.filter(({ state }) => state === 'seen');
  const single = document.hosts.length === 1;
  return [...groupBy(seen, ({ roles }) => roles.join(' + ')).entries()].flatMap(([roles, hosts]) => {
    const versions = versionsOf(hosts);
    const head = `${paint.strong(roles)}${versions === '' ? '' : `  ${paint.quiet(versions)}`}`;
    const body =
      options.full || single
        ? hosts.flatMap((host) => hostLines(host, options))
        : [...groupBy(hosts, shapeOf).values()].flatMap((alike) => alikeLines(alike, options));
    return ['', head, ...body];
  });
};

/** Versions that the processes of hosts run. */
const versionsOf = (hosts: readonly StatusHostDocument[]): string => {
  const all = hosts.flatMap(({ processes }) =>
    processes.flatMap(({ instances, program }) => (instances.length > 0 ? [program.running ?? '?'] : [])),
  );
  return [...new Set(all)].sort().join(', ').replace('?', 'version not known');
};

/** What makes hosts alike: how many processes run, and how many of them lack what. */
const shapeOf = ({ processes }: StatusHostDocument): string => JSON.stringify(shape(processes));

const shape = (processes: readonly StatusProcess[]) => {
  const some = (test: (process: StatusProcess) => boolean) => processes.filter(test).length;
  return {
    all: processes.length,
    running: some(({ instances }) => instances.length > 0),
    missing: some(({ miner, instances }) => miner?.state === 'missing' && instances.length > 0),
    lost: some(
      ({ miner, instances }) =>
        instances.length > 0 &&
        miner?.state === 'registered' &&
        miner.workers.every(({ disabled }) => disabled),
    ),
    restart: some(({ restart }) => restart.length > 0),
  };
};

const alikeLines = (hosts: readonly StatusHostDocument[], { paint, width }: StatusTextOptions): string[] => {
  const [first] = hosts;
  if (!first) return [];
  const { all, running, missing, lost, restart } = shape(first.processes);
  const runs =
    running < all
      ? paint.bad(`${running} of ${all} processes run`)
      : all === 2
        ? 'both processes run'
        : `all ${all} processes run`;
  const words = [
    all === 1 ? (running === 1 ? 'its process runs' : paint.bad('its process does not run')) : runs,
    ...(missing > 0 ? [paint.bad(`${missing} not registered`)] : []),
    ...(lost > 0 ? [paint.bad(`${lost} lost by the miner`)] : []),
    ...(restart > 0 ? [paint.careful(count(restart, 'restart owed', 'restarts owed'))] : []),
    ...tasksOf(hosts),
  ];
  const names = hostRanges(hosts.map(({ host }) => host));
  return wrap(`  ${count(hosts.length, 'host')}: ${words.join(', ')}: ${printable(names)}`, width, 2);
};

/** Tasks at work on hosts, by their kind: `PC1 × 40`. */
const tasksOf = (hosts: readonly StatusHostDocument[]): string[] => {
  const running = hosts
    .flatMap(({ processes }) => processes)
    .flatMap(({ miner }) => (miner?.state === 'registered' ? (miner.jobs ?? []) : []))
    .filter(({ state }) => state === 'running');
  if (running.length === 0) return [];
  const kinds = [...groupBy(running, ({ task }) => task).entries()].toSorted(
    ([a], [b]) => stageOrder(a) - stageOrder(b),
  );
  return [`at work: ${kinds.map(([task, jobs]) => `${task} × ${jobs.length}`).join(', ')}`];
};
