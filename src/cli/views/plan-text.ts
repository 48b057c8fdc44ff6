import { groupBy } from '../../core/group-by.ts';
import { count } from '../../core/units.ts';
import { unseenProblems } from '../../ops/obstacles.ts';
import { addressesIn } from '../text/addresses.ts';
import { hostRanges } from '../text/host-ranges.ts';
import type { Paint } from '../text/paint.ts';
import { painter } from '../text/paint.ts';
import { flow, wrap } from '../text/width.ts';
import type { Failure } from './failures.ts';
import { failureLines, trustAdvice, typedLines } from './failures.ts';
import { idleText, itemLines, SYMBOLS, symbolOf } from './item-text.ts';
import type { DocumentHost, DocumentItem, PlanDocument } from './plan-document.ts';
import type { Fold } from './plan-fold.ts';
import { foldPlan } from './plan-fold.ts';
import { isObstacle, shownHost } from './shown-host.ts';

export interface PlanTextOptions {
  readonly colour: boolean;
  /** Columns of the terminal; infinite where there is none. */
  readonly width: number;
  /** New files and long diffs as a whole, and what would change on blocked hosts. */
  readonly full: boolean;
  /** The command that shows and records the keys of hosts. */
  readonly trustCommand: (hosts: readonly string[]) => string;
  /** The command that starts the processes of hosts which do not run. */
  readonly startCommand: (hosts: readonly string[]) => string;
  /** Since when, from a moment such as `2026-11-22T10:30:00Z`. */
  readonly since: (stamp: string) => string;
}

/** A plan as people read it: what changes where, each difference once, the counts at the end. */
export const planText = (plan: PlanDocument, options: PlanTextOptions): string => {
  const paint = painter(options.colour);
  const { full } = options;
  const folds = foldPlan(
    plan.hosts.map((host) => shownHost(host, full)),
    { numbers: full },
  );
  const failures = plan.hosts.flatMap((host) => failureOf(host, full));
  return [
    ...legend(folds, options.width, paint),
    ...folds.flatMap((fold) => foldLines(fold, options, paint)),
    ...sameHosts(plan.hosts, options.width, paint),
    ...endedWithEmpty(failureLines(failures, { width: options.width, paint }).slice(1)),
    ...endedWithEmpty(nextLines(plan, failures, options, paint)),
    ...countLines(plan, options.width, paint),
    ...startLines(plan, options.width, paint),
    '',
  ].join('\n');
};

const endedWithEmpty = (lines: readonly string[]): readonly string[] =>
  lines.length === 0 ? lines : [...lines, ''];

/** Why a host would not be touched. */
const failureOf = ({ host, state, items, problems, ...about }: DocumentHost, full: boolean): Failure[] => {
  if (state !== 'blocked' && state !== 'unreachable') return [];
  const checks = items.flatMap((item): Failure['problems'] => {
    if (item.state !== 'violated' || !isObstacle(item)) return [];
    const where = { host, task: item.task };
    return [
      {
        kind: 'check',
        what: item.message,
        where,
        ...(item.next && { next: item.next }),
        ...(item.commands && { commands: item.commands }),
      },
    ];
  });
  const unseen = items.flatMap((item) => (item.state === 'unknown' ? [item] : []));
  const obstacles = [
    ...checks,
    ...unseenProblems(host, unseen).map(({ kind, what, where, why = '' }) => ({
      kind,
      what,
      where: where ?? {},
      why,
    })),
  ];
  const waiting = full ? 0 : items.filter((item) => item.state === 'change').length;
  return [{ host, ...addressesIn(about), state, problems: [...problems, ...obstacles], waiting }];
};

export const legend = (folds: readonly Fold[], width: number, paint: Paint): string[] => {
  const used = new Set(folds.flatMap(({ items }) => items.map(({ item }) => symbolOf(item))));
  if (used.size === 0) return [];
  const signs = Object.values<ReturnType<typeof symbolOf>>(SYMBOLS).filter((symbol) => used.has(symbol));
  const entries = signs.map((symbol) => `${paint[symbol.paint](symbol.sign)} ${symbol.word}`);
  return [...flow(entries, '   ', width), ''];
};

export const foldLines = (
  fold: Fold,
  options: Pick<PlanTextOptions, 'width' | 'full' | 'since'>,
  paint: Paint,
): string[] => {
  const names = hostRanges(fold.hosts);
  const heading = fold.hosts.length === 1 ? names : `${names} (${count(fold.hosts.length, 'host')})`;
  const [first = ''] = fold.hosts;
  const mark = `  [${first}] marks what the others have with their own name and address`;
  const lines = [
    ...wrap(heading, options.width, 2).map(paint.strong),
    ...(fold.items.some(({ varies }) => varies) ? wrap(mark, options.width, 2).map(paint.quiet) : []),
  ];
  let task = '';
  for (const { item, varies } of fold.items) {
    if (item.task !== task) {
      task = item.task;
      lines.push(`  ${task}`);
    }
    const note = varies ? paint.quiet(`  [${first}]`) : '';
    const { full, since } = options;
    const shown = itemLines(item, { width: options.width - 4, full, note, paint, since });
    lines.push(...shown.map((line) => `    ${line}`));
  }
  return [...lines, ''];
};

const sameHosts = (hosts: readonly DocumentHost[], width: number, paint: Paint): string[] => {
  const same = hosts.filter(({ state }) => state === 'same');
  if (same.length === 0) return [];
  const alike = groupBy(same, ({ items }) => idleIn(items));
  return [
    ...[...alike].flatMap(([idle, ones]) => {
      const names = paint.strong(hostRanges(ones.map(({ host }) => host)));
      const note = idle === 0 ? '' : `; ${paint.careful(idleText(idle, ones.length))}`;
      return wrap(`${names}  ${paint.good('nothing to change')}${note}`, width, 2);
    }),
    '',
  ];
};

/** How many processes a host has of which none runs. */
const idleIn = (items: readonly DocumentItem[]): number =>
  items.reduce((sum, item) => sum + (item.state === 'idle' ? item.processes.length : 0), 0);

const nextLines = (
  { hosts }: PlanDocument,
  failures: readonly Failure[],
  { width, full, trustCommand, startCommand }: PlanTextOptions,
  paint: Paint,
): string[] => {
  const idle = hosts.filter(({ state, items }) => state === 'same' && idleIn(items) > 0);
  const restarts = hosts.some(({ items }) => items.some(({ state }) => state === 'restart'));
  const advice = [
    ...trustAdvice(failures, trustCommand).flatMap((one) => typedLines(one, width)),
    ...(idle.length > 0
      ? typedLines(
          { says: 'to start what does not run', command: startCommand(idle.map(({ host }) => host)) },
          width,
        )
      : []),
    ...(restarts && !full
      ? wrap(
          '  --full shows the number of each process that owes a restart, and since when it runs',
          width,
          2,
        )
      : []),
  ];
  return advice.length === 0 ? [] : [paint.strong('Next'), ...advice];
};

const countLines = (plan: PlanDocument, width: number, paint: Paint): string[] =>
  wrap(`${paint.strong('Plan:')} ${planCounts(plan, paint).join('; ')}`, width, 6);

/** What a plan comes to, each in some words: `3 hosts: 2 to create`, `1 host unchanged`. */
export const planCounts = ({ counts }: Pick<PlanDocument, 'counts'>, paint = painter(false)): string[] => {
  return [
    ...(counts.changing > 0 ? [`${count(counts.changing, 'host')}: ${actionCounts(counts)}`] : []),
    ...(counts.same === counts.hosts ? [`nothing to change on ${count(counts.hosts, 'host')}`] : []),
    ...(counts.same > 0 && counts.same < counts.hosts ? [`${count(counts.same, 'host')} unchanged`] : []),
    ...(counts.blocked > 0 ? [paint.bad(`${count(counts.blocked, 'host')} blocked`)] : []),
    ...(counts.unreachable > 0 ? [paint.bad(`${count(counts.unreachable, 'host')} unreachable`)] : []),
    ...(counts.warnings > 0 ? [paint.careful(count(counts.warnings, 'warning'))] : []),
    ...(counts.waiting > 0 ? [paint.careful(`${count(counts.waiting, 'host')} not ready for a start`)] : []),
    ...(counts.reboot > 0 ? [paint.careful(`${count(counts.reboot, 'host')} to reboot`)] : []),
    ...(counts.restart > 0
      ? [paint.careful(`${count(counts.restart, 'process', 'processes')} to restart`)]
      : []),
  ];
};

/** One alone needs no telling. */
const startLines = ({ starts }: PlanDocument, width: number, paint: Paint): string[] => {
  if (!starts || starts.processes < 2) return [];
  const { processes, hosts, perMinute, seconds } = starts;
  const what = `${count(processes, 'process', 'processes')} on ${count(hosts, 'host')}`;
  return wrap(
    `${paint.strong('Starts:')} ${what}, at most ${perMinute} a minute: about ${roughly(seconds)}`,
    width,
    8,
  );
};

/** `45 s`, `28 min`, `1 h 20 min`: no more is known. */
const roughly = (seconds: number): string => {
  if (seconds < 60) return `${Math.max(1, Math.round(seconds))} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
};

type ActionCounts = Pick<PlanDocument['counts'], 'create' | 'update' | 'remove' | 'run'>;

/** `34 to create, 2 to run`: what there is none of is left out. */
export const actionCounts = (counts: ActionCounts): string =>
  (['create', 'update', 'remove', 'run'] as const)
    .flatMap((action) => (counts[action] > 0 ? [`${counts[action]} to ${action}`] : []))
    .join(', ');

/** Above the question: what would be done on which hosts, where they differ in it. */
export const changeCounts = ({ hosts }: PlanDocument, width: number): string[] => {
  const alike = new Map<string, string[]>();
  for (const { host, state, items } of hosts) {
    if (state !== 'changes') continue;
    const number = (action: string) =>
      items.filter((item) => item.state === 'change' && item.action === action).length;
    const text = actionCounts({
      create: number('create'),
      update: number('update'),
      remove: number('remove'),
      run: number('run'),
    });
    alike.set(text, [...(alike.get(text) ?? []), host]);
  }
  return [...alike].flatMap(([text, names]) =>
    wrap(`  ${hostRanges(names)}: ${text}${names.length > 1 ? ' each' : ''}`, width, 2),
  );
};
